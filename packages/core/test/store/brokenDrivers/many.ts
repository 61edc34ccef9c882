import { Effect } from "effect"
import { broken } from "./faulty.ts"

const AS_EACH = "many records at once are what `get` shows of each, in the order asked"
const ANY_NUMBER = "any number of records may be asked for at once"

/** Drivers that read many records at once in another way than one by one. */
export const many = [
  broken(
    "a read of many takes a hundred ids",
    (good) => ({
      getMany: (collection, partition, ids) =>
        good.getMany(collection, partition, ids.slice(0, 100)),
    }),
    ANY_NUMBER,
  ),
  broken(
    "what comes back of many is named by its place, not by its id",
    (good) => ({
      getMany: (collection, partition, ids) =>
        Effect.map(good.getMany(collection, partition, ids), (found) =>
          found.map((record, place) => ({ ...record, id: ids[place] ?? record.id })),
        ),
    }),
    AS_EACH,
    ANY_NUMBER,
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "a read of many shows each record as it was first seen",
    (good) => {
      const first = new Map<string, Effect.Success<ReturnType<typeof good.get>>>()
      return {
        get: (collection, partition, id) =>
          Effect.tap(good.get(collection, partition, id), (record) =>
            Effect.sync(() => {
              const key = `${partition} ${collection.name} ${id}`
              if (!first.has(key)) first.set(key, record)
            }),
          ),
        getMany: (collection, partition, ids) =>
          Effect.map(good.getMany(collection, partition, ids), (found) =>
            found.map(
              (record) => first.get(`${partition} ${collection.name} ${record.id}`) ?? record,
            ),
          ),
      }
    },
    AS_EACH,
  ),
  broken(
    "a read of many looks in every partition",
    (good) => {
      const all = new Set<Parameters<typeof good.get>[1]>()
      return {
        commit: (partition, entries) => {
          all.add(partition)
          return good.commit(partition, entries)
        },
        getMany: (collection, partition, ids) =>
          Effect.map(
            Effect.forEach(new Set([...all, partition]), (each) =>
              good.getMany(collection, each, ids),
            ),
            (found) => found.flat(),
          ),
      }
    },
    "another partition's records are not there for getMany",
    "any history of batches shows what a plain model of records shows",
  ),
]
