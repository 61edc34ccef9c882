import * as Schema from "effect/Schema"
import { NO_UNITS, Units } from "../kernel/index.ts"

/**
 * Where a line's units are: each unit of `ordered` lies in exactly one of the other buckets but `returned`, which
 * counts shipped units that came back (domain 2.1).
 */
export const LineBuckets = Schema.Struct({
  ordered: Units,
  cancelled: Units,
  backordered: Units,
  open: Units,
  allocated: Units,
  picked: Units,
  packed: Units,
  shipped: Units,
  returned: Units,
})
export type LineBuckets = typeof LineBuckets.Type

/** The buckets that units lie in. Together they hold what was ordered. */
export const BUCKETS = [
  "cancelled",
  "backordered",
  "open",
  "allocated",
  "picked",
  "packed",
  "shipped",
] as const
export type Bucket = (typeof BUCKETS)[number]

/** The buckets of units that are still to leave, the least advanced first: in this order units are cancelled. */
export const ACTIVE: ReadonlyArray<Bucket> = [
  "backordered",
  "open",
  "allocated",
  "picked",
  "packed",
]

/** The buckets whose units a commitment may stand behind. */
export const COMMITTABLE: ReadonlyArray<Bucket> = ["open", "allocated", "picked", "packed"]

/** The buckets whose units are pinned to cells. */
export const PINNED: ReadonlyArray<Bucket> = ["allocated", "picked", "packed"]

/** A line without a unit. */
export const NO_BUCKETS: LineBuckets = {
  ordered: NO_UNITS,
  cancelled: NO_UNITS,
  backordered: NO_UNITS,
  open: NO_UNITS,
  allocated: NO_UNITS,
  picked: NO_UNITS,
  packed: NO_UNITS,
  shipped: NO_UNITS,
  returned: NO_UNITS,
}

/** The units in some of the buckets. */
export const unitsIn = (buckets: LineBuckets, some: ReadonlyArray<Bucket>): number =>
  some.reduce((sum, bucket) => sum + buckets[bucket], 0)

/** Whether each unit is in exactly one bucket and none came back that did not leave (O2). */
export const areBalanced = (buckets: LineBuckets): boolean =>
  unitsIn(buckets, BUCKETS) === buckets.ordered && buckets.returned <= buckets.shipped

/**
 * Moves `units` from one bucket to another. Moving more than there are is a defect of the caller: decisions look
 * first. Where nothing moves, the buckets come back as they are.
 */
export const moveUnits = (
  buckets: LineBuckets,
  from: Bucket,
  to: Bucket,
  units: number,
): LineBuckets => {
  if (!Number.isSafeInteger(units) || units < 0 || units > buckets[from])
    throw new RangeError(`${buckets[from]} units ${from}, ${units} to move`)
  if (units === 0 || from === to) return buckets
  return {
    ...buckets,
    [from]: (buckets[from] - units) as Units,
    [to]: (buckets[to] + units) as Units,
  }
}

/**
 * Moves units to `to` out of several buckets, emptying each before the next.
 *
 * @param from in the order in which they give up units
 * @param units at most what they hold together; more is a defect of the caller
 */
export const gatherUnits = (
  buckets: LineBuckets,
  from: ReadonlyArray<Bucket>,
  to: Bucket,
  units: number,
): LineBuckets => {
  let next = buckets
  let left = units
  for (const bucket of from) {
    const step = Math.min(left, next[bucket])
    next = moveUnits(next, bucket, to, step)
    left -= step
  }
  if (left > 0) throw new RangeError(`${units - left} units in ${from.join(", ")}, ${units} wanted`)
  return next
}

/**
 * The buckets with as many units in pinned ones as are pinned to cells. What is pinned no more is open again, the
 * least advanced units first; what was pinned by hand is allocated.
 */
export const repinUnits = (buckets: LineBuckets, pinned: number): LineBuckets => {
  const more = pinned - unitsIn(buckets, PINNED)
  return more > 0
    ? moveUnits(buckets, "open", "allocated", Math.min(more, buckets.open))
    : gatherUnits(buckets, PINNED, "open", -more)
}

/** Adds `units` to what was ordered, into one bucket; takes them away when negative. */
export const orderUnits = (buckets: LineBuckets, bucket: Bucket, units: number): LineBuckets => ({
  ...buckets,
  ordered: (buckets.ordered + units) as Units,
  [bucket]: (buckets[bucket] + units) as Units,
})

/** The buckets of two parts of a line as one. */
export const joinBuckets = (left: LineBuckets, right: LineBuckets): LineBuckets => {
  const sum = (bucket: keyof LineBuckets): Units => (left[bucket] + right[bucket]) as Units
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
