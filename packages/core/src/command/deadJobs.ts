import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound, type StandingState } from "../access/index.ts"
import { type Job, JobId, Jobs, revivedJob } from "../integration/index.ts"
import {
  type CurrentPartition,
  remove,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { command } from "./command.ts"
import { pageFields, pageOf } from "./paging.ts"
import { query } from "./query.ts"

const UNTIL_CLOSED: ReadonlyArray<StandingState> = ["active", "on_stop", "suspended", "closing"]

/**
 * Reads the current partition's dead letters, the longest dead first, a page at a time: jobs whose attempts are used up,
 * with the tag of the last error, among them messages that a subscriber did not take.
 *
 * @param input.queue only those of one queue, when given; of a subscriber it is `<topic>/<subscriber>`
 * @param input.after `next` of the page before
 * @param input.limit jobs a page, 1 to 1,000; 100 when left out
 */
export const findDeadJobs = query({
  action: "findDeadJobs",
  input: Schema.Struct({ queue: Schema.optionalKey(Schema.String), ...pageFields }),
  read: Effect.fnUntraced(function* ({ queue, after, limit }) {
    const store = yield* Store
    const page = { ...(limit !== undefined && { limit }), after }
    const found =
      queue === undefined
        ? yield* store.find(Jobs, "dead", page)
        : yield* store.find(Jobs, "deadOfQueue", { ...page, equals: { queue } })
    return pageOf(found)
  }),
})

/**
 * Gives a dead job all its attempts again, from now on. Fails with `NotFound` for a job that is not there or not dead.
 *
 * @param input.job the job's id, as `findDeadJobs` tells it
 */
export const retryDeadJob = command({
  action: "retryDeadJob",
  input: Schema.Struct({ job: JobId }),
  answer: Schema.Struct({ job: JobId }),
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ job }, { at }) {
    const stored = yield* readDead(job)
    return {
      about: { kind: "job", id: job },
      entries: [replace(stored, revivedJob(stored.value, at))],
      answer: { job },
    }
  }),
})

/**
 * Takes a dead job away for good: what it was to do is not done. Fails with `NotFound` for a job that is not there or
 * not dead.
 *
 * @param input.job the job's id, as `findDeadJobs` tells it
 */
export const discardDeadJob = command({
  action: "discardDeadJob",
  input: Schema.Struct({ job: JobId }),
  answer: Schema.Struct({ job: JobId }),
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ job }) {
    const stored = yield* readDead(job)
    return { about: { kind: "job", id: job }, entries: [remove(stored)], answer: { job } }
  }),
})

const readDead = Effect.fnUntraced(function* (
  id: JobId,
): Effect.fn.Return<Stored<Job>, NotFound | StoreUnavailable, Store | CurrentPartition> {
  const stored = Option.getOrUndefined(yield* (yield* Store).get(Jobs, id))
  if (stored?.value.state._tag !== "Dead") return yield* new NotFound({ kind: "dead job", id })
  return stored
})
