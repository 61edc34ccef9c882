import * as Schema from "effect/Schema"
import { Timestamp } from "../kernel/index.ts"
import { Collection, due, index } from "../store/index.ts"

/** A queue's name in lower case, and a UUID. It is a good idempotency key for what the job's handler does. */
export const JobId = Schema.String.check(
  Schema.isPattern(/^[a-z][a-z0-9._/-]{0,89}:[0-9a-f-]{36}$/u),
).pipe(Schema.brand("JobId"))
export type JobId = typeof JobId.Type

/** The job of a queue with a UUID of its own. The queue leads, so a worker passes over foreign jobs unread. */
export const jobIdOf = (queue: string, uuid: string): JobId => `${queue}:${uuid}` as JobId

/** What stands before the UUID of such an id: the queue of a job, the topic of a message. */
export const leadOf = (id: string): string => id.slice(0, id.lastIndexOf(":"))

/**
 * Where a job is. `Waiting`: to be taken from `at` on. `Leased`: a worker has it until `until`, or longer where it
 * sends heartbeats; after that anybody may take it over. `holder` is new for each lease. `Dead`: given up `at`, for a `reason` that is an error's tag
 * and nothing else. A job that is done is gone.
 */
export const JobState = Schema.TaggedUnion({
  Waiting: { at: Timestamp },
  Leased: { until: Timestamp, holder: Schema.String },
  Dead: { at: Timestamp, reason: Schema.String },
})
export type JobState = typeof JobState.Type

/** Work that is to be done at least once, written in the batch of the change that makes it necessary. */
export const Job = Schema.Struct({
  id: JobId,
  queue: Schema.String,
  /** JSON: ids and figures, never personal data (R13). */
  payload: Schema.Unknown,
  state: JobState,
  /** How often it was taken, without the times that a worker gave it back. */
  attempts: Schema.Int,
  /** The fencing token of the last lease, 0 before the first. It grows with each lease. */
  token: Schema.Int,
  /** When it may be taken: of a leased job, when the lease ends. Absent for a dead one. */
  dueAt: Schema.optionalKey(Timestamp),
  /** Since when it is dead. */
  deadAt: Schema.optionalKey(Timestamp),
  createdAt: Timestamp,
})
export type Job = typeof Job.Type

/** The jobs of a partition that are not done. */
export const Jobs = Collection.make("jobs", {
  schema: Job,
  key: (job) => job.id,
  indexes: {
    due: due("dueAt"),
    dead: index("deadAt"),
    deadOfQueue: index("queue", "deadAt"),
  },
})
