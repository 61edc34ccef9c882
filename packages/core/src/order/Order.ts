import * as Schema from "effect/Schema"
import { CountryCode, Currency, Timestamp, Uuid } from "../kernel/index.ts"
import { ConnectionId } from "../party/index.ts"
import { Collection, due, index, unique } from "../store/index.ts"
import { Hold } from "./Hold.ts"
import { OrderLine } from "./OrderLine.ts"

export const OrderId = Uuid.pipe(Schema.brand("OrderId"))
export type OrderId = typeof OrderId.Type

/** The id that the channel gives an order: 1 to 128 printable characters, opaque to us. */
export const ExternalId = Schema.String.check(Schema.isPattern(/^[!-~]{1,128}$/u)).pipe(
  Schema.brand("ExternalId"),
)
export type ExternalId = typeof ExternalId.Type

/** Which state of an order a channel told of: a number that grows with each change, such as its last update in ms. */
export const ExternalVersion = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
  Schema.brand("ExternalVersion"),
)
export type ExternalVersion = typeof ExternalVersion.Type

/** The service that the buyer was promised, as the channel's code: `standard`, `next-day`. */
export const ServiceLevel = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u),
).pipe(Schema.brand("ServiceLevel"))
export type ServiceLevel = typeof ServiceLevel.Type

/** The order's own axis; fulfilment and returns are derived from its lines (domain 2.1). */
export const OrderState = Schema.Literals([
  "draft",
  "accepted",
  "processing",
  "completed",
  "cancelled",
  "archived",
])
export type OrderState = typeof OrderState.Type

/** What the channel says of the money. Mirrored, never driven. */
export const PaymentState = Schema.Literals([
  "pending",
  "authorised",
  "paid",
  "part_refunded",
  "refunded",
])
export type PaymentState = typeof PaymentState.Type

/**
 * Whether the buyer's personal data is held, elsewhere: the order has none of it. The child of a split has none either:
 * the buyer's data belongs to the order that it was split from. `Anonymised` is final (I15).
 */
export const PiiState = Schema.TaggedUnion({
  NotFetched: {},
  /** Received at one instant, and gone at another, which only ever moves earlier (T5). */
  Held: { receivedAt: Timestamp, deadline: Timestamp },
  Anonymised: { at: Timestamp },
})
export type PiiState = typeof PiiState.Type

const Fields = Schema.Struct({
  id: OrderId,
  /** The channel that it came through. */
  connection: ConnectionId,
  /** Absent for the child of a split: the parent has it. */
  externalId: Schema.optionalKey(ExternalId),
  /** The newest of the channel's versions that was taken in. */
  externalVersion: Schema.optionalKey(ExternalVersion),
  orderedAt: Timestamp,
  importedAt: Timestamp,
  /** Where the goods go, as far as tax wants to know (T7). */
  country: CountryCode,
  currency: Currency,
  state: OrderState,
  payment: PaymentState,
  serviceLevel: Schema.optionalKey(ServiceLevel),
  /** When it must leave: as the channel promised, or as it was released. */
  shipBy: Schema.optionalKey(Timestamp),
  lines: Schema.NonEmptyArray(OrderLine),
  holds: Schema.Array(Hold),
  /** The order that this one was split from. A child has no children of its own. */
  splitFrom: Schema.optionalKey(OrderId),
  children: Schema.Array(OrderId),
  pii: PiiState,
  releasedAt: Schema.optionalKey(Timestamp),
  /** When its fulfilment, or that of a child, last got on. */
  progressAt: Schema.optionalKey(Timestamp),
  /** When it lapsed for want of progress, if it did: frozen (T8). */
  lapsedAt: Schema.optionalKey(Timestamp),
  /** When its last unit was shipped or cancelled, its children's included. Frozen (T8). */
  completedAt: Schema.optionalKey(Timestamp),
  /** When retention must look at it next: there while it holds a buyer's data. */
  retentionDue: Schema.optionalKey(Timestamp),
  /** When it was deleted: it can be restored until `purgeDue`, when it goes for good (R41). */
  deletedAt: Schema.optionalKey(Timestamp),
  purgeDue: Schema.optionalKey(Timestamp),
})

/**
 * What a buyer wants sent, without who the buyer is: no personal data and no free text is in it (T7).
 * Its summary status is derived, never stored (O6).
 */
export const Order = Fields.check(
  Schema.makeFilter((order: typeof Fields.Type) => {
    if (new Set(order.lines.map(({ id }) => id)).size < order.lines.length)
      return { path: ["lines"], issue: "one line for each line id" }
    return order.lines.some(({ total }) => total.currency !== order.currency)
      ? { path: ["currency"], issue: "one currency" }
      : undefined
  }),
)
export type Order = typeof Order.Type

export const Orders = Collection.make("orders", {
  schema: Order,
  key: (order) => order.id,
  indexes: {
    external: unique("connection", "externalId"),
    state: index("state", "orderedAt"),
    shipBy: index("state", "shipBy"),
    parent: index("splitFrom"),
    retention: due("retentionDue"),
    purge: due("purgeDue"),
  },
})

/** Whether nothing is left to do for the order: it does not open again. */
export const isFinished = ({ state }: Pick<Order, "state">): boolean =>
  state === "completed" || state === "cancelled" || state === "archived"

/** The order with each line changed by a rule; the very same order where no line changes. */
export const mapLines = (order: Order, change: (line: OrderLine) => OrderLine): Order => {
  const [first, ...rest] = order.lines
  const lines: Order["lines"] = [change(first), ...rest.map(change)]
  return lines.every((line, place) => line === order.lines[place]) ? order : { ...order, lines }
}
