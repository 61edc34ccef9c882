import * as Effect from "effect/Effect"
import {
  type CollectionShape,
  type CommitRefused,
  Driver,
  type PartitionId,
  type RawEntry,
  type RawRecord,
  type StoreUnavailable,
} from "../../store/index.ts"

const PAGE = 1000

/** The records of partitions as the driver has them: a backup. */
export type RawCopy = ReadonlyArray<{
  readonly collection: CollectionShape
  readonly partition: PartitionId
  readonly record: RawRecord
}>

/** Copies what partitions hold in some collections. */
export const copyOf = (
  partitions: ReadonlyArray<PartitionId>,
  shapes: ReadonlyArray<CollectionShape>,
): Effect.Effect<RawCopy, StoreUnavailable, Driver> => {
  const shelves = partitions.flatMap((partition) =>
    shapes.map((collection) => ({ partition, collection })),
  )
  return Effect.map(Effect.forEach(shelves, copyShelf, { concurrency: 8 }), (copies) =>
    copies.flat(),
  )
}

const copyShelf = Effect.fnUntraced(function* ({
  partition,
  collection,
}: {
  readonly partition: PartitionId
  readonly collection: CollectionShape
}) {
  const driver = yield* Driver
  const copied: Array<RawCopy[number]> = []
  let page: ReadonlyArray<RawRecord> = []
  do {
    page = yield* driver.scan(collection, partition, page.at(-1)?.id, PAGE)
    copied.push(...page.map((record) => ({ collection, partition, record })))
  } while (page.length === PAGE)
  return copied
})

/** Makes what is there now what a copy says: records that are there already are written over. */
export const putBack = Effect.fnUntraced(function* (
  present: RawCopy,
  copy: RawCopy,
): Effect.fn.Return<void, CommitRefused | StoreUnavailable, Driver> {
  const driver = yield* Driver
  const there = new Map(present.map((each) => [nameOf(each), each.record]))
  const wanted = new Set(copy.map(nameOf))
  yield* removeRecords(present.filter((each) => !wanted.has(nameOf(each))))
  for (const [partition, records] of Map.groupBy(copy, (each) => each.partition))
    yield* driver.commit(
      partition,
      records.map((each): RawEntry => {
        const { collection, record } = each
        const entry = { collection, id: record.id, body: record.body }
        const known = there.get(nameOf(each))
        return known === undefined
          ? { kind: "insert", ...entry }
          : { kind: "replace", version: known.version, ...entry }
      }),
    )
})

const nameOf = ({ partition, collection, record }: RawCopy[number]): string =>
  `${partition} ${collection.name} ${record.id}`

/** Takes away what a copy names. */
export const removeRecords = Effect.fnUntraced(function* (
  copy: RawCopy,
): Effect.fn.Return<void, CommitRefused | StoreUnavailable, Driver> {
  const driver = yield* Driver
  for (const [partition, records] of Map.groupBy(copy, (each) => each.partition))
    yield* driver.commit(
      partition,
      records.map(
        ({ collection, record: { id, version } }): RawEntry => ({
          kind: "remove",
          collection,
          id,
          version,
        }),
      ),
    )
})
