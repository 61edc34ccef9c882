import * as Effect from "effect/Effect"
import fc from "fast-check"
import { add, CurrentPartition, check, Driver, insert, replace, Store } from "../../store/index.ts"
import { expectDefect, expectRefused, expectSame } from "../expectations.ts"
import { forAll, type Trials } from "../forAll.ts"
import { Parts, part } from "./contractCollections.ts"
import { commit, everythingSeen, inFreshPartition, readPart, storeClause } from "./storeClause.ts"

/** What guarded counters promise when one caller is at work. */
export const counterClauses = (trials: Trials) => [
  storeClause(
    "add changes the counters that it names and nothing else",
    "commit: add",
    Effect.gen(function* () {
      const whole = part("a", { bay: "b", code: "c", dueAt: 5, note: "n", stock: 10 })
      yield* commit(insert(Parts, whole))
      yield* commit(add(Parts, "a", { stock: -3, taken: 3 }))
      expectSame("get", (yield* readPart("a")).value, { ...whole, stock: 7, taken: 3 })
    }),
  ),

  storeClause(
    "a counter that a record does not have yet counts from 0",
    "commit: add, absent counter",
    Effect.gen(function* () {
      const driver = yield* Driver
      const { id: partition } = yield* CurrentPartition
      // As a record stands that was written before its type got the counter.
      for (const id of ["a", "b"]) {
        const { taken: _, ...body } = part(id, { stock: 5 })
        yield* driver.commit(partition, [{ kind: "insert", collection: Parts, id, body }])
      }
      const below = commit(add(Parts, "a", { taken: -1 }, { taken: 0 }))
      yield* expectRefused("below the floor", "Insufficient", below)
      const untouched = commit(add(Parts, "a", { stock: 1 }, { taken: 1 }))
      yield* expectRefused("0 is below the floor", "Insufficient", untouched)
      yield* commit(add(Parts, "a", { stock: 1 }, { taken: 0 }))
      yield* commit(add(Parts, "a", { taken: 3 }, { taken: 3 }))
      yield* commit(add(Parts, "b", { taken: -2 }, { taken: -2 }))
      expectSame("from 0 up", (yield* readPart("a")).value, part("a", { stock: 6, taken: 3 }))
      expectSame("from 0 down", (yield* readPart("b")).value, part("b", { stock: 5, taken: -2 }))
      const short = commit(add(Parts, "a", { taken: -4 }, { taken: 0 }))
      yield* expectRefused("then as any other", "Insufficient", short)
    }),
  ),

  storeClause(
    "a counter may end exactly at its floor, not one below it",
    "commit: add, floors",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 10, taken: -5 })))
      const before = yield* everythingSeen
      const below = commit(add(Parts, "a", { stock: -11 }, { stock: 0 }))
      const refused = yield* expectRefused("one below the floor", "Insufficient", below)
      expectSame("refusal", [refused.collection, refused.id], ["contract_parts", "a"])
      const belowNegative = commit(add(Parts, "a", { taken: -6 }, { taken: -10 }))
      yield* expectRefused("one below a negative floor", "Insufficient", belowNegative)
      expectSame("the store", yield* everythingSeen, before)
      yield* commit(add(Parts, "a", { stock: -10, taken: -5 }, { stock: 0, taken: -10 }))
      expectSame("get", (yield* readPart("a")).value, part("a", { stock: 0, taken: -10 }))
    }),
  ),

  storeClause(
    "a counter without a floor may fall below zero, also beside one that has a floor",
    "commit: add, floors",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 1 })))
      yield* commit(add(Parts, "a", { stock: -1, taken: -7 }, { stock: 0 }))
      expectSame("get", (yield* readPart("a")).value, part("a", { stock: 0, taken: -7 }))
    }),
  ),

  storeClause(
    "a floor guards its counter even where nothing is added to it",
    "commit: add, floors",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 1 })))
      const guarded = (floor: number) => commit(add(Parts, "a", { taken: 1 }, { stock: floor }))
      yield* expectRefused("stock below the floor", "Insufficient", guarded(2))
      yield* guarded(1)
      expectSame("get", (yield* readPart("a")).value, part("a", { stock: 1, taken: 1 }))
    }),
  ),

  storeClause(
    "a counter below its floor already refuses until it is above again",
    "commit: add, floors",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: -5 })))
      const raise = (by: number) => commit(add(Parts, "a", { stock: by }, { stock: 0 }))
      yield* expectRefused("still below", "Insufficient", raise(4))
      yield* raise(5)
      expectSame("get", (yield* readPart("a")).value.stock, 0)
    }),
  ),

  storeClause(
    "several adds to one record in a batch count as their sum, under the highest floor",
    "commit: add, merged",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 4 })))
      yield* commit(
        add(Parts, "a", { stock: -8 }, { stock: 0 }),
        add(Parts, "a", { stock: 5, taken: 1 }, { stock: 1 }),
      )
      expectSame("get", (yield* readPart("a")).value, part("a", { stock: 1, taken: 1 }))
      const low = add(Parts, "a", { stock: -1 }, { stock: 0 })
      const high = add(Parts, "a", { stock: 0 }, { stock: 1 })
      yield* expectRefused("the higher floor last", "Insufficient", commit(low, high))
      yield* expectRefused("the higher floor first", "Insufficient", commit(high, low))
      const oneByOne = commit(
        add(Parts, "a", { stock: -1 }, { stock: 0 }),
        add(Parts, "a", { stock: -1 }, { stock: 0 }),
      )
      yield* expectRefused("each fits, the sum does not", "Insufficient", oneByOne)
      expectSame("get", (yield* readPart("a")).value, part("a", { stock: 1, taken: 1 }))
    }),
  ),

  storeClause(
    "a record that is not there holds nothing: Insufficient",
    "commit: add",
    Effect.gen(function* () {
      const missing = commit(add(Parts, "a", { stock: 1 }))
      const refused = yield* expectRefused("add to a missing record", "Insufficient", missing)
      expectSame("refusal", [refused.collection, refused.id], ["contract_parts", "a"])
      expectSame("records", (yield* everythingSeen).records, [])
    }),
  ),

  storeClause(
    "a record may be checked and added to in one batch",
    "commit: check and add",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 5 })))
      const read = yield* readPart("a")
      yield* commit(check(read), add(Parts, "a", { stock: -1 }, { stock: 0 }))
      expectSame("get", (yield* readPart("a")).value.stock, 4)
      const late = commit(add(Parts, "a", { stock: -1 }, { stock: 0 }), check(read))
      yield* expectRefused("the check is old", "Conflict", late)
      expectSame("get", (yield* readPart("a")).value.stock, 4)
    }),
  ),

  storeClause(
    "adding moves a record in the indexes on the counter, and makes what was read old",
    "commit: add",
    Effect.gen(function* () {
      const store = yield* Store
      yield* commit(
        insert(Parts, part("a", { stock: 1 })),
        insert(Parts, part("b", { stock: 2 })),
        insert(Parts, part("c", { stock: 3 })),
      )
      const read = yield* readPart("a")
      yield* commit(add(Parts, "a", { stock: 5 }))
      const byStock = (yield* store.find(Parts, "stock", {})).items
      expectSame(
        "by stock",
        byStock.map(({ id }) => id),
        ["b", "c", "a"],
      )
      const late = commit(replace(read, part("a", { note: "late" })))
      yield* expectRefused("replace after an add", "Conflict", late)
    }),
  ),

  storeClause(
    "amounts and floors are whole numbers",
    "commit: add",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 5 })))
      for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
        yield* expectDefect(`add ${bad}`, commit(add(Parts, "a", { stock: bad })))
        yield* expectDefect(`floor ${bad}`, commit(add(Parts, "a", { stock: -1 }, { stock: bad })))
      }
      expectSame("get", (yield* readPart("a")).value.stock, 5)
    }),
  ),

  storeClause(
    "any row of guarded adds ends as plain arithmetic says",
    "commit: add, floors",
    forAll(fc.array(step, { minLength: 1, maxLength: 30, size: "max" }), trials, (steps) =>
      inFreshPartition(
        Effect.gen(function* () {
          let stock = 20
          yield* commit(insert(Parts, part("a", { stock })))
          for (const [i, { delta, floor }] of steps.entries()) {
            const adding = commit(add(Parts, "a", { stock: delta }, { stock: floor }))
            if (stock + delta >= floor) {
              yield* adding
              stock += delta
            } else yield* expectRefused(`step ${i}`, "Insufficient", adding)
            expectSame(`stock after step ${i}`, (yield* readPart("a")).value.stock, stock)
          }
        }),
      ),
    ),
  ),
]

const step = fc.record({
  delta: fc.integer({ min: -15, max: 10 }),
  floor: fc.constantFrom(0, 0, 0, -5, 3),
})
