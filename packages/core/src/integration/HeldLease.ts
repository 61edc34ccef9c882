import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { now, type Timestamp } from "../kernel/index.ts"
import {
  type CommitRefused,
  type Conflict,
  type CurrentPartition,
  type Entry,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
  type TooLarge,
} from "../store/index.ts"
import { type Job, JobId, Jobs } from "./Job.ts"
import { extendedJob, type LeaseTerms } from "./jobTransitions.ts"

/** Somebody else has the job now, or it is gone. Whatever this worker does for it is too late. */
export class LeaseLost extends Schema.TaggedError<LeaseLost>()("LeaseLost", {
  job: JobId,
  /** The fencing token that is no longer the last one. */
  token: Schema.Int,
}) {
  override get message() {
    return `the lease ${this.token} of ${this.job} is lost`
  }
}

/** A lease that this worker has: the job's record at the version that it wrote last. */
export interface HeldLease {
  readonly job: Job
  /** Prolongs the lease from now on. */
  readonly extend: Effect.Effect<void, LeaseLost | StoreUnavailable, Store | CurrentPartition>
  /** Prolongs it every third of its time, until it is lost. */
  readonly keep: Effect.Effect<never, LeaseLost, Store | CurrentPartition>
  /**
   * Ends the lease with a batch that is built on the job's record. It is held to the version that this worker wrote
   * last, so of a worker and the one that took over, one commits. A batch that is refused leaves the lease as it was.
   */
  readonly end: (
    batch: (job: Stored<Job>) => ReadonlyArray<Entry>,
  ) => Effect.Effect<
    void,
    LeaseLost | CommitRefused | TooLarge | StoreUnavailable,
    Store | CurrentPartition
  >
}

/**
 * Writes `taken` over the job as it was read. None, when another worker was faster.
 *
 * @param taken the job with this worker's lease
 */
export const holdLease = Effect.fnUntraced(function* (
  stored: Stored<Job>,
  taken: Job,
  terms: LeaseTerms,
): Effect.fn.Return<Option.Option<HeldLease>, StoreUnavailable, Store | CurrentPartition> {
  const first = yield* write(stored, taken).pipe(
    Effect.catchTag("Conflict", () => readOwn(taken, terms)),
  )
  return first === undefined ? Option.none() : Option.some(yield* heldLease(first, terms))
})

const heldLease = Effect.fnUntraced(function* (
  first: Stored<Job>,
  terms: LeaseTerms,
): Effect.fn.Return<HeldLease> {
  const { value: job } = first
  const lost = new LeaseLost({ job: job.id, token: job.token })
  // Heartbeats and the end take turns: each builds on the version that the one before wrote.
  const turn = yield* Semaphore.make(1)
  let held: Stored<Job> | undefined = first

  const current = Effect.suspend(() =>
    held === undefined ? Effect.fail(lost) : Effect.succeed(held),
  )
  /** What is there after a write that was refused: perhaps an earlier one of ours whose answer did not come. */
  const lookAgain = Effect.flatMap(readOwn(job, terms), (own) => {
    held = own
    return current
  })

  const extend = Effect.gen(function* () {
    const stored = yield* current
    const extended = (each: Stored<Job>, at: Timestamp) =>
      write(each, extendedJob(each.value, at, terms))
    const at = yield* now
    held = yield* extended(stored, at).pipe(
      Effect.catchTag("Conflict", () =>
        Effect.flatMap(lookAgain, (own) => extended(own, at)).pipe(
          Effect.catchTag("Conflict", () => Effect.fail(lost)),
        ),
      ),
    )
  }).pipe(turn.withPermits(1), Effect.uninterruptible)

  const keep = Effect.gen(function* () {
    for (;;) {
      yield* Effect.sleep(Math.ceil(terms.leaseMillis / 3))
      // A store that does not answer may answer again in time. When the lease is over, others may have the job.
      yield* Effect.catchTag(extend, "StoreUnavailable", () =>
        Effect.gen(function* () {
          const { value } = yield* current
          if ((value.dueAt ?? 0) <= (yield* now)) return yield* lost
        }),
      )
    }
  })

  const end: HeldLease["end"] = (batch) =>
    Effect.gen(function* () {
      const store = yield* Store
      const stored = yield* current
      const isOwn = ({ collection, id }: Conflict) => collection === Jobs.name && id === job.id
      yield* store
        .commit(batch(stored))
        .pipe(
          Effect.catchTag("Conflict", (conflict) =>
            isOwn(conflict)
              ? Effect.flatMap(lookAgain, (own) =>
                  own.version === stored.version ? Effect.fail(conflict) : store.commit(batch(own)),
                )
              : Effect.fail(conflict),
          ),
        )
      held = undefined
    }).pipe(turn.withPermits(1), Effect.uninterruptible)

  return { job, extend, keep, end }
})

const write = (
  stored: Stored<Job>,
  next: Job,
): Effect.Effect<Stored<Job>, Conflict | StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) => store.commit([replace(stored, next)])).pipe(
    // Each write counts the version up by one.
    Effect.as({ ...stored, version: stored.version + 1, format: Jobs.format, value: next }),
    // One record that is not larger than it was.
    Effect.catchTags({ Duplicate: Effect.die, Insufficient: Effect.die, TooLarge: Effect.die }),
  )

/** The job, if its last lease is the one of `job`. */
const readOwn = Effect.fnUntraced(function* (
  job: Job,
  { holder }: LeaseTerms,
): Effect.fn.Return<Stored<Job> | undefined, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const stored = Option.getOrUndefined(yield* store.get(Jobs, job.id))
  if (stored === undefined) return undefined
  const { state, token } = stored.value
  const isOwn = state._tag === "Leased" && state.holder === holder && token === job.token
  return isOwn ? stored : undefined
})
