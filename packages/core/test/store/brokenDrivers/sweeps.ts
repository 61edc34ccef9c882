import { Effect } from "effect"
import type { DueRecord, PartitionId, RawRecord } from "../../../src/store/index.ts"
import { broken, type Good } from "./faulty.ts"

const dueing =
  (due: (good: Good) => Good["due"]) =>
  (good: Good): Partial<Good> => ({ due: due(good) })
const scanning =
  (scan: (good: Good) => Good["scan"]) =>
  (good: Good): Partial<Good> => ({ scan: scan(good) })

const ALL = Number.POSITIVE_INFINITY

/** Drivers whose sweeps and scans miss something, or show too much. */
export const sweeps = [
  broken(
    "what is due at the very instant waits",
    dueing(
      (good) => (collection, query) => good.due(collection, { ...query, until: query.until - 1 }),
    ),
    "what is due at an instant or before is told, what is due later is not",
  ),
  broken(
    "what is nearly due is told as well",
    dueing(
      (good) => (collection, query) => good.due(collection, { ...query, until: query.until + 1 }),
    ),
    "what is due at an instant or before is told, what is due later is not",
  ),
  broken(
    "what is due comes by partition",
    dueing(
      (good) => (collection, query) =>
        Effect.map(good.due(collection, { ...query, after: undefined, limit: ALL }), (found) => {
          const keyOf = ({ partition, at, id }: DueRecord) =>
            `${partition} ${String(at).padStart(16, "0")} ${id}`
          const { after } = query
          return found
            .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
            .filter((each) => after === undefined || keyOf(each) > keyOf(after))
            .slice(0, query.limit)
        }),
    ),
    "what is due comes from every partition, by instant, partition and id, with nothing else of the record",
    "more than a thousand due records stream past, each once and in order",
  ),
  broken(
    "what is due carries its record",
    dueing(
      (good) => (collection, query) =>
        Effect.flatMap(good.due(collection, query), (found) =>
          Effect.forEach(found, (each) =>
            Effect.map(good.get(collection, each.partition, each.id), (record) => ({
              ...record,
              ...each,
            })),
          ),
        ),
    ),
    "what is due comes from every partition, by instant, partition and id, with nothing else of the record",
  ),
  broken(
    "only the first page of what is due is told",
    dueing(
      (good) => (collection, query) =>
        query.after === undefined ? good.due(collection, query) : Effect.succeed([]),
    ),
    "more than a thousand due records stream past, each once and in order",
    "a sweep that handles what it is told reaches the end",
  ),
  broken(
    "pages of what is due pass over ties",
    dueing(
      (good) => (collection, query) =>
        good.due(collection, {
          ...query,
          after: query.after && { ...query.after, partition: "\uffff" as PartitionId },
        }),
    ),
    "more than a thousand due records stream past, each once and in order",
  ),
  broken(
    "what is due is counted from the start",
    (good) => {
      const seen = new Map<string, number>()
      const keyOf = ({ partition, id }: DueRecord) => `${partition} ${id}`
      return {
        due: (collection, query) =>
          Effect.gen(function* () {
            const skip = query.after === undefined ? 0 : (seen.get(keyOf(query.after)) ?? 0)
            const asked = { ...query, after: undefined, limit: skip + query.limit }
            const found = (yield* good.due(collection, asked)).slice(skip)
            for (const [i, each] of found.entries()) seen.set(keyOf(each), skip + i + 1)
            return found
          }),
      }
    },
    "a sweep that handles what it is told reaches the end",
  ),
  broken(
    "records without an instant are always due",
    (good) => {
      const undated = new Map<string, DueRecord>()
      return {
        commit: (partition, entries) =>
          Effect.tap(good.commit(partition, entries), () =>
            Effect.sync(() => {
              for (const entry of entries)
                if ("body" in entry && entry.body["dueAt"] === undefined)
                  undated.set(`${partition} ${entry.id}`, { partition, id: entry.id, at: 0 })
            }),
          ),
        due: (collection, query) =>
          Effect.map(good.due(collection, query), (found) =>
            query.after === undefined ? [...undated.values(), ...found] : found,
          ),
      }
    },
    "a record without the field is never due",
    "a record is due when its present value says, and no longer when it is gone",
  ),
  broken(
    "a scan ends before its last record",
    scanning(
      (good) => (collection, partition, after, limit) =>
        Effect.map(good.scan(collection, partition, after, limit), (found) =>
          found.length < limit ? found.slice(0, -1) : found,
        ),
    ),
    "a scan shows every record of the collection once, by id",
    "more than a thousand records stream past, each once and in order",
    "a scan of 999 records ends with the last one",
    "a scan of 1001 records ends with the last one",
  ),
  broken(
    "a scan's pages are not full",
    scanning(
      (good) => (collection, partition, after, limit) =>
        good.scan(collection, partition, after, limit - 1),
    ),
    "a scan of 1000 records ends with the last one",
    "a scan of 1001 records ends with the last one",
    "a scan of 2000 records ends with the last one",
    "more than a thousand records stream past, each once and in order",
  ),
  broken(
    "a scan repeats the record at the border of a page",
    scanning(
      (good) => (collection, partition, after, limit) =>
        Effect.gen(function* () {
          const found = yield* good.scan(collection, partition, after, limit)
          const last =
            after === undefined ? undefined : yield* good.get(collection, partition, after)
          return last === undefined ? found : [last, ...found].slice(0, limit)
        }),
    ),
    "more than a thousand records stream past, each once and in order",
  ),
  broken(
    "a scan is counted from the start",
    (good) => {
      const seen = new Map<string, number>()
      return {
        scan: (collection, partition, after, limit) =>
          Effect.gen(function* () {
            const skip = after === undefined ? 0 : (seen.get(`${partition} ${after}`) ?? 0)
            const found = (yield* good.scan(collection, partition, undefined, skip + limit)).slice(
              skip,
            )
            for (const [i, { id }] of found.entries()) seen.set(`${partition} ${id}`, skip + i + 1)
            return found
          }),
      }
    },
    "records that stay appear once while others come and go during a scan",
  ),
  broken(
    "a scan is ordered as in a dictionary",
    scanning(
      (good) => (collection, partition, after, limit) =>
        Effect.map(good.scan(collection, partition, undefined, ALL), (found) => {
          const { compare } = new Intl.Collator("en")
          return found
            .toSorted((a, b) => compare(a.id, b.id))
            .filter(({ id }) => after === undefined || compare(id, after) > 0)
            .slice(0, limit)
        }),
    ),
    "a scan shows every record of the collection once, by id",
  ),
  broken(
    "a scan shows what the first one saw",
    (good) => {
      const first = new Map<string, ReadonlyArray<RawRecord>>()
      return {
        scan: (collection, partition, after, limit) =>
          Effect.map(good.scan(collection, partition, after, limit), (found) => {
            const key = `${collection.name} ${partition} ${after}`
            const known = first.get(key) ?? found
            first.set(key, known)
            return known
          }),
      }
    },
    "a scan shows present versions, and nothing that is gone",
  ),
]
