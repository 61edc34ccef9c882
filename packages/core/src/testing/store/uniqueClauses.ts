import * as Effect from "effect/Effect"
import { insert, remove, replace } from "../../store/index.ts"
import { expectRefused, expectSame } from "../expectations.ts"
import { type Part, Parts, part } from "./contractCollections.ts"
import { commit, everythingSeen, readPart, scanParts, storeClause } from "./storeClause.ts"

/** What `insert` and unique indexes refuse, and what they must not refuse. */
export const uniqueClauses = [
  storeClause(
    "an id is taken once: a second insert is a Duplicate of the index `id`",
    "commit: insert",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { note: "first" })))
      const second = commit(insert(Parts, part("a", { note: "second" })))
      const refused = yield* expectRefused("second insert", "Duplicate", second)
      expectSame("refusal", fieldsOf(refused), ["contract_parts", "id", "a"])
      expectSame("get", (yield* readPart("a")).value.note, "first")
    }),
  ),

  storeClause(
    "values of a unique index are taken once: the Duplicate names the index",
    "commit: unique index",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { code: "c", serial: "1" })))
      const before = yield* everythingSeen
      const second = commit(insert(Parts, part("b", { code: "c" })))
      const byCode = yield* expectRefused("insert with a taken code", "Duplicate", second)
      expectSame("refusal", fieldsOf(byCode), ["contract_parts", "code", "b"])
      const third = commit(insert(Parts, part("b", { serial: "1" })))
      const bySerial = yield* expectRefused("insert with a taken pair", "Duplicate", third)
      expectSame("refusal", fieldsOf(bySerial), ["contract_parts", "serial", "b"])
      expectSame("the store", yield* everythingSeen, before)
    }),
  ),

  storeClause(
    "a unique index of two fields takes each pair of values once",
    "commit: unique index",
    Effect.gen(function* () {
      const pairs: ReadonlyArray<Partial<Part>> = [
        { shelf: "s", serial: "1" },
        { shelf: "s", serial: "2" },
        { shelf: "t", serial: "1" },
        { shelf: "s1", serial: "" },
        { shelf: "", serial: "s1" },
      ]
      yield* commit(...pairs.map((pair, i) => insert(Parts, part(`p${i}`, pair))))
      for (const pair of pairs) {
        const again = commit(insert(Parts, part("again", pair)))
        yield* expectRefused(`pair ${pair.shelf}/${pair.serial}`, "Duplicate", again)
      }
      expectSame("records", (yield* scanParts()).length, pairs.length)
    }),
  ),

  storeClause(
    "a replacement may not take another record's unique values, and keeps its own",
    "commit: unique index",
    Effect.gen(function* () {
      yield* commit(
        insert(Parts, part("a", { code: "c" })),
        insert(Parts, part("b", { code: "d" })),
      )
      const taking = commit(replace(yield* readPart("b"), part("b", { code: "c" })))
      const refused = yield* expectRefused("replace with a taken code", "Duplicate", taking)
      expectSame("refusal", fieldsOf(refused), ["contract_parts", "code", "b"])
      yield* commit(replace(yield* readPart("b"), part("b", { code: "d", note: "kept" })))
      expectSame("get", (yield* readPart("b")).value, part("b", { code: "d", note: "kept" }))
    }),
  ),

  storeClause(
    "unique values are free again after their record moved on or went",
    "commit: unique index",
    Effect.gen(function* () {
      yield* commit(
        insert(Parts, part("a", { code: "c" })),
        insert(Parts, part("b", { code: "d" })),
      )
      yield* commit(replace(yield* readPart("a"), part("a", { code: "e" })))
      yield* commit(remove(yield* readPart("b")))
      yield* commit(
        insert(Parts, part("x", { code: "c" })),
        insert(Parts, part("y", { code: "d" })),
      )
      const taken = commit(insert(Parts, part("z", { code: "e" })))
      yield* expectRefused("the code that was moved to", "Duplicate", taken)
    }),
  ),

  storeClause(
    "records that lack a field of a unique index, or hold null there, do not collide",
    "commit: sparse unique index",
    Effect.gen(function* () {
      yield* commit(
        insert(Parts, part("a")),
        insert(Parts, part("b")),
        insert(Parts, part("c", { code: null })),
        insert(Parts, part("d", { code: null })),
      )
      expectSame("records", (yield* scanParts()).length, 4)
      yield* commit(replace(yield* readPart("a"), part("a", { code: "c", serial: "1" })))
      yield* commit(replace(yield* readPart("a"), part("a")))
      yield* commit(insert(Parts, part("e", { code: "c", serial: "1" })))
    }),
  ),

  storeClause(
    "one batch cannot take the same unique values twice",
    "commit: unique index",
    Effect.gen(function* () {
      const twice = commit(
        insert(Parts, part("a", { code: "c" })),
        insert(Parts, part("b", { code: "c" })),
      )
      const refused = yield* expectRefused("two inserts with one code", "Duplicate", twice)
      expectSame("index", refused.index, "code")
      expectSame("records", yield* scanParts(), [])
    }),
  ),

  storeClause(
    "unique values that differ by case, accent form or a space are different",
    "commit: unique index",
    Effect.gen(function* () {
      const codes = ["c", "C", "ä", "a\u0308", "a", "c ", " c", "", "0", "00"]
      yield* commit(...codes.map((code, i) => insert(Parts, part(`p${i}`, { code }))))
      expectSame("records", (yield* scanParts()).length, codes.length)
    }),
  ),
]

const fieldsOf = (refused: { collection: string; index: string; id: string }) => [
  refused.collection,
  refused.index,
  refused.id,
]
