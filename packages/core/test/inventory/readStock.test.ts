import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { readStanding } from "../../src/access/index.ts"
import {
  adjustStock,
  changeStockSettings,
  countStock,
  findMovements,
  readStock,
  readStockSettings,
  recallLot,
} from "../../src/inventory/index.ts"
import { replace, Store } from "../../src/store/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"
import {
  allocate,
  commit,
  define,
  everything,
  freshKey,
  LEEDS,
  LONDON,
  receive,
} from "./stockWorld.ts"

describe("a stock report", () => {
  it.effect("has every quantity of each warehouse and in all", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        yield* receive("TEA", 2, { condition: "damaged" })
        yield* receive("TEA", 5, { warehouse: LEEDS })
        yield* commit("TEA", 8)
        yield* allocate()
        yield* adjustStock({
          key: freshKey(),
          direction: "remove",
          reason: "lost",
          warehouse: LONDON,
          bin: "A-1",
          sku: "TEA",
          quantity: 2,
        })
        const report = yield* readStock({ sku: "TEA" })
        const london = report.warehouses.find(({ warehouse }) => warehouse === LONDON)
        expect(london).toMatchObject({
          onHand: 10,
          unsellable: 2,
          sellable: 8,
          committed: 8,
          available: 0,
          shortfall: 0,
          allocated: 8,
          cells: [],
        })
        expect(report.total).toEqual({
          onHand: 15,
          unsellable: 2,
          sellable: 13,
          committed: 8,
          available: 5,
          shortfall: 0,
          allocated: 8,
        })
      }),
    ),
  )

  it.effect("does not let one warehouse's shortfall eat another's stock", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 4)
        yield* receive("TEA", 5, { warehouse: LEEDS })
        yield* commit("TEA", 4)
        yield* adjustStock({
          key: freshKey(),
          direction: "remove",
          reason: "lost",
          warehouse: LONDON,
          bin: "A-1",
          sku: "TEA",
          quantity: 3,
        })
        const { total } = yield* readStock({ sku: "TEA" })
        expect(total).toMatchObject({ onHand: 6, available: 5, shortfall: 3, committed: 4 })
        // onHand = unsellable + available + committed - shortfall
        expect(total.onHand).toBe(
          total.unsellable + total.available + total.committed - total.shortfall,
        )
      }),
    ),
  )

  it.effect("lists the cells that hold something, when asked to", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 4)
        yield* receive("TEA", 1, { bin: "B-1" })
        yield* receive("TEA", 1, { warehouse: LEEDS })
        const report = yield* readStock({ sku: "TEA", warehouse: LONDON, cells: true })
        expect(report.warehouses).toHaveLength(1)
        expect(report.warehouses[0]?.cells.map(({ bin, onHand }) => [bin, onHand])).toEqual([
          ["A-1", 4],
          ["B-1", 1],
        ])
      }),
    ),
  )

  it.effect("of what nobody received is nothing, and of no product there is none", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        expect(yield* readStock({ sku: "TEA" })).toMatchObject({
          warehouses: [],
          total: { onHand: 0, available: 0 },
        })
        expect(yield* Effect.flip(readStock({ sku: "GONE" }))).toMatchObject({
          _tag: "NotFound",
          kind: "product",
        })
      }),
    ),
  )

  it.effect("and the journal show a merchant nothing of another one's", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 4)
        yield* inside(MERCHANT_B)(
          Effect.gen(function* () {
            expect(yield* Effect.flip(readStock({ sku: "TEA" }))).toMatchObject({
              _tag: "NotFound",
            })
            yield* define("TEA")
            expect((yield* readStock({ sku: "TEA" })).total.onHand).toBe(0)
            expect((yield* findMovements({})).items).toEqual([])
          }),
        )
      }),
    ),
  )
})

describe("the journal", () => {
  it.effect("is read page by page, newest first, of one SKU or a span of time", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* define("MUG")
        for (let at = 1; at <= 5; at++) {
          yield* TestClock.setTime(at)
          yield* receive(at % 2 === 0 ? "MUG" : "TEA", at)
        }
        const quantities = (page: {
          readonly items: ReadonlyArray<{ readonly quantity: number }>
        }) => page.items.map(({ quantity }) => quantity)
        const first = yield* findMovements({ limit: 3 })
        expect(quantities(first)).toEqual([5, 4, 3])
        const second = yield* findMovements({ limit: 3, after: first.next ?? "" })
        expect(quantities(second)).toEqual([2, 1])
        expect(second.next).toBeUndefined()
        expect(quantities(yield* findMovements({ sku: "TEA", order: "ascending" }))).toEqual([
          1, 3, 5,
        ])
        expect(quantities(yield* findMovements({ since: 2, until: 4 }))).toEqual([3, 2])
        expect(yield* Effect.flip(findMovements({ after: "nonsense" }))).toMatchObject({
          _tag: "InvalidCursor",
        })
      }),
    ),
  )
})

describe("stock settings", () => {
  it.effect("are the defaults until a merchant changes some of them", () =>
    inWorld(
      Effect.gen(function* () {
        const defaults = yield* readStockSettings
        expect(defaults).toEqual({
          removalStrategy: "fefo",
          doNotPickDays: 0,
          minimumShelfLifeDays: 0,
          commitmentLifetime: null,
        })
        yield* changeStockSettings({ key: freshKey(), removalStrategy: "lifo", doNotPickDays: 3 })
        yield* changeStockSettings({ key: freshKey(), commitmentLifetime: 60_000 })
        const changed = {
          removalStrategy: "lifo",
          doNotPickDays: 3,
          minimumShelfLifeDays: 0,
          commitmentLifetime: 60_000,
        }
        expect(yield* readStockSettings).toEqual(changed)
        expect(yield* changeStockSettings({ key: freshKey(), commitmentLifetime: null })).toEqual({
          ...changed,
          commitmentLifetime: null,
        })
        expect(yield* inside(MERCHANT_B)(readStockSettings)).toEqual(defaults)
      }),
    ),
  )

  it.effect("are not a picker's to change", () =>
    inWorld(
      Effect.gen(function* () {
        const before = (yield* everything()).filter(([name]) => name !== "audit_log")
        const refused = yield* changeStockSettings({ key: freshKey(), doNotPickDays: 3 }).pipe(
          inside(MERCHANT_B, ["picker"]),
          Effect.flip,
        )
        expect(refused).toMatchObject({ _tag: "Forbidden", action: "changeStockSettings" })
        expect((yield* everything()).filter(([name]) => name !== "audit_log")).toEqual(before)
      }),
    ),
  )
})

describe("the standing of a merchant", () => {
  const asked = {
    receive: receive("TEA", 1),
    count: countStock({
      key: "count",
      warehouse: LONDON,
      bin: "A-1",
      sku: "TEA",
      counted: 1,
      blind: true,
    }),
    recall: recallLot({ key: "recall", sku: "TEA", lot: "L1" }),
  }
  const refusals = Effect.map(
    Effect.all(asked, { mode: "result" }),
    (outcomes): ReadonlyArray<string | undefined> =>
      [outcomes.receive, outcomes.count, outcomes.recall].map((outcome) =>
        outcome._tag === "Failure" ? outcome.failure._tag : undefined,
      ),
  )

  it.effect.each([
    ["suspended", [undefined, undefined, "NotFound"]],
    ["closing", ["StandingRefused", undefined, "NotFound"]],
    ["closed", ["StandingRefused", "StandingRefused", "StandingRefused"]],
  ] as const)("decides what may still be done with stock: %s", ([state, expected]) =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        const store = yield* Store
        const standing = Option.getOrThrow(yield* readStanding)
        yield* store.commit([replace(standing, { ...standing.value, state })])
        expect(yield* refusals).toEqual(expected)
      }),
    ),
  )
})
