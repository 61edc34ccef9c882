import * as Effect from "effect/Effect"
import { add, check, type Entry, insert, remove, replace, type Stored } from "../../store/index.ts"
import { expectRefused, expectSame } from "../expectations.ts"
import { Papers, type Part, Parts, paper, part } from "./contractCollections.ts"
import { commit, everythingSeen, readPart, storeClause } from "./storeClause.ts"

type RefusalTag = "Duplicate" | "Conflict" | "Insufficient"

/** An entry that must be refused, for the record with the given id. `old` is a handle on it that has moved. */
interface Failing {
  readonly name: string
  readonly tag: RefusalTag
  readonly entry: (id: string, old: Stored<Part>) => Entry
}

const failing: ReadonlyArray<Failing> = [
  { name: "a taken id", tag: "Duplicate", entry: (id) => insert(Parts, part(id)) },
  {
    name: "a new record with taken unique values",
    tag: "Duplicate",
    entry: (id) => insert(Parts, part(`${id}-new`, { code: "taken" })),
  },
  { name: "an old replace", tag: "Conflict", entry: (id, old) => replace(old, part(id)) },
  { name: "an old remove", tag: "Conflict", entry: (_, old) => remove(old) },
  { name: "an old check", tag: "Conflict", entry: (_, old) => check(old) },
  {
    name: "a counter that runs out",
    tag: "Insufficient",
    entry: (id) => add(Parts, id, { stock: -1000 }, { stock: 0 }),
  },
]

/** Ids that sort before, between and behind those of the entries that would succeed. */
const places = ["a", "m", "z"] as const

/** What "all or nothing" means. */
export const batchClauses = [
  ...failing.map(({ name, tag, entry }) =>
    storeClause(
      `a batch with ${name} leaves nothing behind, wherever it stands`,
      "commit: all or nothing",
      Effect.gen(function* () {
        const old = new Map<string, Stored<Part>>()
        yield* commit(...fixtures)
        for (const id of places) {
          old.set(id, yield* readPart(id))
          yield* commit(add(Parts, id, { taken: 1 }))
        }
        const before = yield* everythingSeen
        for (const id of places) {
          const stored = old.get(id) as Stored<Part>
          const good = yield* goodEntries
          for (let at = 0; at <= good.length; at += good.length / 2) {
            const batch = [...good.slice(0, at), entry(id, stored), ...good.slice(at)]
            yield* expectRefused(`${name} for ${id} at ${at}`, tag, commit(...batch))
            expectSame(`the store after ${name} for ${id}`, yield* everythingSeen, before)
          }
        }
        yield* commit(...(yield* goodEntries))
      }),
    ),
  ),

  storeClause(
    "a batch spans collections: a refusal in one leaves nothing in the other",
    "commit: all or nothing",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 1 })))
      const batch = commit(insert(Papers, paper("p")), add(Parts, "a", { stock: -2 }, { stock: 0 }))
      yield* expectRefused("the counter", "Insufficient", batch)
      yield* commit(insert(Papers, paper("p")), add(Parts, "a", { stock: -1 }, { stock: 0 }))
      expectSame("stock", (yield* readPart("a")).value.stock, 0)
      yield* commit()
    }),
  ),

  storeClause(
    "of several reasons to refuse, a taken id comes first and a counter last",
    "commit: order of refusal",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 1 })), insert(Parts, part("m")))
      const old = yield* readPart("m")
      yield* commit(replace(old, part("m", { note: "moved" })))
      const short = add(Parts, "a", { stock: -2 }, { stock: 0 })
      const taken = insert(Parts, part("m"))
      const moved = check(old)
      const cases: ReadonlyArray<readonly [ReadonlyArray<Entry>, RefusalTag]> = [
        [[short, taken], "Duplicate"],
        [[taken, short], "Duplicate"],
        [[short, moved], "Conflict"],
        [[moved, short], "Conflict"],
        [[add(Parts, "nowhere", { stock: 1 }), insert(Parts, part("a"))], "Duplicate"],
        [[replace(old, part("m")), insert(Parts, part("a"))], "Duplicate"],
      ]
      for (const [i, [batch, tag]] of cases.entries())
        yield* expectRefused(`case ${i}`, tag, commit(...batch))
    }),
  ),
]

const fixtures: ReadonlyArray<Entry> = [
  ...places.map((id) => insert(Parts, part(id, { stock: 5, bay: id, dueAt: 7 }))),
  insert(Parts, part("g-replace", { code: "old", bay: "old", dueAt: 3 })),
  insert(Parts, part("g-remove", { code: "removed", serial: "r" })),
  insert(Parts, part("g-check")),
  insert(Parts, part("g-add", { stock: 5 })),
  insert(Parts, part("taken", { code: "taken" })),
]

/** One entry of each kind, all of which would succeed. */
const goodEntries = Effect.gen(function* () {
  return [
    insert(Parts, part("g-insert", { code: "new", serial: "n", bay: "new", dueAt: 1 })),
    replace(yield* readPart("g-replace"), part("g-replace", { code: "newer", rank: 9 })),
    remove(yield* readPart("g-remove")),
    add(Parts, "g-add", { stock: -5, taken: 5 }, { stock: 0 }),
    check(yield* readPart("g-check")),
    insert(Parts, part("g-insert-too", { stock: 1 })),
  ]
})
