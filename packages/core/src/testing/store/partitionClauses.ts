import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import {
  add,
  check,
  type Entry,
  insert,
  remove,
  replace,
  Store,
  type Stored,
} from "../../store/index.ts"
import { expectDefect, expectRefused, expectSame, expectTrue } from "../expectations.ts"
import { type Part, Parts, part } from "./contractCollections.ts"
import {
  commit,
  dueParts,
  everythingSeen,
  findPart,
  freshPartition,
  inPartition,
  readPart,
  scanParts,
  storeClause,
  writeParts,
} from "./storeClause.ts"

const whole = part("a", { bay: "b", code: "c", serial: "1", dueAt: 5, stock: 10, note: "theirs" })

/** A foreign partition is invisible through every member. Each clause runs beside a partition that holds `whole`. */
export const partitionClauses = [
  storeClause(
    "another partition's record is not there for get",
    "get: partition",
    Effect.gen(function* () {
      yield* foreignPartition
      expectTrue("get answers none", Option.isNone(yield* findPart("a")))
    }),
  ),

  storeClause(
    "another partition's records are in no page, by any index",
    "find: partition",
    Effect.gen(function* () {
      const store = yield* Store
      yield* foreignPartition
      yield* commit(insert(Parts, part("b", { bay: "b", code: "d", serial: "1" })))
      for (const order of ["ascending", "descending"] as const) {
        const pages = [
          yield* store.find(Parts, "shelf", { order }),
          yield* store.find(Parts, "shelf", { equals: { shelf: "s" }, order }),
          yield* store.find(Parts, "live", { range: { gte: false }, order }),
          yield* store.find(Parts, "bay", { equals: { bay: "b", rank: 0 }, order }),
          yield* store.find(Parts, "stock", { range: { lte: 100 }, order }),
          yield* store.find(Parts, "code", { range: { gte: "c", lte: "d" }, order }),
          yield* store.find(Parts, "serial", { order }),
        ]
        for (const { items } of pages)
          expectSame(
            "found",
            items.map(({ id, value }) => [id, value.note]),
            [["b", ""]],
          )
      }
      expectSame("by code", (yield* store.find(Parts, "code", { equals: { code: "c" } })).items, [])
    }),
  ),

  storeClause(
    "another partition's records are in no scan",
    "scan: partition",
    Effect.gen(function* () {
      yield* foreignPartition
      expectSame("nothing", yield* scanParts(), [])
      yield* commit(insert(Parts, part("b")))
      expectSame(
        "own",
        (yield* scanParts()).map(({ id }) => id),
        ["b"],
      )
    }),
  ),

  storeClause(
    "another partition's counters hold nothing here",
    "commit: add, partition",
    Effect.gen(function* () {
      const foreign = yield* foreignPartition
      const adding = commit(add(Parts, "a", { stock: -1 }))
      yield* expectRefused("add to a foreign id", "Insufficient", adding)
      expectSame("theirs", (yield* inPartition(foreign)(readPart("a"))).value, whole)
    }),
  ),

  storeClause(
    "ids and unique values are taken in one partition only",
    "commit: unique index, partition",
    Effect.gen(function* () {
      const foreign = yield* foreignPartition
      yield* commit(insert(Parts, { ...whole, note: "ours" }))
      expectSame("ours", (yield* readPart("a")).value.note, "ours")
      expectSame("theirs", (yield* inPartition(foreign)(readPart("a"))).value.note, "theirs")
      const again = commit(insert(Parts, part("x", { code: "c" })))
      yield* expectRefused("taken here", "Duplicate", again)
    }),
  ),

  storeClause(
    "what was read in another partition cannot be written, removed or checked here",
    "commit: partition",
    Effect.gen(function* () {
      const foreign = yield* foreignPartition
      const theirs = yield* inPartition(foreign)(readPart("a"))
      // A record of the same id and version lies here, too: it must not be taken for the foreign one.
      yield* commit(insert(Parts, { ...whole, note: "ours" }))
      const before = yield* everythingSeen
      const entries: ReadonlyArray<(stored: Stored<Part>) => Entry> = [
        (stored) => replace(stored, { ...whole, note: "changed" }),
        remove,
        check,
      ]
      for (const entry of entries) {
        yield* expectDefect("a foreign handle", commit(entry(theirs)))
        yield* expectDefect("beside another", commit(insert(Parts, part("x")), entry(theirs)))
      }
      expectSame("ours", yield* everythingSeen, before)
      expectSame("theirs", (yield* inPartition(foreign)(readPart("a"))).value, whole)
    }),
  ),

  storeClause(
    "no write here changes anything there",
    "commit: partition",
    Effect.gen(function* () {
      const foreign = yield* foreignPartition
      const theirs = inPartition(foreign)(everythingSeen)
      const before = yield* theirs
      yield* commit(insert(Parts, { ...whole, note: "ours" }))
      yield* commit(replace(yield* readPart("a"), { ...whole, bay: "z", code: "z", dueAt: 1 }))
      yield* commit(add(Parts, "a", { stock: 5 }))
      expectSame("theirs after writes", yield* theirs, before)
      yield* commit(remove(yield* readPart("a")))
      expectSame("theirs after a remove", yield* theirs, before)
      expectSame("due", yield* dueParts(5, [foreign]), [{ partition: foreign, id: "a", at: 5 }])
    }),
  ),

  storeClause(
    "an id cannot reach into another partition, however it is spelled",
    "get: partition",
    Effect.gen(function* () {
      const foreign = yield* foreignPartition
      const spellings = ["a", `${foreign}/a`, `../${foreign}/a`, `/${foreign}/a`, `${foreign} a`]
      for (const id of spellings) {
        expectTrue(`get ${id}`, Option.isNone(yield* findPart(id)))
        yield* expectRefused(`add ${id}`, "Insufficient", commit(add(Parts, id, { stock: 1 })))
      }
      yield* writeParts(spellings.map((id) => part(id, { note: "ours" })))
      expectSame("ours", (yield* scanParts()).length, spellings.length)
      expectSame(
        "theirs",
        (yield* inPartition(foreign)(scanParts())).map(({ value }) => value),
        [whole],
      )
    }),
  ),
]

/** A partition of somebody else's that holds one record. */
const foreignPartition = Effect.gen(function* () {
  const id = yield* freshPartition
  yield* inPartition(id)(commit(insert(Parts, whole)))
  return id
})
