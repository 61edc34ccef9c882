import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { add, check, insert, remove, replace, Store } from "../../store/index.ts"
import { expectRefused, expectSame, expectTrue } from "../expectations.ts"
import { nthId, Parts, part } from "./contractCollections.ts"
import { commit, readPart, scanParts, storeClause, together } from "./storeClause.ts"

const CALLERS = 16

/** What holds when many callers are at work at once. */
export const raceClauses = [
  storeClause(
    "of many callers that insert one id, one wins",
    "commit: insert, raced",
    Effect.gen(function* () {
      const outcomes = yield* together(CALLERS, (i) =>
        commit(insert(Parts, part("z", { rank: i })), insert(Parts, part(nthId(i)))),
      )
      const winner = yield* oneWinner(outcomes, "Duplicate")
      expectSame("the record", (yield* readPart("z")).value.rank, winner)
      expectSame("what the losers left", (yield* scanParts()).length, 2)
    }),
  ),

  storeClause(
    "of many callers that take the same unique values, one wins",
    "commit: unique index, raced",
    Effect.gen(function* () {
      const store = yield* Store
      const outcomes = yield* together(CALLERS, (i) =>
        commit(insert(Parts, part(nthId(i), { code: "c" }))),
      )
      const winner = yield* oneWinner(outcomes, "Duplicate")
      expectSame(
        "the records",
        (yield* scanParts()).map(({ id }) => id),
        [nthId(winner)],
      )
      const holders = (yield* store.find(Parts, "code", { equals: { code: "c" } })).items
      expectSame(
        "the index",
        holders.map(({ id }) => id),
        [nthId(winner)],
      )
    }),
  ),

  storeClause(
    "of many callers that replace one version, one wins",
    "commit: replace, raced",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a")))
      const read = yield* readPart("a")
      const outcomes = yield* together(CALLERS, (i) =>
        commit(replace(read, part("a", { rank: i })), insert(Parts, part(nthId(i)))),
      )
      const winner = yield* oneWinner(outcomes, "Conflict")
      const after = yield* readPart("a")
      expectSame("the record", [after.value.rank, after.version], [winner, 2])
      expectSame("what the losers left", (yield* scanParts()).length, 2)
    }),
  ),

  storeClause(
    "of many callers that remove one version, one wins",
    "commit: remove, raced",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a")))
      const read = yield* readPart("a")
      const outcomes = yield* together(CALLERS, (i) =>
        commit(remove(read), insert(Parts, part(nthId(i)))),
      )
      const winner = yield* oneWinner(outcomes, "Conflict")
      expectSame(
        "what is left",
        (yield* scanParts()).map(({ id }) => id),
        [nthId(winner)],
      )
    }),
  ),

  storeClause(
    "no add is lost, however many callers add at once",
    "commit: add, raced",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a")))
      const outcomes = yield* together(CALLERS, (i) =>
        commit(add(Parts, "a", { stock: i, taken: 1 })),
      )
      expectTrue("every add succeeds", outcomes.every(Result.isSuccess))
      const after = yield* readPart("a")
      const sum = (CALLERS * (CALLERS - 1)) / 2
      expectSame("counters", [after.value.stock, after.value.taken], [sum, CALLERS])
      expectSame("version", after.version, 1 + CALLERS)
    }),
  ),

  storeClause(
    "of more demand than stock, exactly the stock is granted",
    "commit: add, floors, raced",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 100 })))
      // 16 callers want 12 units each, in ones: 192 of 100.
      const outcomes = yield* together(CALLERS, () =>
        Effect.forEach(Array.from({ length: 12 }), () =>
          Effect.result(commit(add(Parts, "a", { stock: -1, taken: 1 }, { stock: 0 }))),
        ),
      )
      const all = outcomes.flatMap((each) => (Result.isSuccess(each) ? each.success : []))
      const granted = all.filter(Result.isSuccess).length
      const refused = all.filter(isRefusedAs("Insufficient")).length
      expectSame("granted and refused", [granted, refused], [100, CALLERS * 12 - 100])
      const { stock, taken } = (yield* readPart("a")).value
      expectSame("counters", { stock, taken }, { stock: 0, taken: 100 })
    }),
  ),

  storeClause(
    "two batches over the same counters in opposite order both come through, or are refused whole",
    "commit: all or nothing, raced",
    Effect.gen(function* () {
      yield* commit(
        insert(Parts, part("a", { stock: 50 })),
        insert(Parts, part("b", { stock: 50 })),
      )
      const take = (id: string) => add(Parts, id, { stock: -7 }, { stock: 0 })
      const outcomes = yield* together(CALLERS, (i) =>
        commit(...(i % 2 === 0 ? [take("a"), take("b")] : [take("b"), take("a")])),
      )
      const granted = outcomes.filter(Result.isSuccess).length
      expectSame("granted", granted, 7)
      expectSame("refused", outcomes.filter(isRefusedAs("Insufficient")).length, CALLERS - 7)
      const left = [(yield* readPart("a")).value.stock, (yield* readPart("b")).value.stock]
      expectSame("stock", left, [1, 1])
    }),
  ),

  storeClause(
    "of two batches that each rest on what the other changes, at most one succeeds",
    "commit: check, write skew",
    Effect.gen(function* () {
      for (let round = 0; round < 8; round++) {
        const [left, right] = [`l${round}`, `r${round}`]
        yield* commit(insert(Parts, part(left)), insert(Parts, part(right)))
        const [l, r] = [yield* readPart(left), yield* readPart(right)]
        const outcomes = yield* together(2, (i) =>
          i === 0
            ? commit(check(r), replace(l, part(left, { taken: 1 })))
            : commit(check(l), replace(r, part(right, { taken: 1 }))),
        )
        const taken = [(yield* readPart(left)).value.taken, (yield* readPart(right)).value.taken]
        const done = outcomes.map((each) => (Result.isSuccess(each) ? 1 : 0))
        expectSame(`what was written in round ${round}`, taken, done)
        expectTrue("not both", taken[0] !== 1 || taken[1] !== 1)
      }
    }),
  ),

  storeClause(
    "a check holds at commit: what it pins cannot move in between",
    "commit: check, raced",
    Effect.gen(function* () {
      // Callers enter through a gate that one of them shuts: nobody enters behind that one.
      yield* commit(insert(Parts, part("gate")), insert(Parts, part("hall")))
      const gate = yield* readPart("gate")
      const enter = commit(check(gate), add(Parts, "hall", { taken: 1 }))
      const shut = commit(replace(gate, part("gate", { note: "shut" })))
      const inside = Effect.map(readPart("hall"), ({ value }) => value.taken)
      let atShut = -1
      const outcomes = yield* together(CALLERS, (i) =>
        i === CALLERS / 2
          ? Effect.tap(Effect.andThen(shut, inside), (taken) => Effect.sync(() => (atShut = taken)))
          : enter,
      )
      const entered = outcomes.filter(Result.isSuccess).length - 1
      expectSame(
        "inside when the gate was shut, and now",
        [atShut, yield* inside],
        [entered, entered],
      )
      yield* expectRefused("a latecomer", "Conflict", enter)
    }),
  ),
]

type Outcome = Result.Result<unknown, { readonly _tag: string }>

const isRefusedAs =
  (tag: string) =>
  (outcome: Outcome): boolean =>
    Result.isFailure(outcome) && outcome.failure._tag === tag

/** Which caller won. Exactly one must have, and the others must have been refused with `tag`. */
const oneWinner = (outcomes: ReadonlyArray<Outcome>, tag: string) =>
  Effect.sync(() => {
    expectSame("winners", outcomes.filter(Result.isSuccess).length, 1)
    expectSame(`refused as ${tag}`, outcomes.filter(isRefusedAs(tag)).length, outcomes.length - 1)
    return outcomes.findIndex(Result.isSuccess)
  })
