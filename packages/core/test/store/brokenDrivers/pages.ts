import { Effect } from "effect"
import type { RawQuery } from "../../../src/store/index.ts"
import { broken, type Good } from "./faulty.ts"

type Find = Good["find"]

const finding =
  (find: (good: Good) => Find) =>
  (good: Good): Partial<Good> => ({ find: find(good) })

/** Pages by counting from the start instead of by place: how many records came before the one with a cursor. */
const byOffset = (good: Good): Find => {
  const seen = new Map<string, number>()
  const walkOf = (partition: string, { index, equals, range, descending }: RawQuery) =>
    JSON.stringify([partition, index, equals, range, descending])
  return (collection, partition, query) =>
    Effect.gen(function* () {
      const walk = walkOf(partition, query)
      const skip = query.after === undefined ? 0 : (seen.get(`${walk} ${query.after.id}`) ?? 0)
      const asked = { ...query, after: undefined, limit: skip + query.limit }
      const found = (yield* good.find(collection, partition, asked)).slice(skip)
      for (const [i, { id }] of found.entries()) seen.set(`${walk} ${id}`, skip + i + 1)
      return found
    })
}

/** Drivers whose pages do not follow each other. */
export const pages = [
  broken(
    "a page begins one record too late",
    finding(
      (good) => (collection, partition, query) =>
        Effect.map(
          good.find(collection, partition, { ...query, limit: query.limit + 1 }),
          (found) => (query.after === undefined ? found.slice(0, query.limit) : found.slice(1)),
        ),
    ),
    "pages follow each other without gap or repeat, ascending",
    "pages follow each other without gap or repeat, descending",
    "pages inside `equals` and a range follow each other as well",
    "a page goes on behind a record that is gone by then",
    "a cursor goes on with its own query, whatever the size of the next page",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "a page begins with the last record of the page before",
    finding(
      (good) => (collection, partition, query) =>
        Effect.gen(function* () {
          const found = yield* good.find(collection, partition, query)
          const last = query.after && (yield* good.get(collection, partition, query.after.id))
          return last === undefined ? found : [last, ...found].slice(0, query.limit)
        }),
    ),
    "pages follow each other without gap or repeat, ascending",
    "pages follow each other without gap or repeat, descending",
    "records that stay appear once while others come and go between pages, ascending",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "pages are counted from the start",
    finding(byOffset),
    "records that stay appear once while others come and go between pages, ascending",
    "records that stay appear once while others come and go between pages, descending",
    "a page goes on behind a record that is gone by then",
  ),
  broken(
    "pages go by the index's values alone, and pass over ties",
    finding(
      (good) => (collection, partition, query) =>
        good.find(
          collection,
          partition,
          query.after === undefined
            ? query
            : { ...query, after: { ...query.after, id: query.descending ? "" : "\uffff" } },
        ),
    ),
    "pages follow each other without gap or repeat, ascending",
    "pages follow each other without gap or repeat, descending",
  ),
  broken(
    "cursors are forgotten",
    finding(
      (good) => (collection, partition, query) =>
        good.find(collection, partition, { ...query, after: undefined }),
    ),
    "pages follow each other without gap or repeat, ascending",
    "a cursor goes on with its own query, whatever the size of the next page",
  ),
  broken(
    "behind the last page comes the first",
    finding(
      (good) => (collection, partition, query) =>
        Effect.flatMap(good.find(collection, partition, query), (found) =>
          found.length === 0
            ? good.find(collection, partition, { ...query, after: undefined })
            : Effect.succeed(found),
        ),
    ),
    "the page behind the last one is empty and has no cursor",
  ),
]
