import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Timestamp } from "../kernel/index.ts"
import type { Entry, StoreUnavailable } from "../store/index.ts"
import type { LeaseLost } from "./HeldLease.ts"
import type { Job, JobId } from "./Job.ts"
import type { JobQueue } from "./JobQueue.ts"

/** The payload of a job is not what its queue says now. Trying again does not help: the job is dead at once. */
export class InvalidPayload extends Schema.TaggedError<InvalidPayload>()("InvalidPayload", {
  queue: Schema.String,
}) {}

/** What a handler knows of the job that it works on. */
export interface JobAtWork {
  /** Good as the key of a command: however often the job is tried, the command has one effect. */
  readonly id: JobId
  /** Which attempt this is, from 1. */
  readonly attempts: number
  /** Grows with each lease of the job: a system outside that keeps the last one can refuse an older worker. */
  readonly token: number
  readonly createdAt: Timestamp
  /**
   * Prolongs the lease, and says whether it is still there: ask before an effect outside that must not happen twice.
   * It is prolonged without asking, too, as long as the handler runs.
   */
  readonly heartbeat: Effect.Effect<void, LeaseLost | StoreUnavailable>
}

/** What becomes of the jobs of one queue. Made by `onJob` or `onMessage`. */
export interface JobHandler<out R = never> {
  readonly queue: JobQueue<unknown>
  /** The topic that a subscriber's jobs come from. */
  readonly topic: string | undefined
  readonly run: (
    job: Job,
    heartbeat: JobAtWork["heartbeat"],
  ) => Effect.Effect<ReadonlyArray<Entry>, unknown, R>
}

/**
 * What is to be done with the jobs of a queue. The handler runs in the job's partition and returns the entries of its
 * effect, which are committed in one batch with the end of the job, under its lease: that effect happens once, whatever
 * happens to workers. All else that a handler does happens at least once. A command takes the job's id as its key.
 *
 * A handler that fails, dies or passes its time limit is tried again by the queue's schedule, and so is one whose
 * entries are refused. The entries are committed as they are: a `check` of what they rest on belongs to them.
 */
export const onJob = <A, E, R>(
  queue: JobQueue<A>,
  handler: (job: JobAtWork & { readonly payload: A }) => Effect.Effect<ReadonlyArray<Entry>, E, R>,
): JobHandler<R> => jobHandler(queue, undefined, (payload, job) => handler({ ...job, payload }))

/** A handler of a queue whose jobs come from a topic, or from nowhere else than `offer`. */
export const jobHandler = <A, E, R>(
  queue: JobQueue<A>,
  topic: string | undefined,
  handler: (payload: A, job: JobAtWork) => Effect.Effect<ReadonlyArray<Entry>, E, R>,
): JobHandler<R> => {
  const decode = Schema.decodeUnknownResult(queue.payload)
  return {
    queue: queue as unknown as JobQueue<unknown>,
    topic,
    run: ({ id, payload, attempts, token, createdAt }, heartbeat) => {
      const decoded = decode(payload)
      return Result.isFailure(decoded)
        ? Effect.fail(new InvalidPayload({ queue: queue.name }))
        : handler(decoded.success, { id, attempts, token, createdAt, heartbeat })
    },
  }
}
