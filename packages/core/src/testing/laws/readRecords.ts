import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import {
  type AnyCollection,
  type CurrentPartition,
  type RecordOf,
  Store,
  type StoreUnavailable,
} from "../../store/index.ts"

/** Collections under the names that laws call their records by. */
interface Shelves {
  readonly [name: string]: AnyCollection
}

/** All records of some collections at one moment, by id. */
export type RecordsOf<Named extends Shelves> = {
  readonly [Name in keyof Named]: ReadonlyArray<RecordOf<Named[Name]>>
} & {
  /** Every record, named by collection and id, with its version: equal exactly while nothing was written. */
  readonly versions: ReadonlyMap<string, number>
}

/** Reads everything that the current partition has of some collections. A record that its own schema refuses is a defect. */
export const readRecords = <const Named extends Shelves>(
  named: Named,
): Effect.Effect<RecordsOf<Named>, StoreUnavailable, Store | CurrentPartition> =>
  Effect.gen(function* () {
    const store = yield* Store
    const versions = new Map<string, number>()
    const records = yield* Effect.forEach(
      Object.entries(named),
      ([name, collection]) =>
        Effect.map(Stream.runCollect(store.scan(collection)), (found) => {
          for (const { id, version } of found) versions.set(`${collection.name} ${id}`, version)
          return [name, found.map(({ value }) => value)] as const
        }),
      { concurrency: "unbounded" },
    )
    return { ...Object.fromEntries(records), versions } as unknown as RecordsOf<Named>
  })

/** Whether nothing at all was written between two moments. */
export const isUntouched = (
  { versions: before }: { readonly versions: ReadonlyMap<string, number> },
  { versions: after }: { readonly versions: ReadonlyMap<string, number> },
): boolean =>
  before.size === after.size && [...before].every(([name, version]) => after.get(name) === version)
