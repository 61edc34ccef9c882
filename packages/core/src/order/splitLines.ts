import * as Result from "effect/Result"
import { NotFound } from "../access/index.ts"
import { allocate, type Money, NO_UNITS, type Quantity, type Units } from "../kernel/index.ts"
import { gatherUnits, type LineBuckets, NO_BUCKETS } from "./lineBuckets.ts"
import { mapLines, type Order } from "./Order.ts"
import type { LineId, OrderLine } from "./OrderLine.ts"
import { UnitsMissing } from "./orderErrors.ts"
import type { LineUnits } from "./takeUnits.ts"

/** A line in two: what stays, and what leaves for the child. */
interface SplitLine {
  readonly stays: OrderLine
  readonly leaves: OrderLine
}

/** An order without the units that leave, and the lines of the child that they make. */
export interface SplitUnits {
  readonly order: Order
  readonly lines: readonly [OrderLine, ...ReadonlyArray<OrderLine>]
}

/**
 * Takes units out of lines for a child order. Only units that are not pinned to cells leave: those that wait in a
 * queue first, then open ones without stock, then promised ones. Of a line of an unknown SKU none do.
 *
 * @param lines which units; each line once
 */
export const splitLines = (
  order: Order,
  lines: readonly [LineUnits, ...ReadonlyArray<LineUnits>],
): Result.Result<SplitUnits, NotFound | UnitsMissing> => {
  const splits = new Map<LineId, SplitLine>()
  for (const { line: id, quantity } of lines) {
    const line = order.lines.find((each) => each.id === id)
    if (line === undefined) return Result.fail(new NotFound({ kind: "order line", id }))
    const held = line.sku === undefined ? 0 : line.buckets.backordered + line.buckets.open
    if (held < quantity)
      return Result.fail(new UnitsMissing({ order: order.id, line: id, wanted: quantity, held }))
    splits.set(id, splitLine(line, quantity))
  }
  const leaving = order.lines.flatMap(({ id }) => splits.get(id)?.leaves ?? [])
  return Result.succeed({
    order: mapLines(order, (line) => splits.get(line.id)?.stays ?? line),
    // One line at least was named, and it is there.
    lines: leaving as unknown as SplitUnits["lines"],
  })
}

const splitLine = (line: OrderLine, units: Quantity): SplitLine => {
  const { buckets, committed } = line
  const waiting = Math.min(units, buckets.backordered)
  const open = units - waiting
  const loose = buckets.open + buckets.allocated + buckets.picked + buckets.packed - committed
  const promised = Math.max(0, open - loose)
  const share = shareOf(line.total, units, buckets.ordered)
  return {
    stays: {
      ...line,
      buckets: without(buckets, units),
      committed: (committed - promised) as Units,
      total: less(line.total, share),
      splitOff: {
        units: ((line.splitOff?.units ?? 0) + units) as Quantity,
        total: line.splitOff === undefined ? share : more(line.splitOff.total, share),
      },
    },
    leaves: {
      id: line.id,
      channelSku: line.channelSku,
      ...(line.sku !== undefined && { sku: line.sku }),
      multiple: line.multiple,
      buckets: {
        ...NO_BUCKETS,
        ordered: units as number as Units,
        backordered: waiting as Units,
        open: open as Units,
      },
      committed: promised as Units,
      addedHere: NO_UNITS,
      cancelledHere: NO_UNITS,
      ...(line.warehouse !== undefined && { warehouse: line.warehouse }),
      total: share,
    },
  }
}

/** Units that leave are not ordered here any more. */
const without = (buckets: LineBuckets, units: number): LineBuckets => {
  const gathered = gatherUnits(buckets, ["backordered", "open"], "cancelled", units)
  return {
    ...gathered,
    ordered: (gathered.ordered - units) as Units,
    cancelled: (gathered.cancelled - units) as Units,
  }
}

/** The part of a line's total that falls on some of its units, so that both parts make the whole. */
const shareOf = (total: Money, units: number, ordered: number): Money => {
  const [share = total] = Result.getOrThrow(
    allocate(total, [BigInt(units), BigInt(ordered - units)]),
  )
  return share
}

const more = (total: Money, share: Money): Money => ({
  ...total,
  minor: total.minor + share.minor,
})

const less = (total: Money, share: Money): Money => ({
  ...total,
  minor: total.minor - share.minor,
})
