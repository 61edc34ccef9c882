import * as Effect from "effect/Effect"
import { check, type Entry, insert, remove, replace, type Stored } from "../../store/index.ts"
import { expectDefect, expectRefused, expectSame } from "../expectations.ts"
import { type Part, Parts, part } from "./contractCollections.ts"
import { commit, everythingSeen, readPart, storeClause } from "./storeClause.ts"

/** The three entries that hold a record to the version that was read. */
const holding: ReadonlyArray<readonly [name: string, (stored: Stored<Part>) => Entry]> = [
  ["replace", (stored) => replace(stored, part(stored.id, { note: "late" }))],
  ["remove", (stored) => remove(stored)],
  ["check", (stored) => check(stored)],
]

/** What `replace`, `remove` and `check` promise. */
export const changeClauses = [
  storeClause(
    "a replacement puts the new value in the place of the old one, with nothing of it left",
    "commit: replace",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { bay: "b", code: "c", dueAt: 5, note: "old" })))
      yield* commit(replace(yield* readPart("a"), part("a", { stock: 9 })))
      expectSame("get", (yield* readPart("a")).value, part("a", { stock: 9 }))
    }),
  ),

  ...holding.map(([name, entry]) =>
    storeClause(
      `${name} is a Conflict when the record moved since it was read`,
      `commit: ${name}`,
      Effect.gen(function* () {
        yield* commit(insert(Parts, part("a")))
        const read = yield* readPart("a")
        yield* commit(replace(read, part("a", { note: "moved" })))
        const before = yield* everythingSeen
        const late = commit(entry(read), insert(Parts, part("b")))
        const refused = yield* expectRefused(`${name} of an old version`, "Conflict", late)
        expectSame("refusal", [refused.collection, refused.id], ["contract_parts", "a"])
        expectSame("the store", yield* everythingSeen, before)
      }),
    ),
  ),

  ...holding.map(([name, entry]) =>
    storeClause(
      `${name} is a Conflict when the record is gone`,
      `commit: ${name}`,
      Effect.gen(function* () {
        yield* commit(insert(Parts, part("a")))
        const read = yield* readPart("a")
        yield* commit(remove(read))
        const late = commit(entry(read), insert(Parts, part("b")))
        const refused = yield* expectRefused(`${name} of a removed record`, "Conflict", late)
        expectSame("refusal", [refused.collection, refused.id], ["contract_parts", "a"])
        expectSame("records", (yield* everythingSeen).records, [])
      }),
    ),
  ),

  storeClause(
    "a check that holds writes nothing",
    "commit: check",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { bay: "b", stock: 3 })))
      const before = yield* everythingSeen
      yield* commit(check(yield* readPart("a")))
      expectSame("the store", yield* everythingSeen, before)
    }),
  ),

  storeClause(
    "a record that was read twice, in two versions, holds for neither",
    "commit: check",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a")))
      const first = yield* readPart("a")
      yield* commit(replace(first, part("a", { note: "moved" })))
      const second = yield* readPart("a")
      const orders: ReadonlyArray<ReadonlyArray<Entry>> = [
        [check(first), check(second)],
        [check(second), check(first)],
        [check(first), replace(second, part("a"))],
        [remove(second), check(first)],
      ]
      for (const [i, entries] of orders.entries())
        yield* expectRefused(`order ${i}`, "Conflict", commit(...entries))
    }),
  ),

  storeClause(
    "a record keeps its id, and a batch writes it once",
    "commit: replace",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a")))
      const read = yield* readPart("a")
      const before = yield* everythingSeen
      yield* expectDefect("another id", commit(replace(read, part("b"))))
      yield* expectDefect("two writes", commit(replace(read, part("a")), remove(read)))
      yield* expectDefect("two inserts", commit(insert(Parts, part("b")), insert(Parts, part("b"))))
      expectSame("the store", yield* everythingSeen, before)
    }),
  ),
]
