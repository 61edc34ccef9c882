import { Effect } from "effect"
import type { IndexValue, RawQuery, RawRecord } from "../../../src/store/index.ts"
import { broken, type Good } from "./faulty.ts"
import { plainWalk } from "./plainWalk.ts"

const walking =
  (fault: Parameters<typeof plainWalk>[1]) =>
  (good: Good): Partial<Good> => ({
    find: plainWalk(good, fault),
  })

/** Asks the good driver something else than was asked. */
const asking =
  (change: (query: RawQuery) => RawQuery) =>
  (good: Good): Partial<Good> => ({
    find: (collection, partition, query) => good.find(collection, partition, change(query)),
  })

/** Remembers the first body of each record, for indexes that do not follow. */
const withFirstBodies =
  (find: (good: Good, firstOf: (record: RawRecord) => RawRecord["body"]) => Good["find"]) =>
  (good: Good): Partial<Good> => {
    const first = new Map<string, RawRecord["body"]>()
    return {
      commit: (partition, entries) =>
        Effect.tap(good.commit(partition, entries), () =>
          Effect.sync(() => {
            for (const entry of entries)
              if (entry.kind === "insert") first.set(`${entry.id}`, entry.body)
          }),
        ),
      find: find(good, ({ id, body }) => first.get(id) ?? body),
    }
  }

const asText = (a: IndexValue, b: IndexValue) =>
  String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
const byCollation = new Intl.Collator("en").compare

/** Drivers that find the wrong records, or in the wrong order. */
export const finds = [
  broken(
    "ties stand in the order of writing",
    (good) => {
      const written: Array<string> = []
      return {
        commit: (partition, entries) =>
          Effect.tap(good.commit(partition, entries), () =>
            Effect.sync(() => {
              // Entries come by id: the other way round, so that the order of writing is not that of ids.
              for (const { kind, id } of entries.toReversed())
                if (kind === "insert") written.push(id)
            }),
          ),
        find: plainWalk(good, { ties: (a, b) => written.indexOf(a.id) - written.indexOf(b.id) }),
      }
    },
    "records come in the order of the index's fields, ties by id",
    "pages follow each other without gap or repeat, ascending",
    "any history of batches shows what a plain model of records shows",
  ),
  broken(
    "numbers are ordered as they are written",
    walking({ compare: asText }),
    "numbers order by value and strings by character, not by how they are written",
  ),
  broken(
    "strings are ordered as in a dictionary",
    walking({
      compare: (a, b) => (typeof a === "string" ? byCollation(a, String(b)) : asText(a, b)),
    }),
    "numbers order by value and strings by character, not by how they are written",
  ),
  broken(
    "an index has another order of strings than ranges and scans",
    walking({
      compare: (a, b) =>
        typeof a === "string" && typeof b === "string"
          ? Buffer.compare(Buffer.from(a), Buffer.from(b))
          : asText(a, b),
    }),
    "strings are ordered by character, and where an engine may choose, alike in all that it does",
  ),
  broken(
    "true comes first",
    walking({
      compare: (a, b) => (typeof a === "boolean" ? asText(b, a) : a < b ? -1 : a > b ? 1 : 0),
    }),
    "false comes before true",
  ),
  broken(
    "every walk goes upwards",
    asking((query) => ({ ...query, descending: false })),
    "records come in the order of the index's fields, ties by id",
    "pages follow each other without gap or repeat, descending",
    "records that stay appear once while others come and go between pages, descending",
  ),
  broken(
    "equals matches the beginning of a string",
    walking({ matches: (value, asked) => String(value).startsWith(String(asked)) }),
    "`equals` narrows by the index's first fields, one, two or all of them",
  ),
  broken(
    "equals narrows by the first field only",
    asking((query) => ({ ...query, equals: query.equals.slice(0, 1) })),
    "`equals` narrows by the index's first fields, one, two or all of them",
  ),
  broken(
    "gt is taken for gte",
    asking(({ range, ...query }) => {
      const { gt, ...rest } = range ?? {}
      return { ...query, range: gt === undefined ? range : { gte: gt, ...rest } }
    }),
    "each end of a range is in or out as asked, ascending",
    "each end of a range is in or out as asked, descending",
    "a range without `equals` runs over the index's first field",
    "pages inside `equals` and a range follow each other as well",
  ),
  broken(
    "lte is taken for lt",
    asking(({ range, ...query }) => {
      const { lte, ...rest } = range ?? {}
      return { ...query, range: lte === undefined ? range : { lt: lte, ...rest } }
    }),
    "each end of a range is in or out as asked, ascending",
    "each end of a range is in or out as asked, descending",
  ),
  broken(
    "a range needs equals",
    asking((query) => (query.equals.length === 0 ? { ...query, range: undefined } : query)),
    "a range without `equals` runs over the index's first field",
  ),
  broken(
    "pages hold fifty records at most",
    asking((query) => ({ ...query, limit: Math.min(50, query.limit) })),
    "a page holds as many records as asked, 100 when nothing is asked, never above 1,000",
    "pages follow each other without gap or repeat, ascending",
  ),
  broken(
    "an index stays as it was when its records were made",
    withFirstBodies((good, bodyOf) => plainWalk(good, { bodyOf })),
    "a record stands in an index where its present values say, and nowhere else",
    "a record that lacks a field of an index, or holds null there, is not in that index",
    "adding moves a record in the indexes on the counter, and makes what was read old",
  ),
  broken(
    "an index shows what its records were when they were made",
    withFirstBodies(
      (good, bodyOf) => (collection, partition, query) =>
        Effect.map(good.find(collection, partition, query), (found) =>
          found.map((record) => ({ ...record, body: bodyOf(record) })),
        ),
    ),
    "what `find` shows is the record itself, with its version",
  ),
  broken(
    "an index keeps what was removed",
    (good) => {
      const gone: Array<readonly [string, string, RawRecord]> = []
      return {
        commit: (partition, entries) =>
          Effect.gen(function* () {
            const leaving: typeof gone = []
            for (const { kind, collection, id } of entries) {
              if (kind !== "remove") continue
              const record = yield* good.get(collection, partition, id)
              if (record !== undefined) leaving.push([collection.name, partition, record])
            }
            yield* good.commit(partition, entries)
            gone.push(...leaving)
          }),
        find: (collection, partition, query) =>
          Effect.map(good.find(collection, partition, query), (found) => [
            ...found,
            ...gone.flatMap(([name, where, record]) =>
              name === collection.name && where === partition && query.after === undefined
                ? [record]
                : [],
            ),
          ]),
      }
    },
    "a removed record is gone from every index and may be written again",
    "a record stands in an index where its present values say, and nowhere else",
  ),
]
