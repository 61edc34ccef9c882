import { it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { beforeEach, describe, expect } from "vitest"
import { StoreUnavailable } from "../../src/store/index.ts"
import { inside, inWorld, MERCHANT_A, MERCHANT_B, opened } from "../world.ts"
import { driverWith, empty, hooks, leftBehind, open, pay, take } from "./tillWorld.ts"

beforeEach(() => {
  hooks.decided = 0
  hooks.between = Effect.void
})

const numbersLeft = Effect.map(leftBehind, ({ tills, receipts, events, messages }) => ({
  coins: tills.map(({ coins }) => coins),
  receipts: receipts.length,
  events: events.length,
  messages: messages.length,
}))

describe("the same command under the same key", () => {
  it.effect("has one effect and the same answer, however often it is sent", () =>
    inWorld(
      Effect.gen(function* () {
        const first = yield* pay({ key: "k", till: "t", coins: 5 })
        expect(first).toEqual({ till: "t", total: 5n })
        yield* pay({ key: "other", till: "t", coins: 7 })
        for (let i = 0; i < 3; i++)
          expect(yield* pay({ key: "k", till: "t", coins: 5 })).toEqual(first)
        expect(yield* numbersLeft).toEqual({ coins: [12], receipts: 2, events: 2, messages: 2 })
      }),
    ),
  )

  it.effect("is the same however its fields are ordered", () =>
    inWorld(
      Effect.gen(function* () {
        const first = yield* pay({ key: "k", till: "t", coins: 5 })
        expect(yield* pay({ coins: 5, till: "t", key: "k" })).toEqual(first)
        expect((yield* numbersLeft).coins).toEqual([5])
      }),
    ),
  )

  it.effect("is answered although it would be refused by now", () =>
    inWorld(
      Effect.gen(function* () {
        const first = yield* open({ key: "k", till: "t" })
        expect(yield* open({ key: "k", till: "t" })).toEqual(first)
        const again = yield* Effect.flip(open({ key: "new", till: "t" }))
        expect(again._tag).toBe("TillEmpty")
      }),
    ),
  )

  it.effect("is answered although the counter has run out by now", () =>
    inWorld(
      Effect.gen(function* () {
        yield* pay({ key: "in", till: "t", coins: 5 })
        const first = yield* take({ key: "k", till: "t", coins: 5 })
        expect(yield* take({ key: "k", till: "t", coins: 5 })).toEqual(first)
        const again = yield* Effect.flip(take({ key: "new", till: "t", coins: 5 }))
        expect(again._tag).toBe("TillEmpty")
        expect((yield* numbersLeft).coins).toEqual([0])
      }),
    ),
  )

  it.effect("is answered as before although it would change nothing by now", () =>
    inWorld(
      Effect.gen(function* () {
        yield* pay({ key: "in", till: "t", coins: 5 })
        const first = yield* empty({ key: "k", till: "t" })
        expect(first.total).toBe(5n)
        expect(yield* empty({ key: "k", till: "t" })).toEqual(first)
        expect((yield* empty({ key: "new", till: "t" })).total).toBe(-1n)
      }),
    ),
  )

  it.effect("sent by sixteen at once has one effect and sixteen equal answers", () =>
    inWorld(
      Effect.gen(function* () {
        hooks.between = Effect.yieldNow
        const answers = yield* Effect.all(
          Array.from({ length: 16 }, () => pay({ key: "k", till: "t", coins: 5 })),
          { concurrency: "unbounded" },
        )
        expect(hooks.decided).toBeGreaterThan(1)
        expect(answers).toEqual(Array.from({ length: 16 }, () => ({ till: "t", total: 5n })))
        expect(yield* numbersLeft).toEqual({ coins: [5], receipts: 1, events: 1, messages: 1 })
      }),
    ),
  )

  it.effect("has one effect where the store wrote it but could not say so", () => {
    let lost = 0
    const forgetful = driverWith(
      (good) => (partition, entries) =>
        Effect.tap(good.commit(partition, entries), () =>
          // The standing is written first; the command's own batch is the second one.
          lost++ === 1
            ? Effect.fail(new StoreUnavailable({ operation: "commit", reason: "no answer" }))
            : Effect.void,
        ),
    )
    return Effect.gen(function* () {
      yield* opened()
      const unknown = yield* Effect.result(pay({ key: "k", till: "t", coins: 5 }))
      // The batch was there when the command looked for its receipt: it knows its own answer.
      expect(Result.getOrThrow(unknown)).toEqual({ till: "t", total: 5n })
      expect(yield* pay({ key: "k", till: "t", coins: 5 })).toEqual({ till: "t", total: 5n })
      expect((yield* numbersLeft).coins).toEqual([5])
    }).pipe(inside(MERCHANT_A), Effect.provide(forgetful))
  })

  it.effect("is another command in another partition", () =>
    Effect.gen(function* () {
      yield* inside(MERCHANT_A)(opened())
      yield* inside(MERCHANT_B)(opened())
      yield* inside(MERCHANT_A)(pay({ key: "k", till: "t", coins: 5 }))
      const theirs = yield* inside(MERCHANT_B)(pay({ key: "k", till: "t", coins: 9 }))
      expect(theirs.total).toBe(9n)
      expect((yield* inside(MERCHANT_A)(numbersLeft)).coins).toEqual([5])
      expect((yield* inside(MERCHANT_B)(numbersLeft)).coins).toEqual([9])
    }).pipe(Effect.provide(driverWith((good) => good.commit))),
  )
})

describe("another command under a used key is an IdempotencyConflict", () => {
  const refusedAfter = <E extends { readonly _tag: string }, R>(
    first: Effect.Effect<unknown, unknown, R>,
    second: Effect.Effect<unknown, E, R>,
  ) =>
    Effect.gen(function* () {
      yield* pay({ key: "in", till: "t", coins: 5 })
      yield* first
      const before = yield* leftBehind
      expect(yield* Effect.flip(second)).toMatchObject({
        _tag: "IdempotencyConflict",
        key: "k",
        command: "adjustStock",
      })
      expect(yield* leftBehind).toEqual(before)
    })

  it.effect("when a field differs", () =>
    inWorld(
      refusedAfter(pay({ key: "k", till: "t", coins: 5 }), pay({ key: "k", till: "t", coins: 6 })),
    ),
  )

  it.effect("when a field is there that was not", () =>
    inWorld(
      refusedAfter(
        pay({ key: "k", till: "t", coins: 5 }),
        pay({ key: "k", till: "t", coins: 5, lines: [] }),
      ),
    ),
  )

  it.effect("when it would be refused for itself", () =>
    inWorld(
      refusedAfter(
        take({ key: "k", till: "t", coins: 5 }),
        take({ key: "k", till: "t", coins: 6 }),
      ),
    ),
  )

  it.effect("when it would change nothing", () =>
    inWorld(refusedAfter(empty({ key: "k", till: "t" }), empty({ key: "k", till: "nowhere" }))),
  )

  it.effect("and of two sent at once, one has its effect", () =>
    inWorld(
      Effect.gen(function* () {
        hooks.between = Effect.yieldNow
        const [one, two] = yield* Effect.all(
          [5, 6].map((coins) => Effect.result(pay({ key: "k", till: "t", coins }))),
          { concurrency: "unbounded" },
        )
        const outcomes = [one, two].map((each) =>
          each && Result.isFailure(each) ? each.failure._tag : "done",
        )
        expect(outcomes.sort()).toEqual(["IdempotencyConflict", "done"])
        expect((yield* numbersLeft).receipts).toBe(1)
      }),
    ),
  )
})

describe("a key", () => {
  it.effect("is free again after a refusal", () =>
    inWorld(
      Effect.gen(function* () {
        const refused = yield* Effect.flip(take({ key: "k", till: "t", coins: 5 }))
        expect(refused._tag).toBe("TillEmpty")
        yield* pay({ key: "in", till: "t", coins: 5 })
        expect((yield* take({ key: "k", till: "t", coins: 3 })).total).toBe(-3n)
      }),
    ),
  )

  it.effect("is free again after a command that changed nothing", () =>
    inWorld(
      Effect.gen(function* () {
        expect((yield* empty({ key: "k", till: "t" })).total).toBe(-1n)
        expect(yield* leftBehind).toEqual({ tills: [], receipts: [], events: [], messages: [] })
        yield* pay({ key: "k", till: "t", coins: 5 })
        expect((yield* numbersLeft).coins).toEqual([5])
      }),
    ),
  )
})
