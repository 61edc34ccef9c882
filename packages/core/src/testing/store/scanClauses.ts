import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { insert, remove, replace, Store } from "../../store/index.ts"
import { expectSame } from "../expectations.ts"
import { nthId, Papers, Parts, paper, part } from "./contractCollections.ts"
import { commit, readPart, scanParts, storeClause, writeParts } from "./storeClause.ts"

/** What `scan` promises. */
export const scanClauses = [
  storeClause(
    "a scan shows every record of the collection once, by id",
    "scan",
    Effect.gen(function* () {
      const ids = ["b", "a", "C", "10", "9", "é", "-", "a/b", "a.", "😀"]
      yield* commit(
        ...ids.map((id, rank) => insert(Parts, part(id, { rank }))),
        insert(Papers, paper("other")),
      )
      const expected = ids.toSorted((x, y) => (x < y ? -1 : 1))
      const seen = yield* scanParts()
      expectSame(
        "ids",
        seen.map(({ id }) => id),
        expected,
      )
      const values = expected.map((id) => part(id, { rank: ids.indexOf(id) }))
      expectSame(
        "values",
        seen.map(({ value }) => value),
        values,
      )
    }),
  ),

  storeClause(
    "a scan shows present versions, and nothing that is gone",
    "scan",
    Effect.gen(function* () {
      yield* commit(...["a", "b", "c"].map((id) => insert(Parts, part(id))))
      expectSame("before", (yield* scanParts()).length, 3)
      yield* commit(replace(yield* readPart("a"), part("a", { note: "new" })))
      yield* commit(remove(yield* readPart("b")))
      yield* commit(insert(Parts, part("aa")))
      const seen = (yield* scanParts()).map(({ id, version, value }) => [id, version, value.note])
      expectSame("after", seen, [
        ["a", 2, "new"],
        ["aa", 1, ""],
        ["c", 1, ""],
      ])
    }),
  ),

  storeClause(
    "more than a thousand records stream past, each once and in order",
    "scan: pages",
    Effect.gen(function* () {
      const ids = Array.from({ length: 2300 }, (_, i) => nthId(i))
      yield* writeParts(ids.toReversed().map((id) => part(id)))
      expectSame(
        "ids",
        (yield* scanParts()).map(({ id }) => id),
        ids,
      )
    }),
  ),

  ...[999, 1000, 1001, 2000].map((size) =>
    storeClause(
      `a scan of ${size} records ends with the last one`,
      "scan: pages",
      Effect.gen(function* () {
        yield* writeParts(Array.from({ length: size }, (_, i) => part(nthId(i))))
        const seen = yield* scanParts()
        expectSame("records", [seen.length, seen.at(-1)?.id], [size, nthId(size - 1)])
      }),
    ),
  ),

  storeClause(
    "records that stay appear once while others come and go during a scan",
    "scan: pages under writes",
    Effect.gen(function* () {
      const store = yield* Store
      const ids = Array.from({ length: 1500 }, (_, i) => nthId(i))
      yield* writeParts(ids.map((id) => part(id)))
      const seen: Array<string> = []
      yield* store.scan(Parts).pipe(
        Stream.take(10_000),
        Stream.runForEach(({ id }) =>
          Effect.gen(function* () {
            seen.push(id)
            if (seen.length === 500) yield* commit(insert(Parts, part(`${nthId(3)}-new`)))
            if (seen.length === 600) yield* commit(remove(yield* readPart(nthId(100))))
            if (seen.length === 1000) yield* commit(remove(yield* readPart(nthId(999))))
          }),
        ),
      )
      expectSame("ids", seen, ids)
    }),
  ),
]
