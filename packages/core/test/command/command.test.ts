import { it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { beforeEach, describe, expect } from "vitest"
import { type StandingState, Standings } from "../../src/access/index.ts"
import { DAY_MILLIS } from "../../src/kernel/index.ts"
import {
  add,
  type CurrentPartition,
  insert,
  replace,
  Store,
  StoreUnavailable,
} from "../../src/store/index.ts"
import { inside, inWorld, MERCHANT_A, opened } from "../world.ts"
import { driverWith, empty, hooks, leftBehind, open, pay, Tills, take } from "./tillWorld.ts"

beforeEach(() => {
  hooks.decided = 0
  hooks.between = Effect.void
})

const nothing = { tills: [], receipts: [], events: [], messages: [] }

/** Does `work` before the first decision is committed, and nothing before later ones. */
const once = (work: Effect.Effect<unknown, unknown, Store | CurrentPartition>) => {
  hooks.between = Effect.suspend(() =>
    hooks.decided === 1 ? Effect.orDie(Effect.asVoid(inside(MERCHANT_A)(work))) : Effect.void,
  )
}

const changeStanding = (state: StandingState) =>
  Effect.gen(function* () {
    const store = yield* Store
    const standing = Option.getOrThrow(yield* store.get(Standings, "standing"))
    yield* store.commit([replace(standing, { ...standing.value, state })])
  })

const touchTill = Effect.flatMap(Store, (store) => store.commit([add(Tills, "t", { coins: 100 })]))

describe("a command", () => {
  it.effect("writes its change, its event, its receipt and its message as one", () =>
    inWorld(
      Effect.gen(function* () {
        yield* TestClock.setTime(5000)
        yield* pay({ key: "k", till: "t", coins: 5 })
        const { tills, receipts, events, messages } = yield* leftBehind
        expect(tills).toEqual([{ id: "t", coins: 5, total: 5n }])
        expect(events).toMatchObject([
          {
            at: 5000,
            actor: { kind: "user", id: "tester" },
            action: "adjustStock",
            object: { kind: "till", id: "t" },
            outcome: "done",
            correlation: "k",
          },
        ])
        expect(receipts).toMatchObject([
          {
            key: "k",
            command: "adjustStock",
            answer: { till: "t", total: "5" },
            at: 5000,
            expiresAt: 5000 + 35 * DAY_MILLIS,
          },
        ])
        expect(messages).toMatchObject([
          { topic: "coins.moved", body: { till: "t", coins: 5 }, createdAt: 5000 },
        ])
      }),
    ),
  )

  it.effect("that is refused at commit leaves no receipt, no event and no message", () =>
    inWorld(
      Effect.gen(function* () {
        yield* pay({ key: "in", till: "t", coins: 5 })
        const before = yield* leftBehind
        const refused = yield* Effect.flip(take({ key: "k", till: "t", coins: 6 }))
        expect(refused).toMatchObject({ _tag: "TillEmpty", till: "t" })
        expect(yield* leftBehind).toEqual(before)
      }),
    ),
  )

  it.effect("that refuses itself leaves nothing", () =>
    inWorld(
      Effect.gen(function* () {
        yield* open({ key: "k", till: "t" })
        const before = yield* leftBehind
        expect((yield* Effect.flip(open({ key: "k2", till: "t" })))._tag).toBe("TillEmpty")
        expect(yield* leftBehind).toEqual(before)
      }),
    ),
  )

  it.effect("that changes nothing leaves nothing", () =>
    inWorld(
      Effect.gen(function* () {
        expect(yield* empty({ key: "k", till: "t" })).toEqual({ till: "t", total: -1n })
        expect(yield* leftBehind).toEqual(nothing)
      }),
    ),
  )

  it.effect("decides again when what it read has moved, and sees the new state", () =>
    inWorld(
      Effect.gen(function* () {
        yield* pay({ key: "in", till: "t", coins: 5 })
        hooks.decided = 0
        once(touchTill)
        yield* pay({ key: "k", till: "t", coins: 1 })
        expect(hooks.decided).toBe(2)
        expect((yield* leftBehind).tills).toEqual([{ id: "t", coins: 106, total: 6n }])
      }),
    ),
  )

  it.effect("decides again when somebody else made the record that it makes", () =>
    inWorld(
      Effect.gen(function* () {
        once(
          Effect.flatMap(Store, (store) =>
            store.commit([insert(Tills, { id: "t", coins: 10, total: 10n })]),
          ),
        )
        expect(yield* pay({ key: "k", till: "t", coins: 1 })).toEqual({ till: "t", total: 11n })
        expect(hooks.decided).toBe(2)
      }),
    ),
  )

  it.effect("of sixteen callers on one record loses none of their changes", () =>
    inWorld(
      Effect.gen(function* () {
        hooks.between = Effect.yieldNow
        yield* Effect.all(
          Array.from({ length: 16 }, (_, i) => pay({ key: `k${i}`, till: "t", coins: i + 1 })),
          { concurrency: "unbounded" },
        )
        const { tills, receipts, events, messages } = yield* leftBehind
        expect(tills).toEqual([{ id: "t", coins: 136, total: 136n }])
        expect([receipts.length, events.length, messages.length]).toEqual([16, 16, 16])
        expect(hooks.decided).toBeGreaterThan(16)
      }),
    ),
  )

  it.effect("gives up as Busy after 32 lost races, and has changed nothing", () =>
    inWorld(
      Effect.gen(function* () {
        yield* pay({ key: "in", till: "t", coins: 5 })
        hooks.decided = 0
        hooks.between = Effect.orDie(inside(MERCHANT_A)(touchTill))
        const busy = yield* Effect.flip(pay({ key: "k", till: "t", coins: 1 }))
        expect(busy).toMatchObject({ _tag: "Busy", command: "adjustStock", tries: 32 })
        expect(hooks.decided).toBe(32)
        const { tills, receipts } = yield* leftBehind
        expect(tills).toEqual([{ id: "t", coins: 5 + 32 * 100, total: 5n }])
        expect(receipts.map(({ key }) => key)).toEqual(["in"])
      }),
    ),
  )

  it.effect("tells that the store does not answer, and does not try again by itself", () => {
    let commits = 0
    const down = driverWith(
      (good) => (partition, entries) =>
        commits++ === 0
          ? good.commit(partition, entries)
          : Effect.fail(new StoreUnavailable({ operation: "commit", reason: "down" })),
    )
    return Effect.gen(function* () {
      yield* opened()
      const refused = yield* Effect.flip(pay({ key: "k", till: "t", coins: 1 }))
      expect(refused).toMatchObject({ _tag: "StoreUnavailable", reason: "down" })
      expect([hooks.decided, commits]).toEqual([1, 2])
      expect(yield* leftBehind).toEqual(nothing)
    }).pipe(inside(MERCHANT_A), Effect.provide(down))
  })

  it.effect("too large for the store says so", () =>
    inWorld(
      Effect.gen(function* () {
        const refused = yield* Effect.flip(pay({ key: "k", till: "x".repeat(513), coins: 1 }))
        expect(refused).toMatchObject({ _tag: "TooLarge", what: "id", size: 513 })
        expect(yield* leftBehind).toEqual(nothing)
      }),
    ),
  )
})

describe("a command of somebody who may not", () => {
  it.effect.each([[{ key: "k", till: "t", coins: 1 }], [{ key: "", till: 1 }], [undefined]])(
    "is Forbidden, whatever it says, and the refusal is all that it leaves: %j",
    ([input]) =>
      inWorld(
        Effect.gen(function* () {
          const refused = yield* Effect.flip(inside(MERCHANT_A, ["picker"])(pay(input as never)))
          expect(refused).toMatchObject({ _tag: "Forbidden", action: "adjustStock" })
          const { events, ...rest } = yield* leftBehind
          expect(rest).toEqual({ tills: [], receipts: [], messages: [] })
          expect(events).toMatchObject([
            { action: "adjustStock", outcome: "refused", reason: "Forbidden" },
          ])
          expect(hooks.decided).toBe(0)
        }),
      ),
  )

  it.effect("is Forbidden although it was answered while they might", () =>
    inWorld(
      Effect.gen(function* () {
        yield* pay({ key: "k", till: "t", coins: 1 })
        const again = inside(MERCHANT_A, ["auditor"])(pay({ key: "k", till: "t", coins: 1 }))
        expect((yield* Effect.flip(again))._tag).toBe("Forbidden")
      }),
    ),
  )
})

describe("a standing", () => {
  const inStanding = (state: StandingState) =>
    Effect.gen(function* () {
      yield* changeStanding(state)
      return yield* Effect.result(pay({ key: "k", till: "t", coins: 1 }))
    })

  it.effect.each([["active"], ["on_stop"]] as const)(
    "%s allows what says nothing else",
    ([state]) =>
      inWorld(
        Effect.gen(function* () {
          expect((yield* inStanding(state))._tag).toBe("Success")
        }),
      ),
  )

  it.effect.each([["suspended"], ["closing"], ["closed"]] as const)("%s refuses it", ([state]) =>
    inWorld(
      Effect.gen(function* () {
        const outcome = yield* Effect.flip(Effect.flatMap(inStanding(state), Effect.fromResult))
        expect(outcome).toMatchObject({
          _tag: "StandingRefused",
          command: "adjustStock",
          state,
          allowed: ["active", "on_stop"],
        })
        expect(yield* leftBehind).toEqual(nothing)
        expect(hooks.decided).toBe(0)
      }),
    ),
  )

  it.effect.each([["suspended"], ["closing"], ["closed"]] as const)(
    "%s fences a change that was decided before it came",
    ([state]) =>
      inWorld(
        Effect.gen(function* () {
          once(changeStanding(state))
          const refused = yield* Effect.flip(pay({ key: "k", till: "t", coins: 1 }))
          expect(refused).toMatchObject({ _tag: "StandingRefused", state })
          expect(hooks.decided).toBe(1)
          expect(yield* leftBehind).toEqual(nothing)
        }),
      ),
  )

  it.effect("that changes to another one that allows it only makes it decide again", () =>
    inWorld(
      Effect.gen(function* () {
        once(changeStanding("on_stop"))
        yield* pay({ key: "k", till: "t", coins: 1 })
        expect(hooks.decided).toBe(2)
      }),
    ),
  )

  it.effect("closed still lets a repeat know its answer", () =>
    inWorld(
      Effect.gen(function* () {
        const first = yield* pay({ key: "k", till: "t", coins: 1 })
        yield* changeStanding("closed")
        expect(yield* pay({ key: "k", till: "t", coins: 1 })).toEqual(first)
        const other = yield* Effect.flip(pay({ key: "k2", till: "t", coins: 1 }))
        expect(other._tag).toBe("StandingRefused")
      }),
    ),
  )

  it.effect("that was never given makes the partition look like none", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(pay({ key: "k", till: "t", coins: 1 }))
      expect(refused).toMatchObject({ _tag: "NotFound", kind: "partition", id: MERCHANT_A })
      expect(yield* leftBehind).toEqual(nothing)
    }).pipe(inside(MERCHANT_A), Effect.provide(driverWith((good) => good.commit))),
  )
})
