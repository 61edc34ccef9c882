import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { Quantity } from "../kernel/index.ts"
import { type Bucket, gatherUnits, unitsIn } from "./lineBuckets.ts"
import { mapLines, type Order } from "./Order.ts"
import { LineId, type OrderLine, withBuckets } from "./OrderLine.ts"
import { UnitsMissing } from "./orderErrors.ts"

/** Units of one line, as a command names them. */
export const LineUnits = Schema.Struct({ line: LineId, quantity: Quantity })
export type LineUnits = typeof LineUnits.Type

/** Refuses a list that names a line twice. */
export const lineOnce = Schema.makeFilter((lines: ReadonlyArray<{ readonly line: LineId }>) => {
  const seen = new Set<string>()
  for (const [place, { line }] of lines.entries()) {
    if (seen.has(line)) return { path: [place, "line"], issue: "each line once" }
    seen.add(line)
  }
  return undefined
})

/** Units of some lines of an order, each line once. */
export const LinesUnits = Schema.NonEmptyArray(LineUnits).check(lineOnce)

/**
 * Moves units of lines out of some buckets into another. A line that has fewer is refused as `UnitsMissing`.
 *
 * @param lines which units; each line once
 * @param from the buckets that give, each emptied before the next
 * @param to the bucket that takes
 * @param change what else becomes of a line of which units moved: it gets the line after, the number, the line before
 */
export const takeUnits = (
  order: Order,
  lines: ReadonlyArray<LineUnits>,
  from: ReadonlyArray<Bucket>,
  to: Bucket,
  change: (after: OrderLine, units: number, before: OrderLine) => OrderLine = (line) => line,
): Result.Result<Order, NotFound | UnitsMissing> => {
  const known = new Map(order.lines.map((line) => [line.id, line]))
  const changed = new Map<LineId, OrderLine>()
  for (const { line: id, quantity } of lines) {
    const line = known.get(id)
    if (line === undefined) return Result.fail(new NotFound({ kind: "order line", id }))
    const held = unitsIn(line.buckets, from)
    if (held < quantity)
      return Result.fail(new UnitsMissing({ order: order.id, line: id, wanted: quantity, held }))
    const buckets = gatherUnits(line.buckets, from, to, quantity)
    changed.set(id, change(withBuckets(line, buckets), quantity, line))
  }
  return Result.succeed(mapLines(order, (line) => changed.get(line.id) ?? line))
}
