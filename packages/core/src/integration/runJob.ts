import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { AuditEventId, AuditLog } from "../audit/index.ts"
import { type Ids, nextId, now, plusMillis, type Timestamp, Uuid } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Entry,
  insert,
  remove,
  replace,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { type HeldLease, holdLease, LeaseLost } from "./HeldLease.ts"
import { type Job, Jobs } from "./Job.ts"
import { InvalidPayload, type JobHandler } from "./JobHandler.ts"
import { retryMillis } from "./JobQueue.ts"
import { deadJob, givenBackJob, takenJob, waitingJob } from "./jobTransitions.ts"

/**
 * What a worker came to with a job. `missed`: it was not to be taken, or another worker was faster. `lost`: taken over
 * meanwhile. `retrying`: it failed and waits. `dead`: given up.
 */
type JobOutcome = "missed" | "done" | "retrying" | "dead" | "lost"

/**
 * Takes one job of the current partition, if it is to be taken, and does it: leases it, runs the handler while
 * heartbeats keep the lease, and ends it in one batch with what the handler wants to be true. A worker that is
 * interrupted gives the job back at once. One that vanishes leaves it to whoever comes after the lease.
 *
 * Fails with `StoreUnavailable` where the store does not answer; the job comes back when its lease is over.
 *
 * @param onLeased told when the job is this worker's
 */
export const runJob = Effect.fnUntraced(function* <R>(
  id: string,
  handler: JobHandler<R>,
  onLeased: Effect.Effect<void>,
): Effect.fn.Return<JobOutcome, StoreUnavailable, R | Store | Ids | CurrentPartition> {
  const store = yield* Store
  const stored = Option.getOrUndefined(yield* store.get(Jobs, id))
  if (stored === undefined) return "missed"
  const { leaseMillis, maxAttempts } = handler.queue
  const terms = { holder: yield* nextId(Uuid), leaseMillis, maxAttempts }
  const at = yield* now
  const taken = takenJob(stored.value, at, terms)
  if (taken === undefined) return "missed"
  if (taken.state._tag === "Dead") {
    const burial = yield* buryJob(taken, taken.state.reason, at)
    return yield* store.commit([replace(stored, taken), ...burial]).pipe(
      Effect.as("dead" as const),
      Effect.catchTags({
        Conflict: () => Effect.succeed("missed" as const),
        Duplicate: Effect.die,
        Insufficient: Effect.die,
        TooLarge: Effect.die,
      }),
    )
  }
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const lease = yield* holdLease(stored, taken, terms)
      if (Option.isNone(lease)) return "missed" as const
      yield* onLeased
      // The answer may have come when the lease was over.
      if ((taken.dueAt ?? 0) <= (yield* now) && (yield* isLost(lease.value))) return "lost" as const
      return yield* work(lease.value, handler, restore)
    }),
  )
})

const isLost = ({ extend }: HeldLease) =>
  extend.pipe(
    Effect.as(false),
    Effect.catchTag("LeaseLost", () => Effect.succeed(true)),
  )

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** The handler beside its heartbeats; then the end of the job, whatever it was. Not to be interrupted but inside `restore`. */
const work = Effect.fnUntraced(function* <R>(
  lease: HeldLease,
  handler: JobHandler<R>,
  restore: Restore,
): Effect.fn.Return<JobOutcome, StoreUnavailable, R | Store | Ids | CurrentPartition> {
  const surroundings = yield* Effect.context<Store | CurrentPartition>()
  const running = yield* handler
    .run(lease.job, Effect.provideContext(lease.extend, surroundings))
    .pipe(
      Effect.timeout(handler.queue.timeLimitMillis),
      Effect.raceFirst(lease.keep),
      Effect.interruptible,
      Effect.forkChild,
    )
  // A handler that interrupts itself has failed; only the worker's own interruption gives the job back.
  const exit = yield* restore(Fiber.await(running)).pipe(
    Effect.onInterrupt(() => Effect.andThen(Fiber.interrupt(running), giveBack(lease))),
  )
  return yield* Exit.isSuccess(exit)
    ? finish(lease, handler, exit.value)
    : fail(lease, handler, exit.cause)
})

/** Nothing more can be done when this is not possible: the lease ends by itself. */
const giveBack = (lease: HeldLease): Effect.Effect<void, never, Store | CurrentPartition> =>
  Effect.flatMap(now, (at) =>
    lease.end((stored) => [replace(stored, givenBackJob(stored.value, at))]),
  ).pipe(Effect.ignoreCause)

const finish = Effect.fnUntraced(function* <R>(
  lease: HeldLease,
  handler: JobHandler<R>,
  entries: ReadonlyArray<Entry>,
): Effect.fn.Return<JobOutcome, StoreUnavailable, Store | Ids | CurrentPartition> {
  const exit = yield* Effect.exit(lease.end((stored) => [remove(stored), ...entries]))
  return Exit.isSuccess(exit) ? "done" : yield* fail(lease, handler, exit.cause)
})

/** The next try, or the end of the tries. */
const fail = Effect.fnUntraced(function* <R>(
  lease: HeldLease,
  { queue }: JobHandler<R>,
  cause: Cause.Cause<unknown>,
): Effect.fn.Return<JobOutcome, StoreUnavailable, Store | Ids | CurrentPartition> {
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  // Of the lease of another job, if a handler takes one, the error is the handler's.
  if (error instanceof LeaseLost && error.job === lease.job.id) return "lost"
  const { id, attempts } = lease.job
  const reason = reasonOf(cause)
  const isLast = attempts >= queue.maxAttempts || error instanceof InvalidPayload
  yield* Effect.logWarning(isLast ? "a job is dead" : "a job failed", { job: id, attempts, reason })
  const wait = isLast ? 0 : yield* retryMillis(queue.retrySchedule, attempts)
  const at = yield* now
  const burial = isLast ? yield* buryJob(lease.job, reason, at) : []
  return yield* lease
    .end((stored) => [
      replace(
        stored,
        isLast ? deadJob(stored.value, at, reason) : waitingJob(stored.value, plusMillis(at, wait)),
      ),
      ...burial,
    ])
    .pipe(
      Effect.as(isLast ? ("dead" as const) : ("retrying" as const)),
      Effect.catchTags({
        LeaseLost: () => Effect.succeed("lost" as const),
        Conflict: () => Effect.succeed("lost" as const),
        Duplicate: Effect.die,
        Insufficient: Effect.die,
        TooLarge: Effect.die,
      }),
    )
})

/** The death of a job in the audit log. */
const buryJob = Effect.fnUntraced(function* (
  { id }: Job,
  reason: string,
  at: Timestamp,
): Effect.fn.Return<ReadonlyArray<Entry>, never, Ids> {
  return [
    insert(AuditLog, {
      id: yield* nextId(AuditEventId),
      at,
      actor: { kind: "system", id: "worker" },
      action: "giveUpJob",
      object: { kind: "job", id },
      outcome: "refused",
      reason,
      correlation: id,
    }),
  ]
})

const Tag = Schema.String.check(Schema.isPattern(/^[A-Za-z][A-Za-z0-9_./-]{0,127}$/u))
const Tagged = Schema.is(Schema.Struct({ _tag: Tag }))
const Named = Schema.is(Schema.Struct({ name: Tag }))

/** The tag of what went wrong, or the name of its class: never its message, which may hold anything. */
const reasonOf = (cause: Cause.Cause<unknown>): string => {
  const failure = Cause.findErrorOption(cause)
  if (Option.isNone(failure)) return Cause.hasDies(cause) ? "Defect" : "Interrupted"
  if (Tagged(failure.value)) return failure.value._tag
  return Named(failure.value) ? failure.value.name : "Error"
}
