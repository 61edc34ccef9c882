import type * as Result from "effect/Result"
import type { NotFound } from "../access/index.ts"
import type { Quantity } from "../kernel/index.ts"
import { ACTIVE } from "./lineBuckets.ts"
import type { Order } from "./Order.ts"
import { activeUnits, type OrderLine } from "./OrderLine.ts"
import type { UnitsMissing } from "./orderErrors.ts"
import { type LineUnits, takeUnits } from "./takeUnits.ts"

/** Who cancelled: the channel, which says so in each snapshot, or somebody here. */
export type CancelledBy = "channel" | "here"

/** Every unit that is still to leave, by line. */
export const everyActiveUnit = ({ lines }: Pick<Order, "lines">): ReadonlyArray<LineUnits> =>
  lines.flatMap((line) => {
    const quantity = activeUnits(line)
    return quantity === 0 ? [] : [{ line: line.id, quantity: quantity as Quantity }]
  })

/**
 * Cancels units of lines: those without stock behind them first, packed ones last. Shipped units stay shipped: more
 * than are still to leave is refused as `UnitsMissing`.
 */
export const cancelUnits = (
  order: Order,
  lines: ReadonlyArray<LineUnits>,
  by: CancelledBy,
): Result.Result<Order, NotFound | UnitsMissing> =>
  takeUnits(order, lines, ACTIVE, "cancelled", by === "here" ? keptCancelled : undefined)

/** No newer snapshot of the channel brings the cancelled units of the line back. */
const keptCancelled = (line: OrderLine): OrderLine => ({
  ...line,
  cancelledHere: line.buckets.cancelled,
})
