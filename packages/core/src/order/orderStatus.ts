import type { LineBuckets } from "./lineBuckets.ts"
import type { Order } from "./Order.ts"

/**
 * How far the goods are (domain 2.1). `delivered` is for shipments to know: no bucket says it.
 * Cancelled units count for nothing.
 */
export type FulfilmentStatus =
  | "unfulfilled"
  | "partially_allocated"
  | "allocated"
  | "in_progress"
  | "partially_shipped"
  | "shipped"

/** How much came back. That a return was asked for is for the return documents to know. */
export type ReturnStatus = "none" | "part_returned" | "returned"

/** One word for the order. */
export type OrderSummary =
  | "cancelled"
  | "shipped"
  | "held"
  | "partially_shipped"
  | "in_progress"
  | "allocated"
  | "backordered"
  | "awaiting_stock"
  | "committed"

/** What an order's lines and holds say. */
export interface OrderStatus {
  readonly fulfilment: FulfilmentStatus
  readonly returns: ReturnStatus
  readonly summary: OrderSummary
}

/** The status of an order: a function of its lines and holds and nothing else, so it cannot drift (O6). */
export const statusOf = ({ lines, holds }: Pick<Order, "lines" | "holds">): OrderStatus => {
  const units = totalsOf(lines.map(({ buckets }) => buckets))
  const fulfilment = fulfilmentOf(units)
  const returns =
    units.returned === 0 ? "none" : units.returned < units.shipped ? "part_returned" : "returned"
  const committed = lines.reduce((sum, line) => sum + line.committed, 0)
  return { fulfilment, returns, summary: summaryOf(units, fulfilment, committed, holds.length > 0) }
}

type Totals = { readonly [B in keyof LineBuckets]: number }

const totalsOf = (lines: ReadonlyArray<LineBuckets>): Totals => {
  const sum = (bucket: keyof LineBuckets) => lines.reduce((units, line) => units + line[bucket], 0)
  return {
    ordered: sum("ordered"),
    cancelled: sum("cancelled"),
    backordered: sum("backordered"),
    open: sum("open"),
    allocated: sum("allocated"),
    picked: sum("picked"),
    packed: sum("packed"),
    shipped: sum("shipped"),
    returned: sum("returned"),
  }
}

const fulfilmentOf = (units: Totals): FulfilmentStatus => {
  const wanted = units.ordered - units.cancelled
  if (units.shipped > 0) return units.shipped === wanted ? "shipped" : "partially_shipped"
  if (units.picked + units.packed > 0) return "in_progress"
  if (units.allocated > 0) return units.allocated === wanted ? "allocated" : "partially_allocated"
  return "unfulfilled"
}

const summaryOf = (
  units: Totals,
  fulfilment: FulfilmentStatus,
  committed: number,
  held: boolean,
): OrderSummary => {
  if (units.ordered === units.cancelled) return "cancelled"
  if (fulfilment === "shipped") return "shipped"
  if (held) return "held"
  if (fulfilment === "partially_shipped" || fulfilment === "in_progress") return fulfilment
  if (fulfilment === "allocated") return "allocated"
  const committable = units.open + units.allocated
  if (committed < committable) return "awaiting_stock"
  return units.backordered > 0 ? "backordered" : "committed"
}
