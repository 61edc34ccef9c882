import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Ids } from "../../kernel/index.ts"
import {
  CurrentPartition,
  type Driver,
  type DueRecord,
  type Entry,
  insert,
  openPartition,
  openSweeper,
  PartitionId,
  Store,
  type Stored,
  Sweeper,
} from "../../store/index.ts"
import type { Clause } from "../Contract.ts"
import { Breach } from "../expectations.ts"
import { contractCollections, type Part, Parts } from "./contractCollections.ts"

/** A clause of the store's contract, run in a partition that nobody used before. */
export const storeClause = (
  name: string,
  law: string,
  check: Effect.Effect<void, unknown, Store | Ids | CurrentPartition | Driver>,
): Clause<Driver> => ({
  name,
  law,
  check: inFreshPartition(check).pipe(
    Effect.provide(Layer.merge(Store.layer(contractCollections), Ids.layer), { local: true }),
  ),
})

/** The id of a partition that holds nothing yet. */
export const freshPartition: Effect.Effect<PartitionId, never, Ids> = Effect.flatMap(Ids, (ids) =>
  Effect.map(ids.next, (id) => PartitionId.make(id)),
)

/** Runs work in the given partition. */
export const inPartition =
  (id: PartitionId) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, CurrentPartition>> =>
    Effect.provideService(work, CurrentPartition, openPartition(id))

/** Runs work in a partition that holds nothing yet. */
export const inFreshPartition = <A, E, R>(
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, Exclude<R, CurrentPartition> | Ids> =>
  Effect.flatMap(freshPartition, (id) => inPartition(id)(work))

/** Commits a batch to the current partition. */
export const commit = (...batch: ReadonlyArray<Entry>) =>
  Effect.flatMap(Store, (store) => store.commit(batch))

/** Writes parts, in as many batches as it takes. */
export const writeParts = (parts: ReadonlyArray<Part>) =>
  Effect.forEach(
    Array.from({ length: Math.ceil(parts.length / 1000) }, (_, n) =>
      parts.slice(n * 1000, (n + 1) * 1000),
    ),
    (some) => commit(...some.map((each) => insert(Parts, each))),
    { discard: true },
  )

/** The part with this id, which must be there. */
export const readPart = (
  id: string,
): Effect.Effect<Stored<Part>, unknown, Store | CurrentPartition> =>
  Effect.flatMap(findPart(id), (found) =>
    Option.isSome(found)
      ? Effect.succeed(found.value)
      : Effect.fail(new Breach({ what: `get ${id}`, expected: "a record", seen: "none" })),
  )

/** The part with this id, if it is there. */
export const findPart = (id: string) => Effect.flatMap(Store, (store) => store.get(Parts, id))

/** Every part of the current partition by `scan`. Reads no more than `most`, so that a broken stream ends. */
export const scanParts = (most = 10_000) =>
  Effect.flatMap(Store, (store) => Stream.runCollect(Stream.take(store.scan(Parts), most)))

/** What is due in the given partitions, in the order in which the store says it. */
export const dueParts = (until: number, partitions: ReadonlyArray<PartitionId>) =>
  Effect.flatMap(Store, (store) =>
    store.due(Parts, "dueAt", until).pipe(
      Stream.take(1_000_000),
      Stream.filter((record: DueRecord) => partitions.includes(record.partition)),
      Stream.runCollect,
      Effect.provideService(Sweeper, openSweeper()),
    ),
  )

/** Everything that can be seen of the current partition's parts, to tell whether anything changed at all. */
export const everythingSeen = Effect.gen(function* () {
  const { id } = yield* CurrentPartition
  const store = yield* Store
  const records = (yield* scanParts()).map(seenOf)
  const byShelf = (yield* store.find(Parts, "shelf", { limit: 1000 })).items.map(seenOf)
  const byLife = (yield* store.find(Parts, "live", { limit: 1000 })).items.map(seenOf)
  const byBay = (yield* store.find(Parts, "bay", { limit: 1000 })).items.map(seenOf)
  const byStock = (yield* store.find(Parts, "stock", { limit: 1000 })).items.map(seenOf)
  const byCode = (yield* store.find(Parts, "code", { limit: 1000 })).items.map(seenOf)
  const bySerial = (yield* store.find(Parts, "serial", { limit: 1000 })).items.map(seenOf)
  const dues = yield* dueParts(Number.MAX_SAFE_INTEGER, [id])
  return { records, byShelf, byLife, byBay, byStock, byCode, bySerial, dues }
})

/** What a read shows of a record. */
export const seenOf = <A>({ id, version, value }: Stored<A>) => ({ id, version, value })

/** `n` pieces of work at once, each with its outcome. */
export const together = <A, E, R>(n: number, work: (i: number) => Effect.Effect<A, E, R>) =>
  Effect.forEach(
    Array.from({ length: n }, (_, i) => i),
    (i) => Effect.result(work(i)),
    { concurrency: "unbounded" },
  )
