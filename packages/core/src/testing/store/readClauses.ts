import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { add, check, Driver, insert, remove, replace, Store } from "../../store/index.ts"
import { expectRefused, expectSame, expectTrue } from "../expectations.ts"
import { contractCollections, Papers, Parts, paper, part } from "./contractCollections.ts"
import {
  commit,
  everythingSeen,
  findPart,
  readPart,
  scanParts,
  seenOf,
  storeClause,
} from "./storeClause.ts"

/** What `get` shows, and what a record is. */
export const readClauses = [
  storeClause(
    "a record that nobody wrote is not there",
    "get: missing",
    Effect.gen(function* () {
      expectTrue("get answers none", Option.isNone(yield* findPart("nowhere")))
    }),
  ),

  storeClause(
    "what was written is read back as it was, in version 1",
    "get: value and version",
    Effect.gen(function* () {
      const written = part("a", { rank: 3, stock: 7, code: "c", dueAt: 12, note: "n" })
      yield* commit(insert(Parts, written))
      const read = yield* readPart("a")
      expectSame("get", seenOf(read), { id: "a", version: 1, value: written })
    }),
  ),

  storeClause(
    "an id may hold any characters, and differs from every other one",
    "get: by id",
    Effect.gen(function* () {
      const ids = [
        "a",
        "A",
        "a/b",
        "a.b",
        "$a",
        "a b",
        " a",
        "ä",
        "a\u0308",
        "/",
        "-",
        "0",
        "😀",
        "東京",
      ]
      yield* commit(...ids.map((id, rank) => insert(Parts, part(id, { rank }))))
      for (const [rank, id] of ids.entries())
        expectSame(`get ${id}`, (yield* readPart(id)).value, part(id, { rank }))
      expectSame("records", (yield* scanParts()).length, ids.length)
    }),
  ),

  storeClause(
    "changing a value after it was given to the store changes no record",
    "commit: values are data",
    Effect.gen(function* () {
      const inner: { mark: string } = { mark: "as written" }
      const tags = ["as written"]
      yield* commit(insert(Papers, paper("a", { tags, open: { inner } })))
      attempt(() => tags.push("later"))
      attempt(() => {
        inner.mark = "later"
      })
      const read = Option.getOrThrow(yield* (yield* Store).get(Papers, "a"))
      const expected = paper("a", { tags: ["as written"], open: { inner: { mark: "as written" } } })
      expectSame("get", read.value, expected)
    }),
  ),

  storeClause(
    "changing a value that was read changes no record",
    "get: values are data",
    Effect.gen(function* () {
      const store = yield* Store
      const written = () => paper("a", { tags: ["as written"], open: { mark: "as written" } })
      yield* commit(insert(Papers, written()))
      const got = Option.getOrThrow(yield* store.get(Papers, "a"))
      const found = (yield* store.find(Papers, "text", {})).items
      for (const { value } of [got, ...found]) {
        attempt(() => (value.tags as Array<string>).push("later"))
        attempt(() => Object.assign(value.open as object, { mark: "later" }))
      }
      const again = Option.getOrThrow(yield* store.get(Papers, "a"))
      expectSame("get", again.value, written())
    }),
  ),

  storeClause(
    "each write of a record counts its version up by one, a check does not",
    "version",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a")))
      expectSame("after insert", (yield* readPart("a")).version, 1)
      yield* commit(replace(yield* readPart("a"), part("a", { rank: 1 })))
      expectSame("after replace", (yield* readPart("a")).version, 2)
      yield* commit(add(Parts, "a", { stock: 1 }))
      expectSame("after add", (yield* readPart("a")).version, 3)
      yield* commit(check(yield* readPart("a")), insert(Parts, part("b")))
      expectSame("after check", (yield* readPart("a")).version, 3)
      yield* commit(add(Parts, "a", { stock: 1 }), add(Parts, "a", { taken: 2 }))
      expectSame("after two adds in one batch", (yield* readPart("a")).version, 4)
    }),
  ),

  storeClause(
    "making the collections ready again leaves everything as it is",
    "prepare",
    Effect.gen(function* () {
      const { prepare } = yield* Driver
      yield* commit(insert(Parts, part("a", { bay: "b", code: "c", serial: "1", dueAt: 5 })))
      const before = yield* everythingSeen
      yield* Effect.all([prepare(contractCollections), prepare(contractCollections)], {
        concurrency: "unbounded",
      })
      expectSame("the store", yield* everythingSeen, before)
      const taken = commit(insert(Parts, part("b", { code: "c" })))
      yield* expectRefused("a taken code", "Duplicate", taken)
    }),
  ),

  storeClause(
    "a removed record is gone from every index and may be written again",
    "commit: remove",
    Effect.gen(function* () {
      const store = yield* Store
      const whole = part("a", { bay: "b", code: "c", serial: "1", dueAt: 5 })
      yield* commit(insert(Parts, whole))
      yield* commit(remove(yield* readPart("a")))
      expectTrue("get answers none", Option.isNone(yield* findPart("a")))
      expectSame("scan", yield* scanParts(), [])
      for (const index of ["shelf", "live", "bay", "stock", "code", "serial"] as const)
        expectSame(`find by ${index}`, (yield* store.find(Parts, index, {})).items.length, 0)
      yield* commit(insert(Parts, whole))
      expectSame("get", (yield* readPart("a")).value, whole)
    }),
  ),
]

/** A frozen value may throw when it is changed: that keeps the law as well. */
const attempt = (change: () => unknown): void => {
  try {
    change()
  } catch {
    // Refused: nothing changed.
  }
}
