import fc from "fast-check"

/** Which of the two partitions of a history. */
export type Who = 0 | 1

/** What a handler does with one attempt at a job. */
export type Behaviour =
  | "succeed"
  | "fail"
  | "die"
  /** It takes longer than a lease, and succeeds. */
  | "linger"
  /** It asks whether it has the lease, and succeeds. */
  | "ask"
  /** It never ends. */
  | "hang"
  /** It wants something to be true that the store refuses. */
  | "overreach"

/** What befalls a worker at one of its calls of the store. */
export interface Fault {
  /** Which of its calls, from 0. */
  readonly call: number
  /** `crash`: it is gone. `outage`: this call and some more are not answered. `slow`: they are, after a lease's end. */
  readonly kind: "crash" | "outage" | "slow"
  /** Whether the store did what it was asked before the fault; where it is slow, else after it. */
  readonly done: boolean
}

/** One step of a history, and how many turns of the scheduler pass after it; `rest`: until nobody has anything to do. */
interface PlannedStep {
  readonly step: JobStep
  readonly turns: number | "rest"
}

export type JobStep =
  | {
      readonly kind: "offer"
      readonly who: Who
      readonly delay: number
      readonly script: ReadonlyArray<Behaviour>
    }
  /** A message to two subscribers, each with a script of its own. */
  | {
      readonly kind: "tell"
      readonly who: Who
      readonly scripts: readonly [ReadonlyArray<Behaviour>, ReadonlyArray<Behaviour>]
    }
  /** A message of a topic that nobody serves. */
  | { readonly kind: "mutter"; readonly who: Who }
  | { readonly kind: "start"; readonly place: number; readonly fault: Fault | undefined }
  | { readonly kind: "stop" | "crash"; readonly place: number }
  /** Time passes, and whoever has something to do at an instant does it then. */
  | { readonly kind: "pass"; readonly millis: number }
  /** Time passes while nobody gets to do anything. */
  | { readonly kind: "stall"; readonly millis: number }

/** A history as it is generated: data, so that it can be printed and lived again. */
export interface JobHistory {
  /** How many turns of the scheduler each call of the store waits, in rotation. */
  readonly pace: ReadonlyArray<number>
  readonly salt: number
  readonly scenes: ReadonlyArray<ReadonlyArray<PlannedStep>>
}

/** How jobs are tried in a history. */
export const LEASE = 3_000
export const TIME_LIMIT = 10_000
export const RETRY = 1_000
export const MAX_ATTEMPTS = 3
export const POLL = 1_500

/** Places at which workers may stand. */
export const PLACES = [0, 1, 2] as const

const who = fc.constantFrom<Who>(0, 1)
const place = fc.constantFrom(...PLACES)
const script = fc.array(
  fc.constantFrom<Behaviour>(
    "succeed",
    "succeed",
    "fail",
    "fail",
    "die",
    "linger",
    "linger",
    "ask",
    "hang",
    "overreach",
  ),
  { maxLength: 3 },
)
const fault: fc.Arbitrary<Fault> = fc.record({
  call: fc.nat({ max: 24 }),
  kind: fc.constantFrom("crash", "crash", "outage", "slow", "slow"),
  done: fc.boolean(),
})

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("offer" as const),
      who,
      delay: fc.constantFrom(0, 0, 0, 1500),
      script,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("tell" as const),
      who,
      scripts: fc.tuple(script, script),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("mutter" as const), who }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("start" as const),
      place,
      fault: fc.option(fault, { nil: undefined, freq: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("stop" as const, "crash" as const), place }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      millis: fc.constantFrom(1, 999, 1000, 2500, 7000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("stall" as const),
      millis: fc.constantFrom(2_000, 2_999, 3_000, 5_000),
    }),
  },
)

const planned = fc.record({
  step,
  turns: fc.oneof(fc.nat({ max: 30 }), fc.constant("rest" as const)),
})

/** Two workers at one job, of which the first finds the store slow about when it is to say that it is alive, or done. */
const duel: fc.Arbitrary<ReadonlyArray<PlannedStep>> = fc
  .record({
    who,
    behaviour: fc.constantFrom<Behaviour>("succeed", "linger", "linger", "hang"),
    call: fc.integer({ min: 4, max: 9 }),
    done: fc.boolean(),
    millis: fc.constantFrom(2500, 7000),
  })
  .map(({ who, behaviour, call, done, millis }) => [
    { step: { kind: "offer", who, delay: 0, script: [behaviour] }, turns: 0 },
    { step: { kind: "start", place: 0, fault: { call, kind: "slow", done } }, turns: "rest" },
    { step: { kind: "start", place: 1, fault: undefined }, turns: 3 },
    { step: { kind: "pass", millis }, turns: "rest" },
  ])

/** Any history: jobs and messages of two partitions, and up to three workers that come, go, crash and stall. */
export const anyHistory: fc.Arbitrary<JobHistory> = fc.record({
  pace: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }),
  salt: fc.nat(),
  // A scene that is left out shrinks a history without moving the others.
  scenes: fc.array(
    fc.oneof(
      { weight: 16, arbitrary: fc.tuple(planned) },
      { weight: 1, arbitrary: duel },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
    { minLength: 6, maxLength: 16, size: "max" },
  ),
})
