import { Effect } from "effect"
import type { CollectionShape, PartitionId, RawRecord } from "../../../src/store/index.ts"
import { broken, type Good } from "./faulty.ts"

/** Knows every partition that was ever written, and so can look where it must not. */
const knowing =
  (leak: (good: Good, all: ReadonlySet<PartitionId>) => Partial<Good>) =>
  (good: Good): Partial<Good> => {
    const all = new Set<PartitionId>()
    const leaking = leak(good, all)
    return {
      ...leaking,
      commit: (partition, entries) => {
        all.add(partition)
        return (leaking.commit ?? good.commit)(partition, entries)
      },
    }
  }

/** Drivers that let one partition see or touch another. */
export const leaks = [
  broken(
    "get looks in every partition",
    knowing((good, all) => ({
      get: (collection, partition, id) =>
        Effect.gen(function* () {
          let found = yield* good.get(collection, partition, id)
          for (const other of all) found ??= yield* good.get(collection, other, id)
          return found
        }),
    })),
    "another partition's record is not there for get",
    "an id cannot reach into another partition, however it is spelled",
  ),
  broken(
    "find looks in every partition",
    knowing((good, all) => ({
      find: (collection, partition, query) =>
        Effect.map(
          Effect.forEach(new Set([partition, ...all]), (each) =>
            good.find(collection, each, query),
          ),
          (found) => found.flat().slice(0, query.limit),
        ),
    })),
    "another partition's records are in no page, by any index",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "find stays inside for the exact values only",
    knowing((good, all) => ({
      find: (collection, partition, query) =>
        query.range === undefined
          ? good.find(collection, partition, query)
          : Effect.map(
              Effect.forEach(new Set([partition, ...all]), (each) =>
                good.find(collection, each, query),
              ),
              (found) => found.flat().slice(0, query.limit),
            ),
    })),
    "another partition's records are in no page, by any index",
  ),
  broken(
    "a scan runs through every partition",
    knowing((good, all) => ({
      scan: (collection, partition, after, limit) =>
        Effect.map(
          Effect.forEach(new Set([partition, ...all]), (each) =>
            good.scan(collection, each, after, limit),
          ),
          (found) => found.flat().toSorted(byId).slice(0, limit),
        ),
    })),
    "another partition's records are in no scan",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "add finds the counter in any partition",
    knowing((good, all) => ({
      commit: (partition, entries) =>
        Effect.gen(function* () {
          const [entry, ...more] = entries
          const candidates = entry?.kind === "add" && more.length === 0 ? [partition, ...all] : []
          for (const other of candidates) {
            const there = entry && (yield* good.get(entry.collection, other, entry.id))
            if (there !== undefined) return yield* good.commit(other, entries)
          }
          return yield* good.commit(partition, entries)
        }),
    })),
    "another partition's counters hold nothing here",
  ),
  broken(
    "an id that begins with a partition is looked up there",
    (good) => ({
      get: (collection, partition, id) => {
        const [, other, rest] = /^([0-9a-f-]{36})\/(.*)$/u.exec(id) ?? []
        return other === undefined || rest === undefined
          ? good.get(collection, partition, id)
          : good.get(collection, other as PartitionId, rest)
      },
    }),
    "an id cannot reach into another partition, however it is spelled",
  ),
  broken(
    "a remove takes the record of that id out of every partition",
    knowing((good, all) => ({
      commit: (partition, entries) =>
        Effect.gen(function* () {
          yield* good.commit(partition, entries)
          const removed = entries.filter(({ kind }) => kind === "remove")
          for (const other of all)
            for (const { collection, id } of removed) yield* removeAny(good, collection, other, id)
        }),
    })),
    "no write here changes anything there",
  ),
]

const removeAny = Effect.fnUntraced(function* (
  good: Good,
  collection: CollectionShape,
  partition: PartitionId,
  id: string,
) {
  const record = yield* good.get(collection, partition, id)
  if (record === undefined) return
  yield* good.commit(partition, [{ kind: "remove", collection, id, version: record.version }])
})

const byId = (a: RawRecord, b: RawRecord) => (a.id < b.id ? -1 : 1)
