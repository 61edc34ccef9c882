import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { stockCommand } from "../inventory/index.ts"
import { ConnectionId } from "../party/index.ts"
import { check, insert, replace, Store } from "../store/index.ts"
import { cancelFamily } from "./cancelFamily.ts"
import { type ExternalOrder, ExternalOrders, externalOrderIdOf } from "./ExternalOrder.ts"
import { loadConnection } from "./loadConnection.ts"
import { ExternalId, OrderId, OrderState } from "./Order.ts"
import { LineId } from "./OrderLine.ts"

/** What a channel's cancellation did. */
export const CancelImportedAnswer = Schema.Struct({
  /** `remembered`: the order has not come in yet, and will be cancelled at once when it does. */
  outcome: Schema.Literals(["cancelled", "remembered", "unchanged"]),
  order: Schema.optionalKey(OrderId),
  state: Schema.optionalKey(OrderState),
  /** Lines of which units have been shipped: those were not cancelled. */
  shipped: Schema.Array(LineId),
  /** Lines that did not fit into one batch: send the command again under a new key. */
  linesLeft: Schema.Int,
})
export type CancelImportedAnswer = typeof CancelImportedAnswer.Type

/**
 * Cancels an order because its channel did, by the channel's id for it. It may come before the order, after it, or at
 * the same time: the end is the same (O4). A channel's cancellation is final. Units that are shipped stay shipped.
 *
 * Fails with `NotFound` for an unknown connection and with `ChannelDisconnected`.
 *
 * @param input.connection the channel that says so
 * @param input.externalId the order as the channel calls it
 */
export const cancelImportedOrder = stockCommand({
  action: "cancelImportedOrder",
  standings: ["active", "on_stop", "suspended", "closing"],
  input: Schema.Struct({ connection: ConnectionId, externalId: ExternalId }),
  answer: CancelImportedAnswer,
  decide: Effect.fnUntraced(function* ({ connection, externalId }, { at }) {
    const channel = yield* loadConnection(connection)
    const id = externalOrderIdOf(connection, externalId)
    const external = Option.getOrUndefined(yield* (yield* Store).get(ExternalOrders, id))
    const about = { kind: "external_order", id }
    if (external?.value.order === undefined) {
      const tombstone: ExternalOrder = {
        id,
        connection,
        externalId,
        cancelled: true,
        firstSeenAt: at,
      }
      const known = external !== undefined
      return {
        about,
        entries: known ? [] : [insert(ExternalOrders, tombstone), check(channel)],
        answer: { outcome: known ? "unchanged" : "remembered", shipped: [], linesLeft: 0 } as const,
      }
    }
    const draft = yield* cancelFamily({
      order: external.value.order,
      amend: (order) => ({ order, refused: [] }),
      mirror: (child) => child,
      cancelled: true,
      at,
    })
    const changed = draft.cancelled || !external.value.cancelled
    return {
      about,
      entries: changed
        ? [
            external.value.cancelled
              ? check(external)
              : replace(external, { ...external.value, cancelled: true }),
            ...draft.entries,
            check(channel),
          ]
        : [],
      messages: draft.messages,
      answer: {
        outcome: changed ? "cancelled" : "unchanged",
        order: draft.order.id,
        state: draft.order.state,
        shipped: draft.order.lines.flatMap((line) => (line.buckets.shipped > 0 ? [line.id] : [])),
        linesLeft: draft.left,
      } as const,
    }
  }),
})
