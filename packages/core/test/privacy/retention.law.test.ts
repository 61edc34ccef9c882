import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DAY_MILLIS, type Timestamp } from "../../src/kernel/index.ts"
import {
  deadlineOf,
  type FulfilmentFacts,
  hasLapsed,
  lapseAt,
  nextLookAt,
  RETENTION,
  stalledAt,
} from "../../src/privacy/index.ts"

const day = (count: number) => (count * DAY_MILLIS) as Timestamp
const facts = (more: Partial<FulfilmentFacts> = {}): FulfilmentFacts => ({
  importedAt: day(0),
  receivedAt: day(1),
  dispatched: true,
  ...more,
})

/** Something that happens to an order, and the days that go by before it. */
const step = fc.record({
  after: fc.nat({ max: 70 }),
  what: fc.constantFrom("progress", "complete", "cancel", "disconnect", "nothing"),
})

/** What each step makes known. What is over for an open order only, is nothing to a finished one. */
const OPEN: Record<string, (at: Timestamp) => Partial<FulfilmentFacts>> = {
  progress: (at) => ({ progressAt: at }),
  complete: (at) => ({ completedAt: at }),
  cancel: (at) => ({ completedAt: at, dispatched: false }),
}

const learn = (known: FulfilmentFacts, what: string, at: Timestamp): FulfilmentFacts => {
  if (what === "disconnect") return { ...known, disconnectedAt: known.disconnectedAt ?? at }
  return known.completedAt === undefined ? { ...known, ...OPEN[what]?.(at) } : known
}

/** What is known of an order after each step of a history, with the instant. The store freezes lapses as it does. */
const lived = (steps: ReadonlyArray<{ after: number; what: string }>) => {
  let at = day(1)
  let known = facts()
  return steps.map(({ after, what }) => {
    at = (at + after * DAY_MILLIS) as Timestamp
    const lapsed = hasLapsed(known, at) ? { lapsedAt: lapseAt(known) } : {}
    known = learn({ ...known, ...lapsed }, what, at)
    return { at, known }
  })
}

describe("the deadline of a buyer's data", () => {
  it("only moves earlier, whatever happens to the order (T5, I5)", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), (steps) => {
        const deadlines = lived(steps).map(({ at, known }) => deadlineOf(known, at))
        for (const [place, deadline] of deadlines.entries())
          expect(deadline).toBeLessThanOrEqual(deadlines[Math.max(0, place - 1)] ?? deadline)
      }),
      { numRuns: 2000 },
    )
  })

  it("is 180 days after receipt at the latest, and 30 days after completion (R39, T8)", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        for (const { at, known } of lived(steps)) {
          const deadline = deadlineOf(known, at)
          expect(deadline).toBeLessThanOrEqual(known.receivedAt + RETENTION.cap)
          if (known.completedAt !== undefined)
            expect(deadline).toBeLessThanOrEqual(known.completedAt + 30 * DAY_MILLIS)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it("is looked at a day before it comes at the latest, and never only once it has passed", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        for (const { at, known } of lived(steps)) {
          const deadline = deadlineOf(known, at)
          const look = nextLookAt(known, deadline, at)
          expect(look).toBeLessThanOrEqual(deadline - RETENTION.sweepAhead)
          // A lapse that nobody looked at still ends in time: the look comes before its 30 days are over.
          if (known.completedAt === undefined)
            expect(look).toBeLessThanOrEqual(lapseAt(known) + RETENTION.buyer)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ["all units were shipped: 30 days after the last hand-over", { completedAt: day(10) }, 40],
    ["partly shipped: not complete, the cap holds", { progressAt: day(20) }, 181],
    [
      "cancelled before anything was shipped: at once",
      { completedAt: day(10), dispatched: false },
      10,
    ],
    ["never completed, seen after 60 days without progress: 30 days after the lapse", {}, 90, 60],
    ["never completed, and not lapsed yet: the cap holds", {}, 181, 59],
    ["promised for later: it lapses 60 days after the promise", { shipBy: day(50) }, 140, 110],
    ["progress puts the lapse off", { progressAt: day(59) }, 149, 119],
    [
      "lapsed and completed later: the lapse was its completion",
      { lapsedAt: day(60), completedAt: day(80) },
      90,
      80,
    ],
    ["channel disconnected, finished: at once", { completedAt: day(5), disconnectedAt: day(8) }, 8],
    ["channel disconnected, open: 72 hours later", { disconnectedAt: day(8) }, 11],
    [
      "channel disconnected long before: the deadline stands",
      { completedAt: day(10), disconnectedAt: day(60) },
      40,
    ],
    ["always getting on: 180 days after receipt", { progressAt: day(170) }, 181, 175],
  ] as ReadonlyArray<[string, Partial<FulfilmentFacts>, number, number?]>)(
    "%s",
    (_case, more, gone, seen = 20) => {
      expect(deadlineOf(facts(more), day(seen))).toBe(day(gone))
    },
  )

  it.each([-1, 0, 1])("a lapse counts from its very instant (%i ms)", (edge) => {
    const at = (day(60) + edge) as Timestamp
    expect(hasLapsed(facts(), at)).toBe(edge >= 0)
    expect(deadlineOf(facts(), at)).toBe(edge >= 0 ? day(90) : day(181))
  })

  it("tells of a standstill before the lapse", () => {
    expect(stalledAt(facts())).toBe(day(30))
    expect(nextLookAt(facts(), day(181), day(29))).toBe(day(30))
    expect(nextLookAt(facts(), day(181), day(30))).toBe(day(60))
    expect(nextLookAt(facts(), day(90), day(60))).toBe(day(89))
  })
})
