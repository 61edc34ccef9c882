import type { Shop, SoldLine, SoldOrder } from "./toOrders.ts"

/** An order as its channel has it at one time: the input of `importOrder`, but for the connection it comes through. */
interface Snapshot {
  readonly externalId: string
  readonly externalVersion: number
  readonly orderedAt: number
  readonly country: string
  readonly currency: string
  readonly payment: "paid"
  readonly lines: readonly [SnapshotLine, ...ReadonlyArray<SnapshotLine>]
}

interface SnapshotLine {
  readonly externalLineId: string
  readonly channelSku: string
  readonly quantity: number
  readonly cancelled: number
  /** Minor units are written as digits, so that they are exact in JSON. */
  readonly total: { readonly currency: string; readonly minor: string }
}

/** Something that a channel tells: what an order looks like now, or that all of it is cancelled. */
export type Delivery = { readonly shop: Shop; readonly at: number; readonly externalId: string } & (
  | { readonly kind: "order"; readonly snapshot: Snapshot }
  | { readonly kind: "cancellation" }
)

/**
 * What the channels told on those two days, in the order of time: each order when it was placed, again each time that
 * lines of it were taken back, and a cancellation when nothing of it was left. The versions of an order count from 1.
 */
export const toDeliveries = (orders: ReadonlyArray<SoldOrder>): ReadonlyArray<Delivery> =>
  orders.flatMap(deliveriesOf).sort((a, b) => a.at - b.at)

const deliveriesOf = (order: SoldOrder): ReadonlyArray<Delivery> => {
  const takenBack = order.lines.flatMap(({ cancelledAt }) => cancelledAt ?? [])
  const changes = [...new Set(takenBack)].sort((a, b) => a - b)
  const told = { shop: order.shop, externalId: order.invoice }
  const placed: Delivery = {
    ...told,
    at: order.placedAt,
    kind: "order",
    snapshot: snapshotOf(order, 1, () => false),
  }
  const changed = changes.map((at, index): Delivery => {
    const all = index === changes.length - 1 && takenBack.length === order.lines.length
    if (all) return { ...told, at, kind: "cancellation" }
    const isBack = ({ cancelledAt }: SoldLine) => cancelledAt !== undefined && cancelledAt <= at
    return { ...told, at, kind: "order", snapshot: snapshotOf(order, index + 2, isBack) }
  })
  return [placed, ...changed]
}

const snapshotOf = (
  order: SoldOrder,
  version: number,
  isBack: (line: SoldLine) => boolean,
): Snapshot => {
  const lines = order.lines.map(
    (line): SnapshotLine => ({
      externalLineId: line.line,
      channelSku: line.code,
      quantity: line.quantity,
      cancelled: isBack(line) ? line.quantity : 0,
      total: { currency: "GBP", minor: String(line.total) },
    }),
  )
  const [first, ...rest] = lines
  if (first === undefined) throw new Error(`order ${order.invoice} has no line`)
  return {
    externalId: order.invoice,
    externalVersion: version,
    orderedAt: order.placedAt,
    country: order.country,
    currency: "GBP",
    payment: "paid",
    lines: [first, ...rest],
  }
}
