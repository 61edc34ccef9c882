import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { add, insert, MAX_PAGE, remove, replace, Store } from "../../store/index.ts"
import { expectSame } from "../expectations.ts"
import { nthId, Parts, part } from "./contractCollections.ts"
import {
  commit,
  findPart,
  freshPartition,
  inPartition,
  readPart,
  seenOf,
  storeClause,
  writeParts,
} from "./storeClause.ts"

/** What `getMany` shows: what a `get` for each id shows. */
export const manyClauses = [
  storeClause(
    "many records at once are what `get` shows of each, in the order asked",
    "getMany: value and version",
    Effect.gen(function* () {
      const ids = ["c", "a", "😀", "gone", "A", "a/b", "$a", "b", "never", " a", "a\u0308", "ä"]
      yield* commit(...ids.slice(0, -1).map((id, rank) => insert(Parts, part(id, { rank }))))
      yield* commit(
        replace(yield* readPart("a"), part("a", { note: "later", bay: "b", code: "c" })),
        remove(yield* readPart("gone")),
        remove(yield* readPart("never")),
        add(Parts, "b", { stock: 7 }),
      )
      expectSame("as asked", yield* seenOfMany(ids), yield* seenOfEach(ids))
      const reversed = ids.toReversed()
      expectSame("in another order", yield* seenOfMany(reversed), yield* seenOfEach(reversed))
      const twice = [...ids, ...ids]
      expectSame("asked twice", yield* seenOfMany(twice), yield* seenOfEach(ids))
      expectSame("of one", yield* seenOfMany(["b"]), yield* seenOfEach(["b"]))
      expectSame("of none", yield* seenOfMany([]), [])
      expectSame("of missing ones", yield* seenOfMany(["nowhere", "gone"]), [])
    }),
  ),

  storeClause(
    "any number of records may be asked for at once",
    "getMany: limits",
    Effect.gen(function* () {
      const ids = Array.from({ length: 2 * MAX_PAGE + 300 }, (_, n) => nthId(n))
      const written = ids.filter((_, n) => n % 2 === 0)
      yield* writeParts(written.map((id) => part(id)))
      const found = (yield* seenOfMany(ids)).map(({ id }) => id)
      expectSame("with missing ones between", found, written)
      const longest = written.slice(0, MAX_PAGE)
      const whole = (yield* seenOfMany(longest)).map(({ id }) => id)
      expectSame("as many as one read takes", whole, longest)
    }),
  ),

  storeClause(
    "another partition's records are not there for getMany",
    "getMany: partition",
    Effect.gen(function* () {
      const foreign = yield* freshPartition
      yield* inPartition(foreign)(writeParts([part("a", { note: "theirs" }), part("b")]))
      const spellings = ["a", "b", `${foreign}/a`, `../${foreign}/a`, `/${foreign}/a`]
      expectSame("nothing", yield* seenOfMany(spellings), [])
      yield* commit(insert(Parts, part("a", { note: "ours" })))
      expectSame("ours alone", yield* seenOfMany(spellings), yield* seenOfEach(["a"]))
    }),
  ),
]

const seenOfMany = (ids: ReadonlyArray<string>) =>
  Effect.flatMap(Store, (store) =>
    Effect.map(store.getMany(Parts, ids), (found) =>
      [...found].map(([id, stored]) => ({ ...seenOf(stored), id })),
    ),
  )

const seenOfEach = (ids: ReadonlyArray<string>) =>
  Effect.map(Effect.forEach(ids, findPart), (found) => found.flatMap(Option.toArray).map(seenOf))
