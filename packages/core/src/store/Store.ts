import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { AnyCollection, Collection, CollectionShape } from "./Collection.ts"
import { CurrentPartition, type PartitionId, Sweeper } from "./CurrentPartition.ts"
import { Driver, type DueRecord, type RawRecord } from "./Driver.ts"
import type { Entry, Stored } from "./Entry.ts"
import { encodeBatch } from "./encodeBatch.ts"
import { cursorBehind, MAX_PAGE, type Page, type Query, toRawQuery } from "./Query.ts"
import { formatOf } from "./recordFormat.ts"
import type { CommitRefused, InvalidCursor, StoreUnavailable, TooLarge } from "./storeErrors.ts"

type WalkIndexOf<I extends CollectionShape["indexes"]> = {
  [K in keyof I & string]: I[K]["kind"] extends "due" ? never : K
}[keyof I & string]

type DueIndexOf<I extends CollectionShape["indexes"]> = {
  [K in keyof I & string]: I[K]["kind"] extends "due" ? K : never
}[keyof I & string]

/**
 * The one storage port. Six members, each of which reads and writes the current partition only;
 * `due` alone looks across, and shows no content.
 */
export class Store extends Context.Service<
  Store,
  {
    /** The engine's own time, in milliseconds (T6). */
    readonly clock: Effect.Effect<number, StoreUnavailable>
    /** The record with this id in the current partition. Foreign and missing look the same: `none`. */
    readonly get: <A, I extends CollectionShape["indexes"]>(
      collection: Collection<A, I>,
      id: string,
    ) => Effect.Effect<Option.Option<Stored<A>>, StoreUnavailable, CurrentPartition>
    /**
     * Those of the records that are in the current partition, by id, in the order asked: each is what `get` would
     * show. An id is asked once however often it is named, any number of ids may be asked for, and each thousand of
     * them is one read. Like a row of `get`s it is not one snapshot: pin with `check` what a decision rests on.
     */
    readonly getMany: <A, I extends CollectionShape["indexes"], Id extends string>(
      collection: Collection<A, I>,
      ids: Iterable<Id>,
    ) => Effect.Effect<ReadonlyMap<Id, Stored<A>>, StoreUnavailable, CurrentPartition>
    /** One page in index order, ties by id: no gap and no repeat across pages, whatever is written meanwhile. */
    readonly find: <A, I extends CollectionShape["indexes"], const Name extends WalkIndexOf<I>>(
      collection: Collection<A, I>,
      index: Name,
      query: Query<A, I[Name]["fields"]>,
    ) => Effect.Effect<Page<A>, InvalidCursor | StoreUnavailable, CurrentPartition>
    /** All entries or none, as one. Batches are data: build them from `insert`, `replace`, `remove`, `add` and `check`. */
    readonly commit: (
      batch: ReadonlyArray<Entry>,
    ) => Effect.Effect<void, CommitRefused | TooLarge | StoreUnavailable, CurrentPartition>
    /** What is due at `until` (milliseconds), in every partition, earliest first. For sweepers: ids only. */
    readonly due: <A, I extends CollectionShape["indexes"]>(
      collection: Collection<A, I>,
      index: DueIndexOf<I>,
      until: number,
    ) => Stream.Stream<DueRecord, StoreUnavailable, Sweeper>
    /** Every record of the current partition by id, in bounded memory. For purge checks, reports and rebuilds. */
    readonly scan: <A, I extends CollectionShape["indexes"]>(
      collection: Collection<A, I>,
    ) => Stream.Stream<Stored<A>, StoreUnavailable, CurrentPartition>
  }
>()("@oto-fulfilment/core/Store") {
  /** The store over a driver, after the driver has made `collections` ready. */
  static readonly layer = (
    collections: ReadonlyArray<AnyCollection>,
  ): Layer.Layer<Store, StoreUnavailable, Driver> =>
    Layer.effect(
      Store,
      Effect.gen(function* () {
        const driver = yield* Driver
        yield* driver.prepare(collections)
        return make(driver)
      }),
    )
}

const make = (driver: Driver["Service"]): Store["Service"] =>
  Store.of({
    clock: driver.clock,
    get: Effect.fnUntraced(function* (collection, id) {
      const { id: partition } = yield* CurrentPartition
      const record = yield* driver.get(collection, partition, id)
      return record === undefined ? Option.none() : Option.some(open(collection, partition, record))
    }),

    getMany: Effect.fnUntraced(function* <
      A,
      I extends CollectionShape["indexes"],
      Id extends string,
    >(collection: Collection<A, I>, ids: Iterable<Id>) {
      const { id: partition } = yield* CurrentPartition
      const asked = [...new Set(ids)]
      const records = new Map<Id, Stored<A>>()
      for (let from = 0; from < asked.length; from += MAX_PAGE) {
        const some = asked.slice(from, from + MAX_PAGE)
        const found = yield* driver.getMany(collection, partition, some)
        const byId = new Map(found.map((record) => [record.id, record]))
        for (const id of some) {
          const record = byId.get(id)
          if (record !== undefined) records.set(id, open(collection, partition, record))
        }
      }
      return records
    }),

    find: Effect.fnUntraced(function* (collection, index, query) {
      const { id: partition } = yield* CurrentPartition
      const asked = query as Query<unknown, ReadonlyArray<string>>
      const raw = toRawQuery(collection, index, partition, asked)
      if (Result.isFailure(raw)) return yield* raw.failure
      const records = yield* driver.find(collection, partition, raw.success)
      const last = records.length < raw.success.limit ? undefined : records[records.length - 1]
      return {
        items: records.map((record) => open(collection, partition, record)),
        next: last && cursorBehind(collection, partition, raw.success, last),
      }
    }),

    commit: Effect.fnUntraced(function* (batch) {
      const { id: partition } = yield* CurrentPartition
      if (batch.length === 0) return
      const entries = encodeBatch(batch, partition)
      if (Result.isFailure(entries)) return yield* entries.failure
      return yield* driver.commit(partition, entries.success)
    }),

    due: (collection, index, until) =>
      Stream.unwrap(
        Effect.map(Sweeper, () =>
          pages((after: DueRecord | undefined) =>
            driver.due(collection, { index, until, after, limit: MAX_PAGE }),
          ),
        ),
      ),

    scan: (collection) =>
      Stream.unwrap(
        Effect.map(CurrentPartition, ({ id: partition }) =>
          pages((after: RawRecord | undefined) =>
            driver.scan(collection, partition, after?.id, MAX_PAGE),
          ).pipe(Stream.map((record) => open(collection, partition, record))),
        ),
      ),
  })

const open = <A, I extends CollectionShape["indexes"]>(
  collection: Collection<A, I>,
  partition: PartitionId,
  record: RawRecord,
): Stored<A> => {
  const value = collection.decode(record.body)
  // A record that its own schema refuses is damage, not an outcome: the message names paths, never values.
  if (Result.isFailure(value)) {
    const { _tag, message } = value.failure
    const what = _tag === "NewerFormat" ? "is of another release" : "is damaged"
    throw new Error(`${collection.name} ${record.id} ${what}: ${message}`)
  }
  return {
    collection: collection as unknown as Stored<A>["collection"],
    partition,
    id: record.id,
    version: record.version,
    format: formatOf(record.body),
    value: value.success,
  }
}

const pages = <A>(
  read: (after: A | undefined) => Effect.Effect<ReadonlyArray<A>, StoreUnavailable>,
): Stream.Stream<A, StoreUnavailable> =>
  Stream.paginate(undefined as A | undefined, (after) =>
    Effect.map(read(after), (page) => [
      page,
      page.length < MAX_PAGE ? Option.none() : Option.fromUndefinedOr(page[page.length - 1]),
    ]),
  )
