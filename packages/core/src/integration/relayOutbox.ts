import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { DAY_MILLIS, now, plusMillis, type Timestamp } from "../kernel/index.ts"
import {
  CurrentPartition,
  type Entry,
  openPartition,
  openSweeper,
  type PartitionId,
  remove,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
  Sweeper,
} from "../store/index.ts"
import { leadOf } from "./Job.ts"
import type { JobHandler } from "./JobHandler.ts"
import { newJob } from "./JobQueue.ts"
import { Outbox, type OutboxMessage } from "./Outbox.ts"
import { joinTurn } from "./takeTurns.ts"

/** The subscribers of each topic that is served; none for one whose messages nobody wants. */
export type Subscribers = ReadonlyMap<string, ReadonlyArray<JobHandler<unknown>>>

/** What one pass over the outbox did. */
interface Relayed {
  /** Messages that were handed to their subscribers. */
  readonly relayed: number
  /** Messages that were put off, by topic: nobody here serves it, and nobody else did for an hour. */
  readonly unserved: ReadonlyMap<string, number>
}

/** How long a message waits for a process that serves its topic, before it is put off. */
const PATIENCE_MILLIS = 3_600_000

/** Messages that are handed over in one batch. */
const CHUNK = 20

/**
 * Hands what is in the outbox to its subscribers, in every partition: one batch takes a message out and writes a job
 * for each of them, so nothing is lost and nothing handed over twice, in any number of processes at once.
 *
 * A message of a topic that nobody serves stays. It does not stand in the way of others, and it is put off for as long
 * as it has waited, an hour at least and a day at most: who serves its topic later gets it then.
 */
export const relayOutbox = Effect.fnUntraced(function* (
  subscribers: Subscribers,
): Effect.fn.Return<Relayed, StoreUnavailable, Store> {
  const store = yield* Store
  const at = yield* now
  const unserved = new Map<string, number>()
  const served = new Map<PartitionId, Array<string>>()
  const left = new Map<PartitionId, Array<string>>()
  yield* store.due(Outbox, "due", at).pipe(
    Stream.runForEach((due) =>
      Effect.sync(() => {
        if (subscribers.has(leadOf(due.id))) joinTurn(served, due)
        else if (due.at <= at - PATIENCE_MILLIS) joinTurn(left, due)
      }),
    ),
    Effect.provideService(Sweeper, openSweeper()),
  )
  let relayed = 0
  for (const [partition, ids] of served)
    for (let from = 0; from < ids.length; from += CHUNK)
      relayed += yield* relay(ids.slice(from, from + CHUNK), subscribers, at).pipe(
        Effect.provideService(CurrentPartition, openPartition(partition)),
      )
  for (const [partition, ids] of left)
    for (const topic of yield* putOff(ids, at).pipe(
      Effect.provideService(CurrentPartition, openPartition(partition)),
    ))
      unserved.set(topic, (unserved.get(topic) ?? 0) + 1)
  return { relayed, unserved }
})

/** Hands over all at once; one by one where that is refused, because another process was faster with some. */
const relay = (
  ids: ReadonlyArray<string>,
  subscribers: Subscribers,
  at: Timestamp,
): Effect.Effect<number, StoreUnavailable, Store | CurrentPartition> =>
  Effect.gen(function* () {
    const store = yield* Store
    const messages = [...(yield* store.getMany(Outbox, ids)).values()].filter(
      ({ value }) => value.dueAt <= at,
    )
    yield* store.commit(
      messages.flatMap((each) => handOver(each, subscribers.get(each.value.topic) ?? [], at)),
    )
    return messages.length
  }).pipe(
    Effect.catchTags({
      Insufficient: Effect.die,
      Conflict: () => oneByOne(ids, subscribers, at),
      Duplicate: () => oneByOne(ids, subscribers, at),
      TooLarge: () =>
        ids.length > 1 ? oneByOne(ids, subscribers, at) : Effect.as(putOff(ids, at), 0),
    }),
    Effect.catchDefect((defect) =>
      ids.length > 1 ? oneByOne(ids, subscribers, at) : reportDamage(ids[0], defect, 0),
    ),
  )

const oneByOne = (
  ids: ReadonlyArray<string>,
  subscribers: Subscribers,
  at: Timestamp,
): Effect.Effect<number, StoreUnavailable, Store | CurrentPartition> =>
  ids.length === 1
    ? Effect.succeed(0)
    : Effect.map(
        Effect.forEach(ids, (id) => relay([id], subscribers, at)),
        (each) => each.reduce((sum, count) => sum + count, 0),
      )

const handOver = (
  stored: Stored<OutboxMessage>,
  subscribers: ReadonlyArray<JobHandler<unknown>>,
  at: Timestamp,
): ReadonlyArray<Entry> => {
  const { id, body, createdAt } = stored.value
  // The message's own id makes the job's: a message that was handed over twice would be refused as a duplicate.
  const jobs = subscribers.map(({ queue }) =>
    newJob(queue.name, id, { message: id, body }, { createdAt, dueAt: at }),
  )
  return [remove(stored), ...jobs]
}

/** Puts messages off, and says of which topics they are. */
const putOff = (
  ids: ReadonlyArray<string>,
  at: Timestamp,
): Effect.Effect<ReadonlyArray<string>, StoreUnavailable, Store | CurrentPartition> =>
  Effect.map(
    Effect.forEach(ids, (id) =>
      putOneOff(id, at).pipe(
        Effect.map((isPut) => (isPut ? [leadOf(id)] : [])),
        Effect.catchTags({
          // Another process put it off, or handed it over.
          Conflict: () => Effect.succeed([]),
          Duplicate: Effect.die,
          Insufficient: Effect.die,
          TooLarge: Effect.die,
        }),
        Effect.catchDefect((defect) => reportDamage(id, defect, [])),
      ),
    ),
    (topics) => topics.flat(),
  )

const putOneOff = Effect.fnUntraced(function* (id: string, at: Timestamp) {
  const store = yield* Store
  const stored = Option.getOrUndefined(yield* store.get(Outbox, id))
  if (stored === undefined || stored.value.dueAt > at) return false
  const wait = Math.min(DAY_MILLIS, Math.max(PATIENCE_MILLIS, at - stored.value.createdAt))
  yield* store.commit([replace(stored, { ...stored.value, dueAt: plusMillis(at, wait) })])
  return true
})

/** A damaged record must not keep the others waiting. */
const reportDamage = <A>(id: string | undefined, defect: unknown, instead: A): Effect.Effect<A> =>
  Effect.as(Effect.logError("a message cannot be handed over", { message: id }, defect), instead)
