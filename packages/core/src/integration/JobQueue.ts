import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { type Ids, nextId, plusMillis, type Timestamp, Uuid } from "../kernel/index.ts"
import { type Entry, insert } from "../store/index.ts"
import { Jobs, jobIdOf } from "./Job.ts"

/**
 * A kind of work, with the shape of its payload. It keeps the words and the promise of Effect's `PersistedQueue`
 * (offer, attempts, maxAttempts, retrySchedule; at least once) and adds two things: a job becomes true in the batch
 * of the change that it follows from, and it lies in that change's partition.
 */
export interface JobQueue<in out A> {
  readonly name: string
  readonly payload: Schema.Codec<A, unknown>
  readonly maxAttempts: number
  readonly retrySchedule: Schedule.Schedule<unknown, number>
  readonly leaseMillis: number
  readonly timeLimitMillis: number
}

/** How a queue's jobs are tried. */
export interface JobQueueOptions {
  /** How often a job is taken before it is dead; 10 when left out. */
  readonly maxAttempts?: number
  /**
   * How long a job waits after a failure, by the number of attempts; exponential from a second up to five minutes,
   * with jitter, when left out. It is replayed up to the attempt, so that it goes on in any process.
   */
  readonly retrySchedule?: Schedule.Schedule<unknown, number>
  /**
   * How long a worker may be silent before others take its job over, in milliseconds; 30 seconds when left out. A
   * heartbeat every third of it prolongs the lease while the handler runs.
   */
  readonly leaseMillis?: number
  /** How long a handler may run before it counts as failed, in milliseconds; ten minutes when left out. */
  readonly timeLimitMillis?: number
}

const OFTEN_AT_FIRST = Schedule.jittered(
  Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("5 minutes")]),
)

/**
 * Declares a queue.
 *
 * @param name lower-case words joined by `.`, `_` or `-`, at most 64 characters: it is part of every job's id
 * @param options.payload what a job says: JSON, ids and figures, never personal data (R13)
 */
const make = <A, E>(
  name: string,
  options: JobQueueOptions & { readonly payload: Schema.Codec<A, E> },
): JobQueue<A> => {
  if (!/^[a-z][a-z0-9._-]{0,63}$/u.test(name)) throw new TypeError(`${name} is no name of a queue`)
  return queueOf(name, options.payload, options)
}

export const JobQueue = { make }

/** A queue under any name. */
export const queueOf = <A, E>(
  name: string,
  payload: Schema.Codec<A, E>,
  {
    maxAttempts = 10,
    retrySchedule = OFTEN_AT_FIRST,
    leaseMillis = 30_000,
    timeLimitMillis = 600_000,
  }: JobQueueOptions,
): JobQueue<A> => {
  for (const [what, number] of Object.entries({ maxAttempts, leaseMillis, timeLimitMillis }))
    if (!Number.isSafeInteger(number) || number < 1)
      throw new RangeError(`${name}: ${what} is a whole number from 1`)
  return { name, payload, maxAttempts, retrySchedule, leaseMillis, timeLimitMillis }
}

/**
 * A new job as an entry of the batch that makes it necessary: put it among the entries of a draft. The job is there
 * when the batch is committed, and never without it. A payload that is none is a defect of the caller.
 *
 * @param options.at when it is offered: the command's instant
 * @param options.delayMillis how long it is not to be taken; 0 when left out
 */
export const offer = <A>(
  queue: JobQueue<A>,
  payload: NoInfer<A>,
  options: { readonly at: Timestamp; readonly delayMillis?: number },
): Effect.Effect<Entry, never, Ids> =>
  Effect.map(nextId(Uuid), (uuid) => {
    const { at, delayMillis = 0 } = options
    const encoded = Schema.encodeSync(queue.payload)(payload)
    return newJob(queue.name, uuid, encoded, { createdAt: at, dueAt: plusMillis(at, delayMillis) })
  })

/** The entry that writes a job with this UUID and encoded payload. */
export const newJob = (
  queue: string,
  uuid: string,
  payload: unknown,
  { createdAt, dueAt }: { readonly createdAt: Timestamp; readonly dueAt: Timestamp },
): Entry =>
  insert(Jobs, {
    id: jobIdOf(queue, uuid),
    queue,
    payload,
    state: { _tag: "Waiting", at: dueAt },
    attempts: 0,
    token: 0,
    dueAt,
    createdAt,
  })

/**
 * How long a job waits after its `attempts`th failure, in milliseconds. A schedule that has ended keeps its last delay.
 */
export const retryMillis = Effect.fnUntraced(function* (
  schedule: Schedule.Schedule<unknown, number>,
  attempts: number,
): Effect.fn.Return<number> {
  const step = yield* Schedule.toStep(schedule)
  let elapsed = 0
  let delay = 0
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const next = yield* Pull.catchDone(step(elapsed, attempt), () => Effect.undefined)
    if (next === undefined) break
    delay = Duration.toMillis(next[1])
    elapsed += delay
  }
  return delay
})
