import { Effect } from "effect"
import {
  type CollectionShape,
  Duplicate,
  type PartitionId,
  type RawEntry,
} from "../../../src/store/index.ts"
import { broken, type Good } from "./faulty.ts"

/** The same collection with its unique indexes declared otherwise. */
const redeclared =
  (change: (fields: readonly [string, ...Array<string>]) => CollectionShape["indexes"][string]) =>
  (shape: CollectionShape): CollectionShape => ({
    ...shape,
    indexes: Object.fromEntries(
      Object.entries(shape.indexes).map(([name, declared]) => [
        name,
        declared.kind === "unique" ? change([...declared.fields]) : declared,
      ]),
    ),
  })

const plain = redeclared((fields) => ({ kind: "plain", fields }))

/** Uses collections as `change` declares them. */
const declaring =
  (change: (shape: CollectionShape) => CollectionShape) =>
  (good: Good): Partial<Good> => ({
    prepare: (collections) => good.prepare(collections.map(change)),
    get: (collection, partition, id) => good.get(change(collection), partition, id),
    find: (collection, partition, query) => good.find(change(collection), partition, query),
    scan: (collection, partition, after, limit) =>
      good.scan(change(collection), partition, after, limit),
    due: (collection, query) => good.due(change(collection), query),
    commit: (partition, entries) =>
      good.commit(
        partition,
        entries.map((entry) => ({ ...entry, collection: change(entry.collection) })),
      ),
  })

/** The unique values that an entry would take: the index's name and one text for the values. */
const takes = (entry: RawEntry, textOf: (value: unknown) => string = JSON.stringify) =>
  Object.entries(entry.collection.indexes).flatMap(([index, { kind, fields }]) => {
    if (kind !== "unique" || !("body" in entry)) return []
    const values = fields.map((field) => entry.body[field] ?? undefined)
    return values.includes(undefined) ? [] : [{ index, values: values.map(textOf).join() }]
  })

type Refuses = (entry: RawEntry, index: string, values: string, partition: PartitionId) => boolean

const duplicateOf = ({ collection, id }: RawEntry, index: string) =>
  new Duplicate({ collection: collection.name, index, id })

/** Refuses what is taken by its own books, kept for as long as the driver lives, on top of what the engine refuses. */
const refusing =
  (keepBooks: () => Refuses) =>
  (good: Good): Partial<Good> => {
    const refuses = keepBooks()
    return {
      commit: (partition, entries) => {
        for (const entry of entries) {
          const taken = takes(entry).find(({ index, values }) =>
            refuses(entry, index, values, partition),
          )
          if (taken !== undefined) return Effect.fail(duplicateOf(entry, taken.index))
        }
        return good.commit(partition, entries)
      },
    }
  }

/** Takes what is not there for a value of its own: the second record without one is refused. */
const collidingWhen =
  (isNoValue: (code: unknown) => boolean) =>
  (good: Good): Partial<Good> => {
    const holders = new Set<PartitionId>()
    const collides = (entry: RawEntry, partition: PartitionId): boolean => {
      if (entry.kind !== "insert" || !("code" in entry.collection.indexes)) return false
      if (!isNoValue(entry.body["code"])) return false
      return holders.size === holders.add(partition).size
    }
    return {
      commit: (partition, entries) => {
        const colliding = entries.find((entry) => collides(entry, partition))
        return colliding === undefined
          ? good.commit(partition, entries)
          : Effect.fail(duplicateOf(colliding, "code"))
      },
    }
  }

/** Asks which unique values are taken, and writes afterwards, as if nothing could happen in between. */
const lookingUpFirst = (good: Good): Partial<Good> => {
  const takenBy = (entry: RawEntry, partition: PartitionId) =>
    Effect.map(good.scan(plain(entry.collection), partition, undefined, 10_000), (all) => {
      const others = all.flatMap(({ id, body }) =>
        id === entry.id ? [] : takes({ ...entry, body } as RawEntry),
      )
      const taken = new Set(others.map(({ index, values }) => `${index} ${values}`))
      return takes(entry).find(({ index, values }) => taken.has(`${index} ${values}`))
    })
  return {
    ...declaring(plain)(good),
    commit: (partition, entries) =>
      Effect.gen(function* () {
        for (const entry of entries) {
          const taken = entry.kind === "insert" ? yield* takenBy(entry, partition) : undefined
          if (taken !== undefined) return yield* duplicateOf(entry, taken.index)
        }
        yield* Effect.yieldNow
        return yield* good.commit(
          partition,
          entries.map((entry) => ({ ...entry, collection: plain(entry.collection) })),
        )
      }),
  }
}

/** Drivers whose unique indexes are not. */
export const uniques = [
  broken(
    "unique indexes are plain ones",
    declaring(plain),
    "values of a unique index are taken once: the Duplicate names the index",
    "a unique index of two fields takes each pair of values once",
    "a replacement may not take another record's unique values, and keeps its own",
    "unique values are free again after their record moved on or went",
    "one batch cannot take the same unique values twice",
    "a batch with a new record with taken unique values leaves nothing behind, wherever it stands",
    "of many callers that take the same unique values, one wins",
    "ids and unique values are taken in one partition only",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "a unique index of two fields looks at the first",
    declaring(redeclared(([first]) => ({ kind: "unique", fields: [first] }))),
    "a unique index of two fields takes each pair of values once",
  ),
  broken(
    "unique values are looked up before they are written",
    lookingUpFirst,
    "of many callers that take the same unique values, one wins",
    "one batch cannot take the same unique values twice",
    "a replacement may not take another record's unique values, and keeps its own",
  ),
  broken(
    "unique indexes reach across partitions",
    refusing(() => {
      const holders = new Map<string, string>()
      return (entry, index, values, partition) => {
        const holder = `${partition} ${entry.id}`
        const key = `${index} ${values}`
        if ((holders.get(key)?.split(" ")[0] ?? partition) !== partition) return true
        holders.set(key, holder)
        return false
      }
    }),
    "ids and unique values are taken in one partition only",
    "no write here changes anything there",
  ),
  broken(
    "unique values stay taken for ever",
    refusing(() => {
      const holders = new Map<string, string>()
      return (entry, index, values, partition) => {
        const key = `${partition} ${index} ${values}`
        if (entry.kind === "insert" && holders.has(key)) return true
        holders.set(key, entry.id)
        return false
      }
    }),
    "unique values are free again after their record moved on or went",
    "a removed record is gone from every index and may be written again",
  ),
  broken(
    "unique values are compared without case and spaces",
    refusing(() => {
      const holders = new Map<string, string>()
      return (entry, index, values, partition) => {
        const key = `${partition} ${index} ${values.toLowerCase().replaceAll(" ", "")}`
        const taken = holders.has(key) && holders.get(key) !== entry.id
        if (!taken) holders.set(key, entry.id)
        return taken
      }
    }),
    "unique values that differ by case, accent form or a space are different",
  ),
  broken(
    "records without a code collide",
    collidingWhen((code) => code === undefined),
    "records that lack a field of a unique index, or hold null there, do not collide",
  ),
  broken(
    "records with null for a code collide",
    collidingWhen((code) => code === null),
    "records that lack a field of a unique index, or hold null there, do not collide",
  ),
  broken(
    "a duplicate does not name its index",
    (good) => ({
      commit: (partition, entries) =>
        Effect.catchTag(good.commit(partition, entries), "Duplicate", ({ collection, id }) =>
          Effect.fail(new Duplicate({ collection, index: "id", id })),
        ),
    }),
    "values of a unique index are taken once: the Duplicate names the index",
    "a replacement may not take another record's unique values, and keeps its own",
  ),
]
