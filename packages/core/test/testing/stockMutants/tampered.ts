import { Clock, Effect, Option } from "effect"
import type { CommandServices } from "../../../src/command/index.ts"
import { type AnyCollection, type Entry, Store, type Stored } from "../../../src/store/index.ts"
import type { StockOperations } from "../../../src/testing/index.ts"

/** Operations that are wrong on purpose, and the laws of stock that must say so. */
export interface StockMutant {
  readonly name: string
  readonly operations: Partial<StockOperations>
  /** By number: `L1`, `R11`. */
  readonly breaks: ReadonlyArray<string>
}

type Operation<I, A, E> = (input: I) => Effect.Effect<A, E, CommandServices>

/** The operation over a store of which some members are changed for worse ones. */
export const over = <I, A, E>(
  operation: Operation<I, A, E>,
  change: (store: Store["Service"]) => Partial<Store["Service"]>,
): Operation<I, A, E> => {
  return (input) =>
    Effect.flatMap(Store, (store) =>
      Effect.provideService(operation(input), Store, Store.of({ ...store, ...change(store) })),
    )
}

/** The operation with other entries in its batches. */
export const withBatch = <I, A, E>(
  operation: Operation<I, A, E>,
  change: (batch: ReadonlyArray<Entry>) => ReadonlyArray<Entry>,
): Operation<I, A, E> =>
  over(operation, (store) => ({ commit: (batch) => store.commit(change(batch)) }))

/** The collection that an entry writes to, or holds to a version. */
export const collectionOf = (entry: Entry): AnyCollection =>
  "stored" in entry ? (entry.stored.collection as unknown as AnyCollection) : entry.collection

/** The operation that forgets to write some of its records. */
export const forgetting = <I, A, E>(
  operation: Operation<I, A, E>,
  ...collections: ReadonlyArray<AnyCollection>
): Operation<I, A, E> =>
  withBatch(operation, (batch) =>
    batch.filter((entry) => entry.kind === "check" || !collections.includes(collectionOf(entry))),
  )

/** The operation with other figures in what it adds to a collection's counters. */
export const adding = <I, A, E>(
  operation: Operation<I, A, E>,
  collection: AnyCollection,
  change: (add: Extract<Entry, { readonly kind: "add" }>) => Partial<Entry>,
): Operation<I, A, E> =>
  withBatch(operation, (batch) =>
    batch.map((entry) =>
      entry.kind === "add" && entry.collection === collection
        ? ({ ...entry, ...change(entry) } as Entry)
        : entry,
    ),
  )

/** The operation whose counters may pass any floor. */
export const withoutFloors = <I, A, E>(operation: Operation<I, A, E>): Operation<I, A, E> =>
  withBatch(operation, (batch) =>
    batch.map((entry) => (entry.kind === "add" ? { ...entry, floors: {} } : entry)),
  )

/** The operation that reads other values than are there; undefined for a record that it does not see at all. */
export const seeing = <I, A, E, C extends AnyCollection>(
  operation: Operation<I, A, E>,
  collection: C,
  change: (value: never) => unknown,
): Operation<I, A, E> => {
  const seen = (stored: Stored<unknown>): ReadonlyArray<Stored<unknown>> => {
    const value = change(stored.value as never)
    return value === undefined ? [] : [{ ...stored, value }]
  }
  return over(operation, (store) => {
    const get = store.get as (
      from: AnyCollection,
      id: string,
    ) => Effect.Effect<Option.Option<Stored<unknown>>>
    const getMany = store.getMany as (
      from: AnyCollection,
      ids: Iterable<string>,
    ) => Effect.Effect<ReadonlyMap<string, Stored<unknown>>>
    const find = store.find as unknown as (
      from: AnyCollection,
      index: string,
      query: object,
    ) => Effect.Effect<{ readonly items: ReadonlyArray<Stored<unknown>> }>
    const changed = {
      get: (from: AnyCollection, id: string) =>
        from === collection
          ? Effect.map(get(from, id), (found) =>
              Option.fromUndefinedOr(Option.toArray(found).flatMap(seen)[0]),
            )
          : get(from, id),
      getMany: (from: AnyCollection, ids: Iterable<string>) =>
        from === collection
          ? Effect.map(
              getMany(from, ids),
              (found) =>
                new Map(
                  [...found].flatMap(([id, stored]) => seen(stored).map((each) => [id, each])),
                ),
            )
          : getMany(from, ids),
      find: (from: AnyCollection, index: string, query: object) =>
        from === collection
          ? Effect.map(find(from, index, query), (page) => ({
              ...page,
              items: page.items.flatMap(seen),
            }))
          : find(from, index, query),
    }
    return changed as unknown as Partial<Store["Service"]>
  })
}

/** The operation on a clock that goes wrong by so many milliseconds. */
export const offBy = <I, A, E>(
  operation: Operation<I, A, E>,
  millis: number,
): Operation<I, A, E> => {
  return (input) =>
    Effect.flatMap(Clock.Clock, (clock) =>
      Effect.provideService(operation(input), Clock.Clock, {
        currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + millis,
        currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + millis),
        currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
        currentTimeNanos: clock.currentTimeNanos,
        monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
        monotonicTimeNanos: clock.monotonicTimeNanos,
        sleep: (duration) => clock.sleep(duration),
      }),
    )
}
