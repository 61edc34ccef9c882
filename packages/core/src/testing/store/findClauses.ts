import * as Effect from "effect/Effect"
import { insert, remove, replace, Store } from "../../store/index.ts"
import { expectSame } from "../expectations.ts"
import { type Part, Parts, part } from "./contractCollections.ts"
import { commit, readPart, storeClause, writeParts } from "./storeClause.ts"

/** What one page of `find` shows, and in which order. */
export const findClauses = [
  storeClause(
    "records come in the order of the index's fields, ties by id",
    "find: total order",
    Effect.gen(function* () {
      // Written in an order that is neither that of the ids nor that of the ranks.
      yield* commit(...["d", "a", "c"].map((id) => insert(Parts, part(id, { rank: 1 }))))
      yield* commit(insert(Parts, part("z", { rank: 0 })), insert(Parts, part("B", { rank: 1 })))
      yield* commit(insert(Parts, part("b", { rank: 1 })), insert(Parts, part("0", { rank: 2 })))
      yield* commit(insert(Parts, part("y", { shelf: "r", rank: 9 })))
      const order = ["y", "z", "B", "a", "b", "c", "d", "0"]
      expectSame("ascending", yield* idsBy("shelf", {}), order)
      expectSame("descending", yield* idsBy("shelf", { order: "descending" }), order.toReversed())
    }),
  ),

  storeClause(
    "numbers order by value and strings by character, not by how they are written",
    "find: total order",
    Effect.gen(function* () {
      const ranks = [10, 9, -1, 0, 100, -20, 2 ** 40]
      yield* commit(...ranks.map((rank) => insert(Parts, part(`r${rank}`, { rank }))))
      const byRank = ranks.toSorted((a, b) => a - b).map((rank) => `r${rank}`)
      expectSame("numbers", yield* idsBy("shelf", {}), byRank)
      const bays = ["Z", "a", "B", "10", "9", "é", "é2", "e", "", " ", "-", "_", "😀"]
      yield* commit(...bays.map((bay) => insert(Parts, part(`b${bay}`, { bay }))))
      const byBay = bays.toSorted((a, b) => (a < b ? -1 : 1)).map((bay) => `b${bay}`)
      expectSame("strings", yield* idsBy("bay", {}), byBay)
    }),
  ),

  storeClause(
    "false comes before true",
    "find: total order",
    Effect.gen(function* () {
      yield* commit(
        insert(Parts, part("a", { live: true })),
        insert(Parts, part("b", { live: false })),
      )
      expectSame("by life", yield* idsBy("live", {}), ["b", "a"])
      expectSame("live", yield* idsBy("live", { equals: { live: true } }), ["a"])
      expectSame("dead", yield* idsBy("live", { equals: { live: false } }), ["b"])
    }),
  ),

  storeClause(
    "`equals` narrows by the index's first fields, one, two or all of them",
    "find: equals",
    Effect.gen(function* () {
      yield* writeParts(grid)
      const shelf = (wanted: string) => idsOf(grid.filter((each) => each.shelf === wanted))
      expectSame("one field", yield* idsBy("shelf", { equals: { shelf: "t" } }), shelf("t"))
      expectSame("all", yield* idsBy("shelf", { equals: { shelf: "t", rank: 2 } }), ["t2a", "t2b"])
      const three = { live: true, shelf: "u", rank: 1 }
      expectSame("three fields", yield* idsBy("live", { equals: three }), ["u1a", "u1b"])
      expectSame("no match", yield* idsBy("shelf", { equals: { shelf: "T" } }), [])
      expectSame("no prefix match", yield* idsBy("shelf", { equals: { shelf: "" } }), [])
      const down = yield* idsBy("shelf", { equals: { shelf: "t" }, order: "descending" })
      expectSame("descending", down, shelf("t").toReversed())
    }),
  ),

  ...(["ascending", "descending"] as const).map((order) =>
    storeClause(
      `each end of a range is in or out as asked, ${order}`,
      "find: range",
      Effect.gen(function* () {
        yield* writeParts(grid)
        const expected = (holds: (rank: number) => boolean) => {
          const ids = idsOf(grid.filter(({ shelf, rank }) => shelf === "t" && holds(rank)))
          return order === "ascending" ? ids : ids.toReversed()
        }
        const inRange = (range: { gt?: number; gte?: number; lt?: number; lte?: number }) =>
          idsBy("shelf", { equals: { shelf: "t" }, range, order })
        const cases = [
          [{ gte: 2 }, (rank: number) => rank >= 2],
          [{ gt: 2 }, (rank: number) => rank > 2],
          [{ lte: 2 }, (rank: number) => rank <= 2],
          [{ lt: 2 }, (rank: number) => rank < 2],
          [{ gte: 1, lte: 3 }, (rank: number) => rank >= 1 && rank <= 3],
          [{ gt: 1, lt: 3 }, (rank: number) => rank > 1 && rank < 3],
          [{ gte: 1, gt: 2 }, (rank: number) => rank > 2],
          [{ lte: 3, lt: 2 }, (rank: number) => rank < 2],
          [{ gte: 3, lte: 1 }, () => false],
          [{ gt: 99 }, () => false],
          [{}, () => true],
        ] as const
        for (const [range, holds] of cases)
          expectSame(JSON.stringify(range), yield* inRange(range), expected(holds))
      }),
    ),
  ),

  storeClause(
    "a range without `equals` runs over the index's first field",
    "find: range",
    Effect.gen(function* () {
      yield* writeParts(grid)
      const behindS = idsOf(grid.filter(({ shelf }) => shelf > "s"))
      expectSame("strings", yield* idsBy("shelf", { range: { gt: "s" } }), behindS)
      yield* commit(
        insert(Parts, part("few", { stock: 1 })),
        insert(Parts, part("many", { stock: 9 })),
      )
      expectSame("numbers", yield* idsBy("stock", { range: { gte: 2 } }), ["many"])
    }),
  ),

  storeClause(
    "a page holds as many records as asked, 100 when nothing is asked, never above 1,000",
    "find: limit",
    Effect.gen(function* () {
      yield* writeParts(Array.from({ length: 1100 }, (_, i) => part(String(i + 1000), { rank: i })))
      const sizeOf = (limit?: number) =>
        Effect.map(idsBy("shelf", limit === undefined ? {} : { limit }), (ids) => ids.length)
      expectSame("unasked", yield* sizeOf(), 100)
      expectSame("one", yield* sizeOf(1), 1)
      expectSame("all", yield* sizeOf(1000), 1000)
      expectSame("too many", yield* sizeOf(5000), 1000)
      expectSame("none", yield* sizeOf(0), 1)
      expectSame("the first", yield* idsBy("shelf", { limit: 3 }), ["1000", "1001", "1002"])
    }),
  ),

  storeClause(
    "a record that lacks a field of an index, or holds null there, is not in that index",
    "find: sparse index",
    Effect.gen(function* () {
      yield* commit(
        insert(Parts, part("a")),
        insert(Parts, part("b", { bay: "", code: "", serial: "" })),
        insert(Parts, part("c", { code: null })),
      )
      for (const index of ["bay", "code", "serial"] as const)
        expectSame(`by ${index}`, yield* idsBy(index, {}), ["b"])
      expectSame("by shelf", yield* idsBy("shelf", {}), ["a", "b", "c"])
      yield* commit(replace(yield* readPart("b"), part("b")))
      yield* commit(replace(yield* readPart("a"), part("a", { bay: "x", code: "x", serial: "x" })))
      for (const index of ["bay", "code", "serial"] as const)
        expectSame(`by ${index}, later`, yield* idsBy(index, {}), ["a"])
    }),
  ),

  storeClause(
    "a record stands in an index where its present values say, and nowhere else",
    "find: indexes follow writes",
    Effect.gen(function* () {
      yield* commit(
        ...["a", "b", "c"].map((id, rank) => insert(Parts, part(id, { rank, code: id }))),
      )
      yield* commit(replace(yield* readPart("a"), part("a", { rank: 9, code: "z" })))
      expectSame("moved back", yield* idsBy("shelf", {}), ["b", "c", "a"])
      expectSame("old value", yield* idsBy("code", { equals: { code: "a" } }), [])
      expectSame("new value", yield* idsBy("code", { equals: { code: "z" } }), ["a"])
      yield* commit(replace(yield* readPart("c"), part("c", { shelf: "0", rank: 9 })))
      expectSame("moved to the front", yield* idsBy("shelf", {}), ["c", "b", "a"])
      yield* commit(remove(yield* readPart("b")))
      expectSame("removed", yield* idsBy("shelf", {}), ["c", "a"])
    }),
  ),

  storeClause(
    "what `find` shows is the record itself, with its version",
    "find: value and version",
    Effect.gen(function* () {
      const store = yield* Store
      yield* commit(insert(Parts, part("a")))
      yield* commit(replace(yield* readPart("a"), part("a", { note: "n" })))
      const [found] = (yield* store.find(Parts, "shelf", {})).items
      expectSame("version and value", [found?.version, found?.value], [2, part("a", { note: "n" })])
      if (found !== undefined) yield* commit(replace(found, part("a", { note: "m" })))
      expectSame("get", (yield* readPart("a")).value.note, "m")
    }),
  ),
]

type WalkIndex = Exclude<keyof typeof Parts.indexes, "dueAt">

const idsBy = <Name extends WalkIndex>(index: Name, query: Parameters<typeof findParts<Name>>[1]) =>
  Effect.map(findParts(index, query), (page) => page.items.map(({ id }) => id))

const findParts = <const Name extends WalkIndex>(
  index: Name,
  query: Parameters<Store["Service"]["find"]>[2] & object,
) => Effect.flatMap(Store, (store) => store.find(Parts, index, query as never))

/** Three shelves, four ranks, two records each, in the order of the index `shelf`. */
const grid: ReadonlyArray<Part> = ["s", "t", "u"].flatMap((shelf) =>
  [0, 1, 2, 3].flatMap((rank) =>
    ["a", "b"].map((last) => part(`${shelf}${rank}${last}`, { shelf, rank })),
  ),
)

const idsOf = (parts: ReadonlyArray<Part>) => parts.map(({ id }) => id)
