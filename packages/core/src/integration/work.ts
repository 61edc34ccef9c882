import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Random from "effect/Random"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { type Ids, now } from "../kernel/index.ts"
import {
  CurrentPartition,
  openPartition,
  openSweeper,
  type PartitionId,
  Store,
  type StoreUnavailable,
  Sweeper,
} from "../store/index.ts"
import { Jobs, leadOf } from "./Job.ts"
import type { JobHandler } from "./JobHandler.ts"
import type { Topic } from "./Outbox.ts"
import { relayOutbox, type Subscribers } from "./relayOutbox.ts"
import { runJob } from "./runJob.ts"
import { joinTurn, type Turns, takeTurns } from "./takeTurns.ts"

/** How a worker works. */
export interface WorkOptions {
  /** Jobs at once; 8 when left out. */
  readonly concurrency?: number
  /** How long it rests when it found nothing to do, in milliseconds; a second when left out. Nothing else wakes it. */
  readonly pollMillis?: number
  /** Topics whose messages nobody wants: they leave the outbox undelivered. */
  readonly unwanted?: ReadonlyArray<Pick<Topic<unknown>, "name">>
}

/**
 * Works for ever: hands messages of the outbox to their subscribers, and takes the jobs that are due, in every
 * partition, in rounds. Any number of workers may do so in any number of processes: a version guard gives each job to
 * one of them, and the others pass on. All workers that serve a topic must have the same subscribers of it.
 *
 * A round takes at most 100 jobs of a partition, the earliest of each queue's first, and the partitions take turns in
 * it: a partition with very many jobs delays another's by a round, not by all of its jobs. Inside a partition, jobs
 * are taken about in the order in which they are due, and nothing is promised about it; queues are not weighed against
 * each other, and a long job keeps its place among the `concurrency` until its time limit.
 *
 * When it is interrupted it gives its jobs back at once.
 */
export const work = <R>(
  handlers: ReadonlyArray<JobHandler<R>>,
  { concurrency = 8, pollMillis = 1000, unwanted = [] }: WorkOptions = {},
): Effect.Effect<never, never, Exclude<R, CurrentPartition> | Store | Ids> => {
  const byQueue = new Map(handlers.map((handler) => [handler.queue.name, handler]))
  if (byQueue.size < handlers.length) throw new TypeError("two handlers are for one queue")
  const subscribers = subscribersOf(handlers, unwanted)
  const round = Effect.fnUntraced(function* (crew: Crew) {
    const { relayed, unserved } = yield* relayOutbox(subscribers)
    if (unserved.size > 0)
      yield* Effect.logWarning("messages wait for a subscriber", Object.fromEntries(unserved))
    const turns = yield* findDue((queue) => byQueue.has(queue))
    const start = yield* Random.nextIntBetween(0, 1_000_000)
    for (const [partition, id] of takeTurns(turns, start)) {
      const handler = byQueue.get(leadOf(id))
      const place = `${partition} ${id}`
      // A worker that was held up must not take a job over from itself.
      if (handler === undefined || crew.atWork.has(place)) continue
      yield* crew.slots.take(1)
      crew.atWork.add(place)
      yield* runJob(id, handler, crew.leased).pipe(
        Effect.provideService(CurrentPartition, openPartition(partition)),
        // One job that cannot be worked on, such as a damaged record, is not the end of the worker: its fiber ends alone.
        Effect.tapCauseIf(
          (cause) => !Cause.hasInterruptsOnly(cause),
          (cause) => Effect.logError("a job was left", { job: id }, cause),
        ),
        Effect.ensuring(Effect.sync(() => crew.atWork.delete(place))),
        Effect.ensuring(crew.slots.release(1)),
        FiberSet.run(crew.fibers),
      )
    }
    return relayed
  })
  return Effect.gen(function* () {
    let leased = 0
    const crew: Crew = {
      slots: yield* Semaphore.make(concurrency),
      fibers: yield* FiberSet.make(),
      atWork: new Set(),
      leased: Effect.sync(() => {
        leased += 1
      }),
    }
    for (;;) {
      leased = 0
      const relayed = yield* round(crew).pipe(
        Effect.catch((error) =>
          Effect.as(Effect.logWarning("the worker found no store", error.operation), 0),
        ),
      )
      // Where a round found work there may be more.
      if (relayed + leased === 0) yield* Effect.sleep(pollMillis)
      else yield* Effect.yieldNow
    }
  }).pipe(Effect.scoped)
}

interface Crew {
  readonly slots: Semaphore.Semaphore
  readonly fibers: FiberSet.FiberSet<unknown, unknown>
  readonly atWork: Set<string>
  readonly leased: Effect.Effect<void>
}

const subscribersOf = (
  handlers: ReadonlyArray<JobHandler<unknown>>,
  unwanted: ReadonlyArray<Pick<Topic<unknown>, "name">>,
): Subscribers => {
  const topics = new Map<string, Array<JobHandler<unknown>>>(unwanted.map(({ name }) => [name, []]))
  for (const handler of handlers) {
    if (handler.topic === undefined) continue
    const known = topics.get(handler.topic)
    if (known === undefined) topics.set(handler.topic, [handler])
    else known.push(handler)
  }
  return topics
}

/** What is due for queues that are served, by partition. It reads ids only, so other queues' jobs cost no look. */
const findDue = Effect.fnUntraced(function* (
  isServed: (queue: string) => boolean,
): Effect.fn.Return<Turns, StoreUnavailable, Store> {
  const store = yield* Store
  return yield* store.due(Jobs, "due", yield* now).pipe(
    Stream.filter(({ id }) => isServed(leadOf(id))),
    Stream.runFold(() => new Map<PartitionId, Array<string>>(), joinTurn),
    Effect.provideService(Sweeper, openSweeper()),
  )
})
