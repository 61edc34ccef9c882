import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  adjustStock,
  changeCondition,
  expireLots,
  recallLot,
  releaseAllocation,
  StockBalances,
  StockMovements,
  sweepEmptyCells,
} from "../../src/inventory/index.ts"
import { inWorld } from "../world.ts"
import {
  allocate,
  commit,
  DAY,
  define,
  drifts,
  everything,
  freshKey,
  LEEDS,
  LONDON,
  onHand,
  pool,
  receive,
  records,
} from "./stockWorld.ts"

const recall = (lot = "L1") => recallLot({ key: freshKey(), sku: "MILK", lot })
const expire = (more: object = {}) => expireLots({ key: freshKey(), ...more })

describe("a recall", () => {
  it.effect("takes every free sellable unit of the lot out of sale, in all warehouses", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true })
        yield* receive("MILK", 5, { lot: "L1" })
        yield* receive("MILK", 3, { lot: "L1", warehouse: LEEDS })
        yield* receive("MILK", 2, { lot: "L1", condition: "held" })
        yield* receive("MILK", 7, { lot: "L2" })
        const answer = yield* recall()
        expect(answer).toMatchObject({ cellsLeft: 0, toReallocate: [] })
        expect(answer.moved.map(({ quantity }) => quantity).sort()).toEqual([3, 5])
        expect(yield* pool("MILK")).toMatchObject({ onHand: 14, sellable: 7 })
        expect(yield* pool("MILK", LEEDS)).toMatchObject({ onHand: 3, sellable: 0 })
        expect(yield* onHand("MILK", { lot: "L1", condition: "recalled" })).toBe(5)
        expect(yield* onHand("MILK", { lot: "L1", condition: "held" })).toBe(2)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("keeps the lot from becoming sellable ever again", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true })
        yield* receive("MILK", 5, { lot: "L1", condition: "held" })
        yield* recall()
        const before = yield* everything()
        const released = changeCondition({
          key: freshKey(),
          warehouse: LONDON,
          bin: "A-1",
          sku: "MILK",
          lot: "L1",
          quantity: 1,
          from: "held",
          to: "sellable",
        })
        for (const refused of [released, receive("MILK", 1, { lot: "L1" })])
          expect(yield* Effect.flip(refused)).toMatchObject({
            _tag: "LotRefused",
            reason: "recalled",
          })
        expect(yield* everything()).toEqual(before)
        yield* receive("MILK", 1, { lot: "L1", condition: "recalled" })
      }),
    ),
  )

  it.effect(
    "names the documents that still pin units, and moves the rest when it is repeated",
    () =>
      inWorld(
        Effect.gen(function* () {
          yield* define("MILK", { lot: true })
          yield* receive("MILK", 5, { lot: "L1" })
          yield* commit("MILK", 2, "o-4")
          yield* allocate("o-4")
          const first = yield* recall()
          expect(first).toMatchObject({
            moved: [{ quantity: 3 }],
            cellsLeft: 0,
            toReallocate: [{ kind: "basket", id: "o-4" }],
          })
          expect(first.shortfalls).toEqual([])
          yield* releaseAllocation({ key: freshKey(), document: { kind: "basket", id: "o-4" } })
          const second = yield* recall()
          expect(second).toMatchObject({ moved: [{ quantity: 2 }], toReallocate: [] })
          expect(second.shortfalls).toMatchObject([
            { missing: 2, atRisk: [{ document: { id: "o-4" }, quantity: 2 }] },
          ])
          const before = yield* everything()
          expect(yield* recall()).toMatchObject({ moved: [], cellsLeft: 0 })
          expect(yield* everything()).toEqual(before)
          expect(yield* drifts).toEqual([])
        }),
      ),
  )

  it.effect("and a receipt of the lot at the same time leave nothing sellable behind", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true })
        yield* receive("MILK", 1, { lot: "L1" })
        const receipts = Array.from({ length: 6 }, (_, at) =>
          Effect.result(receive("MILK", 1, { lot: "L1", bin: `B-${at}` })),
        )
        yield* Effect.all([...receipts.slice(0, 3), recall(), ...receipts.slice(3)], {
          concurrency: "unbounded",
        })
        yield* recall()
        expect((yield* pool("MILK"))?.sellable).toBe(0)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("moves serial-tracked units by their numbers", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true, serial: true })
        yield* receive("MILK", 3, { lot: "L1", serials: ["S1", "S2", "S3"] })
        yield* commit("MILK", 1, "o-4")
        yield* allocate("o-4")
        expect((yield* recall()).moved).toHaveLength(2)
        expect(yield* onHand("MILK", { lot: "L1", condition: "recalled" })).toBe(2)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("of a lot that nobody received finds nothing", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true })
        expect(yield* Effect.flip(recall())).toMatchObject({
          _tag: "NotFound",
          kind: "lot",
          id: "MILK/L1",
        })
      }),
    ),
  )
})

describe("expiry", () => {
  const fresh = { lot: true, expiry: true }

  it.effect.each([
    [-1, 0],
    [0, 5],
    [1, 5],
  ] as const)("comes at its instant: %d ms after it", ([after, expired]) =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", fresh)
        yield* receive("MILK", 5, { lot: "L1", expiresAt: 10 * DAY })
        yield* TestClock.setTime(10 * DAY + after)
        yield* expire()
        expect(yield* onHand("MILK", { lot: "L1", condition: "expired" })).toBe(expired)
        expect(yield* onHand("MILK", { lot: "L1" })).toBe(5 - expired)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("is worked off in bounded steps, and says how much is left", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", fresh)
        yield* define("TEA")
        yield* receive("TEA", 1)
        for (const lot of ["L1", "L2", "L3", "L4", "L5"])
          yield* receive("MILK", 2, { lot, expiresAt: DAY })
        yield* TestClock.setTime(DAY)
        const answers = yield* Effect.forEach([1, 2, 3], () => expire({ limit: 2 }))
        expect(answers.map(({ moved, cellsLeft }) => [moved.length, cellsLeft])).toEqual([
          [2, 3],
          [2, 1],
          [1, 0],
        ])
        const before = yield* everything()
        expect(yield* expire()).toMatchObject({ moved: [], cellsLeft: 0 })
        expect(yield* everything()).toEqual(before)
        expect(yield* pool("MILK")).toMatchObject({ onHand: 10, sellable: 0 })
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("of serial-tracked units is worked off unit by unit", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true, expiry: true, serial: true })
        yield* receive("MILK", 3, { lot: "L1", expiresAt: DAY, serials: ["S1", "S2", "S3"] })
        yield* TestClock.setTime(DAY)
        const answers = yield* Effect.forEach([1, 2, 3], () => expire({ limit: 2 }))
        expect(answers.map(({ moved, cellsLeft }) => [moved.length, cellsLeft])).toEqual([
          [2, 1],
          [1, 0],
          [0, 0],
        ])
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("names the documents that pin expired units", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", fresh)
        yield* receive("MILK", 2, { lot: "L1", expiresAt: DAY })
        yield* commit("MILK", 2, "o-4")
        yield* allocate("o-4")
        yield* TestClock.setTime(DAY)
        expect(yield* expire()).toMatchObject({
          moved: [],
          cellsLeft: 0,
          toReallocate: [{ kind: "basket", id: "o-4" }],
        })
      }),
    ),
  )
})

describe("empty cells", () => {
  it.effect("are swept a day after the last unit left, and open again", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 2)
        yield* receive("TEA", 2, { bin: "B-1" })
        yield* TestClock.setTime(DAY)
        yield* adjustStock({
          key: freshKey(),
          direction: "remove",
          reason: "lost",
          warehouse: LONDON,
          bin: "A-1",
          sku: "TEA",
          quantity: 2,
        })
        yield* TestClock.setTime(2 * DAY - 1)
        expect(yield* sweepEmptyCells({ key: freshKey() })).toEqual({ removed: 0 })
        yield* TestClock.setTime(2 * DAY)
        expect(yield* sweepEmptyCells({ key: freshKey() })).toEqual({ removed: 1 })
        expect(yield* records(StockBalances)).toHaveLength(1)
        expect(yield* records(StockMovements)).toHaveLength(3)
        expect(yield* drifts).toEqual([])
        yield* receive("TEA", 1)
        expect(yield* onHand("TEA")).toBe(1)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )
})
