import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import {
  areBalanced,
  BUCKETS,
  gatherUnits,
  joinBuckets,
  type LineBuckets,
  moveUnits,
  NO_BUCKETS,
  orderUnits,
  PINNED,
  repinUnits,
  unitsIn,
} from "../../src/order/lineBuckets.ts"

const bucket = fc.constantFrom(...BUCKETS)
const units = fc.nat({ max: 1_000_000 })

/** A line whose units lie anywhere. */
const buckets: fc.Arbitrary<LineBuckets> = fc
  .array(fc.tuple(bucket, units), { maxLength: 12 })
  .map((moves) => moves.reduce((line, [to, count]) => orderUnits(line, to, count), NO_BUCKETS))

const noneNegative = (line: LineBuckets) => Object.values(line).every((count) => count >= 0)

describe("the buckets of a line", () => {
  it("hold what was ordered, none below zero, after any moves (O2)", () => {
    fc.assert(
      fc.property(
        buckets,
        fc.array(fc.tuple(bucket, bucket, fc.double({ min: 0, max: 1, noNaN: true }))),
        (line, moves) => {
          const end = moves.reduce(
            (at, [from, to, part]) => moveUnits(at, from, to, Math.floor(at[from] * part)),
            line,
          )
          expect(areBalanced(end)).toBe(true)
          expect(noneNegative(end)).toBe(true)
          expect(end.ordered).toBe(line.ordered)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it("refuse to give more than they have, and what is no number of units", () => {
    fc.assert(
      fc.property(
        buckets,
        bucket,
        bucket,
        fc.oneof(fc.constantFrom(-1, 0.5, Number.NaN, 2 ** 53), fc.integer({ min: 1, max: 9 })),
        (line, from, to, more) => {
          const wrong = Number.isSafeInteger(more) && more > 0 ? line[from] + more : more
          expect(() => moveUnits(line, from, to, wrong)).toThrow(RangeError)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it("are emptied one after the other when several give", () => {
    fc.assert(
      fc.property(
        buckets,
        fc.shuffledSubarray([...BUCKETS], { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (line, from, part) => {
          const givers = from.filter((each) => each !== "shipped")
          const wanted = Math.floor(unitsIn(line, givers) * part)
          const end = gatherUnits(line, givers, "shipped", wanted)
          expect(end.shipped).toBe(line.shipped + wanted)
          expect(areBalanced(end)).toBe(true)
          const touched = givers.findLastIndex((each) => end[each] < line[each])
          expect(givers.slice(0, Math.max(0, touched)).every((each) => end[each] === 0)).toBe(true)
          expect(() => gatherUnits(line, givers, "shipped", unitsIn(line, givers) + 1)).toThrow(
            RangeError,
          )
        },
      ),
      { numRuns: 1000 },
    )
  })

  it("join as they were apart", () => {
    fc.assert(
      fc.property(buckets, buckets, (left, right) => {
        const whole = joinBuckets(left, right)
        expect(areBalanced(whole)).toBe(true)
        for (const each of BUCKETS) expect(whole[each]).toBe(left[each] + right[each])
      }),
      { numRuns: 1000 },
    )
  })

  it("follow what is pinned to cells, as far as there are open units", () => {
    fc.assert(
      fc.property(buckets, units, (line, pinned) => {
        const end = repinUnits(line, pinned)
        expect(areBalanced(end)).toBe(true)
        const room = unitsIn(line, [...PINNED, "open"])
        expect(unitsIn(end, PINNED)).toBe(Math.min(pinned, room))
        expect(end.packed).toBe(Math.min(line.packed, pinned))
      }),
      { numRuns: 1000 },
    )
  })

  it("are not balanced with a unit too many, or with more returned than shipped", () => {
    const line = orderUnits(NO_BUCKETS, "shipped", 3)
    expect(areBalanced(line)).toBe(true)
    expect(areBalanced({ ...line, open: 1 as never })).toBe(false)
    expect(areBalanced({ ...line, returned: 3 as never })).toBe(true)
    expect(areBalanced({ ...line, returned: 4 as never })).toBe(false)
  })
})
