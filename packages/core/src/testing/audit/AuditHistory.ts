import fc from "fast-check"
import { DAY_MILLIS } from "../../kernel/index.ts"

/** What goes on at the same moment in one partition's log. */
export interface AuditBeat {
  /** Events that are written, and by how many milliseconds each is behind the clock: batches that commit late. */
  readonly writes: ReadonlyArray<number>
  readonly sealers: number
  /** Events a digest. */
  readonly limit: number
  readonly sweeps: number
  /** Checks of the log meanwhile, which must find nothing. */
  readonly checks: number
  /** How long each reader and writer waits before its calls, in turns of the scheduler. */
  readonly pace: ReadonlyArray<number>
  /** After how many turns the first sealer or sweep is interrupted, if it is. */
  readonly cut: number | undefined
  /** Which commit of a sealer or sweep loses its answer, and whether it was written all the same. */
  readonly fault: { readonly commit: number; readonly written: boolean } | undefined
}

/** The clock moves: by some milliseconds either way, or to where the oldest digest may go, give or take one. */
export type ClockStep = { readonly by: number } | { readonly toExpiry: -1 | 0 | 1 }

/** A life of a log: beats and steps of the clock in turn, under one retention. */
export interface AuditHistory {
  readonly days: number
  readonly beats: ReadonlyArray<readonly [ClockStep, AuditBeat]>
}

const MINUTE = 60_000
const late = fc.constantFrom(0, 0, 0, 1, 5, 2 * MINUTE, 20 * MINUTE)

const beat: fc.Arbitrary<AuditBeat> = fc.record({
  writes: fc.array(late, { maxLength: 5 }),
  sealers: fc.constantFrom(0, 1, 1, 2, 3),
  limit: fc.integer({ min: 1, max: 4 }),
  sweeps: fc.constantFrom(0, 0, 1, 2),
  checks: fc.constantFrom(0, 0, 1, 2),
  pace: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 }),
  cut: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
  fault: fc.option(fc.record({ commit: fc.integer({ min: 1, max: 4 }), written: fc.boolean() }), {
    nil: undefined,
  }),
})

const step: fc.Arbitrary<ClockStep> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ by: fc.constantFrom(0, 1, -1, MINUTE, 15 * MINUTE) }) },
  { weight: 2, arbitrary: fc.record({ by: fc.constantFrom(-15 * MINUTE, 60 * MINUTE) }) },
  { weight: 1, arbitrary: fc.record({ by: fc.constantFrom(40 * DAY_MILLIS, 366 * DAY_MILLIS) }) },
  {
    weight: 3,
    arbitrary: fc.record({ toExpiry: fc.constantFrom(-1 as const, 0 as const, 1 as const) }),
  },
)

/** Lives of logs: writers, sealers, sweeps and checks that meet in any order, on a clock that steps. */
export const auditHistory = (most: number): fc.Arbitrary<AuditHistory> =>
  fc.record({
    days: fc.constantFrom(366, 400),
    beats: fc.array(fc.tuple(step, beat), { minLength: 1, maxLength: most }),
  })
