import * as Schema from "effect/Schema"
import { Timestamp } from "../kernel/index.ts"
import { ConnectionId } from "../party/index.ts"
import { Collection } from "../store/index.ts"
import { ExternalId, OrderId } from "./Order.ts"

export const ExternalOrderId = Schema.String.check(
  Schema.isPattern(/^[0-9a-f-]{36}\/[!-~]{1,128}$/u),
).pipe(Schema.brand("ExternalOrderId"))
export type ExternalOrderId = typeof ExternalOrderId.Type

/** The connection's id has a fixed length, so no two pairs collide. */
export const externalOrderIdOf = (
  connection: ConnectionId,
  externalId: ExternalId,
): ExternalOrderId => `${connection}/${externalId}` as ExternalOrderId

/**
 * What is known of one order of a channel: the one record on which its import and its cancellation race, so that
 * both ways round end the same (O4). Without an order it remembers a cancellation that came first.
 */
export const ExternalOrder = Schema.Struct({
  id: ExternalOrderId,
  connection: ConnectionId,
  externalId: ExternalId,
  order: Schema.optionalKey(OrderId),
  /** The channel cancelled it as a whole. That is final, whichever version said so. */
  cancelled: Schema.Boolean,
  firstSeenAt: Timestamp,
})
export type ExternalOrder = typeof ExternalOrder.Type

export const ExternalOrders = Collection.make("external_orders", {
  schema: ExternalOrder,
  key: (external) => external.id,
  indexes: {},
})
