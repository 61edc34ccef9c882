import * as Effect from "effect/Effect"
import { Cursor, remove, replace, Store } from "../../store/index.ts"
import { Breach, expectRefused, expectSame } from "../expectations.ts"
import { nthId, type Part, Parts, part } from "./contractCollections.ts"
import {
  commit,
  findPart,
  freshPartition,
  inPartition,
  readPart,
  storeClause,
  writeParts,
} from "./storeClause.ts"

/** What holds across the pages of `find`. */
export const pageClauses = [
  ...(["ascending", "descending"] as const).map((order) =>
    storeClause(
      `pages follow each other without gap or repeat, ${order}`,
      "find: pages",
      Effect.gen(function* () {
        const inOrder = crowd(61)
        yield* writeParts(inOrder)
        const expected = inOrder.map(({ id }) => id)
        if (order === "descending") expected.reverse()
        for (const limit of [1, 2, 3, 7, 20, 61, 100])
          expectSame(`pages of ${limit}`, yield* readPages({ order, limit }), expected)
      }),
    ),
  ),

  storeClause(
    "pages inside `equals` and a range follow each other as well",
    "find: pages",
    Effect.gen(function* () {
      yield* writeParts(crowd(40))
      yield* writeParts(crowd(40, "other"))
      const within = (holds: (rank: number) => boolean) =>
        crowd(40).flatMap(({ id, rank }) => (holds(rank) ? [id] : []))
      for (const order of ["ascending", "descending"] as const) {
        const turned = (ids: Array<string>) => (order === "descending" ? ids.toReversed() : ids)
        const equals = { shelf: "s" }
        expectSame(
          "equals",
          yield* readPages({ equals, order, limit: 3 }),
          turned(within(() => true)),
        )
        const range = { gt: 1, lte: 6 }
        const ranged = yield* readPages({ equals, range, order, limit: 3 })
        expectSame("range", ranged, turned(within((rank) => rank > 1 && rank <= 6)))
      }
    }),
  ),

  storeClause(
    "the page behind the last one is empty and has no cursor",
    "find: pages",
    Effect.gen(function* () {
      const store = yield* Store
      yield* writeParts(crowd(4))
      const short = yield* store.find(Parts, "shelf", { limit: 5 })
      expectSame("a page that is not full", [short.items.length, short.next], [4, undefined])
      const full = yield* store.find(Parts, "shelf", { limit: 4 })
      if (full.next !== undefined) {
        const behind = yield* store.find(Parts, "shelf", { limit: 4, after: full.next })
        expectSame("behind the last", [behind.items.length, behind.next], [0, undefined])
      }
    }),
  ),

  ...(["ascending", "descending"] as const).map((order) =>
    storeClause(
      `records that stay appear once while others come and go between pages, ${order}`,
      "find: pages under writes",
      Effect.gen(function* () {
        const staying = crowd(40).filter((_, i) => i % 2 === 0)
        const going = crowd(40).filter((_, i) => i % 2 === 1)
        yield* writeParts([...staying, ...going])
        let turn = 0
        const seen = yield* readPages({ order, limit: 3 }, () =>
          Effect.gen(function* () {
            // Around every place of the walk: one that was there goes, and new ones come on both sides.
            for (const { id } of going.slice(turn * 2, turn * 2 + 2)) yield* removePart(id)
            const last = going[going.length - 1 - turn]
            if (last !== undefined && turn % 3 === 0) yield* removePart(last.id)
            yield* writeParts(
              [0, 3, 7].map((rank) => part(`p-new-${rank}-${turn}`, { rank, note: "new" })),
            )
            turn++
          }),
        )
        const stayed = new Set(staying.map(({ id }) => id))
        const expected = staying.map(({ id }) => id)
        if (order === "descending") expected.reverse()
        expectSame(
          "staying records",
          seen.filter((id) => stayed.has(id)),
          expected,
        )
        expectSame("repeats", seen.length - new Set(seen).size, 0)
      }),
    ),
  ),

  storeClause(
    "a page goes on behind a record that is gone by then",
    "find: pages under writes",
    Effect.gen(function* () {
      const store = yield* Store
      yield* writeParts(crowd(10))
      const first = yield* store.find(Parts, "shelf", { limit: 4 })
      const last = first.items[3]
      if (last === undefined)
        throw new Breach({ what: "page", expected: "4 records", seen: "fewer" })
      yield* commit(remove(last))
      const second = yield* store.find(Parts, "shelf", { limit: 100, after: first.next })
      const rest = crowd(10).slice(4)
      expectSame(
        "rest",
        second.items.map(({ id }) => id),
        rest.map(({ id }) => id),
      )
    }),
  ),

  storeClause(
    "a cursor goes on with its own query, whatever the size of the next page",
    "find: cursors",
    Effect.gen(function* () {
      const store = yield* Store
      yield* writeParts(crowd(10))
      const { next } = yield* store.find(Parts, "shelf", { limit: 2 })
      const rest = yield* store.find(Parts, "shelf", { limit: 50, after: next })
      expectSame("rest", rest.items.length, 8)
      yield* commit(
        replace(yield* readPart(nthId(9)), { ...(yield* readPart(nthId(9))).value, note: "n" }),
      )
      const again = yield* store.find(Parts, "shelf", { limit: 50, after: next })
      expectSame(
        "again",
        again.items.map(({ id }) => id),
        rest.items.map(({ id }) => id),
      )
    }),
  ),

  storeClause(
    "a cursor of another query, or of none, is an InvalidCursor",
    "find: cursors",
    Effect.gen(function* () {
      const store = yield* Store
      yield* writeParts(crowd(10).map((each) => ({ ...each, bay: "b" })))
      const after = (yield* store.find(Parts, "shelf", { limit: 2 })).next as Cursor
      const foreign = yield* freshPartition
      const refused: ReadonlyArray<
        readonly [string, ReturnType<typeof store.find<Part, typeof Parts.indexes, "shelf">>]
      > = [
        ["another order", store.find(Parts, "shelf", { after, order: "descending" })],
        ["another equals", store.find(Parts, "shelf", { after, equals: { shelf: "s" } })],
        ["another index", store.find(Parts, "bay", { after })],
        ["another partition", inPartition(foreign)(store.find(Parts, "shelf", { after }))],
        ...damaged(after).map(
          (bad) => [`damaged: ${bad}`, store.find(Parts, "shelf", { after: bad })] as const,
        ),
      ]
      for (const [what, work] of refused) {
        const error = yield* expectRefused(what, "InvalidCursor", work)
        expectSame("collection", error.collection, "contract_parts")
      }
    }),
  ),
]

/** Parts on one shelf, many of them with the same rank, in the order of the index `shelf`. */
const crowd = (n: number, shelf = "s"): ReadonlyArray<Part> =>
  Array.from({ length: n }, (_, i) =>
    part(`${shelf === "s" ? "" : shelf}${nthId(i)}`, { shelf, rank: Math.floor(i / 5) }),
  )

interface Asked {
  readonly equals?: { readonly shelf: string }
  readonly range?: { readonly gt: number; readonly lte: number }
  readonly order: "ascending" | "descending"
  readonly limit: number
}

/** The ids of all pages, one after another. `between` runs behind each page. A walk that does not end is a breach. */
const readPages = <E = never, R = never>(asked: Asked, between?: () => Effect.Effect<void, E, R>) =>
  Effect.gen(function* () {
    const store = yield* Store
    const ids: Array<string> = []
    let after: Cursor | undefined
    do {
      const page = yield* store.find(Parts, "shelf", { ...asked, after })
      ids.push(...page.items.map(({ id }) => id))
      after = page.next
      if (between !== undefined) yield* between()
      if (ids.length > 1000) throw new Breach({ what: "pages", expected: "an end", seen: "none" })
    } while (after !== undefined)
    return ids
  })

const removePart = (id: string) =>
  Effect.flatMap(findPart(id), (found) =>
    found._tag === "Some" ? commit(remove(found.value)) : Effect.void,
  )

const damaged = (cursor: Cursor): ReadonlyArray<Cursor> =>
  ["", "x", "%%%", cursor.slice(1), cursor.slice(0, -4), `${cursor}AAAA`, "W10", "bnVsbA"].map(
    (text) => Cursor.make(text),
  )
