import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  adjustStock,
  approveCount,
  countStock,
  moveStock,
  StockCounts,
  StockMovements,
} from "../../src/inventory/index.ts"
import { inWorld } from "../world.ts"
import {
  allocate,
  balance,
  commit,
  DAY,
  define,
  drifts,
  everything,
  freshKey,
  LONDON,
  onHand,
  receive,
  records,
} from "./stockWorld.ts"

const count = (sku: string, counted: number, more: object = {}) =>
  Effect.map(
    countStock({
      key: freshKey(),
      warehouse: LONDON,
      bin: "A-1",
      sku,
      counted,
      blind: true,
      ...more,
    }),
    (answer) => answer.count,
  )

const approve = (id: string) => approveCount({ key: freshKey(), count: id })
const reject = (id: string) => approveCount({ key: freshKey(), count: id, verdict: "reject" })

const remove = (sku: string, quantity: number, more: object = {}) =>
  adjustStock({
    key: freshKey(),
    direction: "remove",
    reason: "sample",
    warehouse: LONDON,
    bin: "A-1",
    sku,
    quantity,
    ...more,
  })

describe("a count", () => {
  it.effect("changes nothing until it is approved", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        const id = yield* count("TEA", 8)
        expect(yield* onHand("TEA")).toBe(10)
        expect(yield* approve(id)).toMatchObject({
          state: "approved",
          variance: -2,
          moved: [{ sku: "TEA", quantity: 2 }],
        })
        expect(yield* onHand("TEA")).toBe(8)
        const stored = (yield* records(StockCounts))[0]?.value
        expect(stored).toMatchObject({ state: "approved", variance: -2, counted: 8, blind: true })
        const posted = (yield* records(StockMovements)).find(({ id }) => id === stored?.movement)
        expect(posted?.value).toMatchObject({
          reason: "count_variance",
          from: { _tag: "Bin" },
          to: { _tag: "Adjustment" },
          document: { kind: "count", id },
        })
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("neither blocks nor forgets movements between counting and approval", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        yield* TestClock.setTime(DAY)
        const id = yield* count("TEA", 9)
        yield* TestClock.adjust(1)
        yield* receive("TEA", 5)
        yield* remove("TEA", 2)
        yield* moveStock({
          key: freshKey(),
          warehouse: LONDON,
          sku: "TEA",
          quantity: 1,
          from: { bin: "A-1" },
          to: { bin: "B-1" },
        })
        yield* TestClock.adjust(DAY)
        expect(yield* approve(id)).toMatchObject({ variance: -1 })
        expect(yield* onHand("TEA")).toBe(9 + 5 - 2 - 1)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect.each([
    [-1, 0],
    [0, 0],
    [1, 4],
  ] as const)(
    "sees what happened up to its instant: a receipt %d ms after it",
    ([after, variance]) =>
      inWorld(
        Effect.gen(function* () {
          yield* define("TEA")
          yield* TestClock.setTime(DAY + after)
          yield* receive("TEA", 4)
          yield* TestClock.setTime(2 * DAY)
          const id = yield* count("TEA", 4, { countedAt: DAY })
          expect((yield* approve(id)).variance).toBe(variance)
        }),
      ),
  )

  it.effect.each([
    [-1, 0],
    [0, 0],
    [1, 4],
  ] as const)(
    "does so by when it happened, not by when it was typed in: %d ms",
    ([after, variance]) =>
      inWorld(
        Effect.gen(function* () {
          yield* define("TEA")
          yield* TestClock.setTime(2 * DAY)
          const id = yield* count("TEA", 4, { countedAt: DAY })
          yield* receive("TEA", 4, { occurredAt: DAY + after })
          expect((yield* approve(id)).variance).toBe(variance)
        }),
      ),
  )

  it.effect("saw what was there, though it was written down later", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        yield* TestClock.setTime(DAY)
        const id = yield* count("TEA", 12)
        yield* TestClock.setTime(2 * DAY)
        // Two came in and one went to another bin before the count; somebody types it in now.
        yield* receive("TEA", 3, { occurredAt: DAY - 10 })
        yield* remove("TEA", 1, { occurredAt: DAY - 5 })
        expect(yield* approve(id)).toMatchObject({ variance: 0, moved: [] })
        expect(yield* onHand("TEA")).toBe(12)
      }),
    ),
  )

  it.effect("that was right posts nothing, of an empty or unknown cell too", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        const id = yield* count("TEA", 0)
        expect(yield* approve(id)).toMatchObject({ state: "approved", variance: 0, moved: [] })
        expect(yield* records(StockMovements)).toEqual([])
      }),
    ),
  )

  it.effect("finds units in a cell that the books do not know", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true, expiry: true })
        const id = yield* count("MILK", 3, { lot: "L1", expiresAt: 9 * DAY })
        expect(yield* approve(id)).toMatchObject({ variance: 3 })
        expect(yield* balance("MILK", { lot: "L1" })).toMatchObject({
          onHand: 3,
          expiresAt: 9 * DAY,
        })
      }),
    ),
  )

  it.effect("that was repeated does not post the difference twice", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        yield* TestClock.setTime(DAY)
        const earlier = yield* count("TEA", 8)
        yield* TestClock.setTime(2 * DAY)
        const later = yield* count("TEA", 8)
        yield* TestClock.setTime(3 * DAY)
        yield* approve(earlier)
        expect(yield* approve(later)).toMatchObject({ variance: 0 })
        expect(yield* onHand("TEA")).toBe(8)
      }),
    ),
  )

  it.effect("is overtaken by a later one that was approved first", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        yield* TestClock.setTime(DAY)
        const earlier = yield* count("TEA", 8)
        yield* TestClock.setTime(2 * DAY)
        const later = yield* count("TEA", 8)
        yield* approve(later)
        expect(yield* Effect.flip(approve(earlier))).toMatchObject({
          _tag: "CountSuperseded",
          count: earlier,
          by: later,
        })
        expect(yield* reject(earlier)).toMatchObject({ state: "rejected", variance: 0 })
        expect(yield* onHand("TEA")).toBe(8)
      }),
    ),
  )

  it.effect("is judged once", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        const id = yield* count("TEA", 2)
        yield* reject(id)
        expect(yield* Effect.flip(approve(id))).toMatchObject({
          _tag: "CountResolved",
          state: "rejected",
        })
        expect(yield* onHand("TEA")).toBe(0)
      }),
    ),
  )

  it.effect("that misses pinned units names whose they are and changes nothing", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        yield* commit("TEA", 5, "o-9")
        yield* allocate("o-9")
        const id = yield* count("TEA", 3)
        const before = yield* everything()
        expect(yield* Effect.flip(approve(id))).toMatchObject({
          _tag: "StockAllocated",
          documents: [{ kind: "basket", id: "o-9" }],
        })
        expect(yield* everything()).toEqual(before)
      }),
    ),
  )

  it.effect("that takes promised stock names the orders at risk", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        yield* commit("TEA", 5, "o-9")
        const id = yield* count("TEA", 3)
        expect((yield* approve(id)).shortfalls).toMatchObject([
          { missing: 2, atRisk: [{ document: { kind: "basket", id: "o-9" }, quantity: 2 }] },
        ])
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("races with movements of its cell and comes out right", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 20)
        yield* TestClock.setTime(DAY)
        const id = yield* count("TEA", 17)
        yield* TestClock.adjust(1)
        const others = Array.from({ length: 10 }, (_, at) =>
          at % 2 === 0 ? receive("TEA", 1) : remove("TEA", 1),
        )
        yield* Effect.all([...others.slice(0, 5), approve(id), ...others.slice(5)], {
          concurrency: "unbounded",
        })
        expect(yield* onHand("TEA")).toBe(17)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )
})
