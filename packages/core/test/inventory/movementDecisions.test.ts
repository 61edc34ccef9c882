import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { BinCode, type Condition } from "../../src/inventory/Cell.ts"
import { settleCell } from "../../src/inventory/draftBalances.ts"
import { type PoolStep, stepOf } from "../../src/inventory/draftPools.ts"
import { effectsOf, effectsOfAll, type PoolEffect } from "../../src/inventory/effectsOf.ts"
import {
  type Location,
  onHandAt,
  type StockBalance,
  type StockPool,
} from "../../src/inventory/index.ts"
import { isArrival, placeOf } from "../../src/inventory/NewMovement.ts"
import { binAt } from "../../src/inventory/Place.ts"
import { type Quantity, Sku, type Timestamp } from "../../src/kernel/index.ts"
import { cellId, LEEDS, LONDON } from "./stockWorld.ts"

const TEA = Sku.make("TEA")
const bin = (name = "A-1", condition: Condition = "sellable", warehouse = LONDON): Location =>
  binAt(warehouse, { bin: BinCode.make(name) }, condition)
const supplier: Location = { _tag: "Supplier" }
const customer: Location = { _tag: "Customer" }

const moved = (from: Location, to: Location, more: object = {}) => ({
  sku: TEA,
  from,
  to,
  quantity: 3 as Quantity,
  ...more,
})

const cellsOf = (
  ...movements: Parameters<typeof effectsOfAll>[0] extends Iterable<infer M> ? Array<M> : never
) =>
  Object.fromEntries(
    [...effectsOfAll(movements).cells].map(([id, { onHand, allocated, unallocated }]) => [
      id,
      [onHand, allocated, unallocated],
    ]),
  )

const poolsOf = (movement: Parameters<typeof effectsOf>[0]) =>
  [...effectsOf(movement).pools.values()].map(({ warehouse, onHand, sellable, committed }) => [
    warehouse === LONDON ? "London" : "Leeds",
    onHand,
    sellable,
    committed,
  ])

describe("what a movement does", () => {
  it("is to take from one cell and bring to another", () => {
    expect(cellsOf(moved(bin("A-1"), bin("B-1")))).toEqual({
      [cellId("TEA")]: [-3, 0, -3],
      [cellId("TEA", { bin: "B-1" })]: [3, 0, 3],
    })
    expect(cellsOf(moved(supplier, bin()))).toEqual({ [cellId("TEA")]: [3, 0, 3] })
  })

  it("keeps pinned units apart from free ones on both sides", () => {
    const pick = moved(bin("A-1"), bin("B-1"), { takes: "allocated", lands: "allocated" })
    expect(cellsOf(pick)).toEqual({
      [cellId("TEA")]: [-3, -3, 0],
      [cellId("TEA", { bin: "B-1" })]: [3, 3, 0],
    })
  })

  it("is summed for each cell before anything is tested", () => {
    const there = moved(bin("A-1"), bin("B-1"))
    const on = moved(bin("B-1"), customer)
    expect(cellsOf(there, on, there)).toEqual({
      [cellId("TEA")]: [-6, 0, -6],
      [cellId("TEA", { bin: "B-1" })]: [3, 0, 3],
    })
  })

  it.each([
    ["goods in", moved(supplier, bin()), [["London", 3, 3, 0]]],
    ["damaged goods in", moved(supplier, bin("A-1", "damaged")), [["London", 3, 0, 0]]],
    ["a move", moved(bin("A-1"), bin("B-1")), [["London", 0, 0, 0]]],
    ["damage", moved(bin(), bin("A-1", "damaged")), [["London", 0, -3, 0]]],
    ["a dispatch", moved(bin(), customer, { posts: true }), [["London", -3, -3, -3]]],
    [
      "a move between warehouses",
      moved(bin(), bin("A-1", "sellable", LEEDS)),
      [
        ["London", -3, -3, 0],
        ["Leeds", 3, 3, 0],
      ],
    ],
  ] as const)("reaches the pool: %s", (_, movement, expected) => {
    expect(poolsOf(movement)).toEqual(expected)
  })
})

describe("a pool", () => {
  const effect = (onHand: number, sellable: number, committed = 0) =>
    ({ onHand, sellable, committed }) as PoolEffect
  const holding = (uncommitted: number) => ({ uncommitted }) as StockPool

  it.each([
    ["nothing", effect(0, 0), holding(5)],
    ["open", effect(3, 3), undefined],
    ["open", effect(3, 0), undefined],
    ["raise", effect(3, 3), holding(-9)],
    ["raise", effect(-3, -3, -3), holding(-9)],
    ["lower", effect(-3, -3), holding(3)],
    ["break", effect(-3, -3), holding(2)],
    ["break", effect(0, -1), holding(0)],
    // A pool that is not there although a cell gave units: the guard refuses, and it is read again.
    ["lower", effect(-3, -3), undefined],
  ] as const)("takes an effect in the way that keeps its promises: %s", (step, change, pool) => {
    expect(stepOf(change, pool)).toBe(step satisfies PoolStep)
  })
})

describe("a cell", () => {
  const holding = (allocated: number, unallocated: number) =>
    ({ onHand: allocated + unallocated, allocated, unallocated }) as StockBalance

  it.each([
    [holding(2, 3), { onHand: -3, allocated: 0, unallocated: -3 }, [2, 2, 0]],
    [holding(2, 3), { onHand: -4, allocated: 0, unallocated: -4 }, "pinned"],
    [holding(2, 3), { onHand: -6, allocated: 0, unallocated: -6 }, "short"],
    [holding(2, 3), { onHand: -2, allocated: -2, unallocated: 0 }, [3, 0, 3]],
    [holding(2, 3), { onHand: -3, allocated: -3, unallocated: 0 }, "short"],
    [undefined, { onHand: 1, allocated: 0, unallocated: 1 }, [1, 0, 1]],
    [undefined, { onHand: -1, allocated: 0, unallocated: -1 }, "short"],
  ] as const)(
    "%j gives what it has and nothing that is pinned: %j",
    (balance, effect, expected) => {
      const settled = settleCell(effect, balance)
      expect(
        Result.isSuccess(settled)
          ? [settled.success.onHand, settled.success.allocated, settled.success.unallocated]
          : settled.failure,
      ).toEqual(expected)
    },
  )
})

describe("a place", () => {
  it("is equal to itself only", () => {
    const places: ReadonlyArray<Location> = [
      bin(),
      bin("A-2"),
      bin("A-1", "held"),
      bin("A-1", "sellable", LEEDS),
      supplier,
      customer,
      { _tag: "Adjustment" },
      { _tag: "Scrap" },
      { _tag: "Kitting" },
      { _tag: "Transit", transfer: LONDON },
      { _tag: "Transit", transfer: LEEDS },
    ]
    expect(new Set(places.map(placeOf)).size).toBe(places.length)
  })

  it("lets units arrive from outside, but not from a bin or a transfer", () => {
    const transit: Location = { _tag: "Transit", transfer: LONDON }
    const arrivals = [supplier, customer, bin("B-1"), transit].map((from) =>
      isArrival({ from, to: bin() }),
    )
    expect(arrivals).toEqual([true, true, false, false])
    expect(isArrival({ from: supplier, to: customer })).toBe(false)
  })
})

describe("what a cell held", () => {
  const cell = cellId("TEA")
  const at = (occurredAt: number, quantity: number, into: boolean) => ({
    occurredAt: occurredAt as Timestamp,
    quantity: quantity as Quantity,
    ...(into ? { toCell: cell } : { fromCell: cell }),
  })

  it("is what it holds, less what came since and with what left since", () => {
    const later = [at(9, 1, true), at(10, 2, true), at(11, 4, true), at(12, 8, false)]
    expect(onHandAt(cell, 10 as Timestamp, 20, later)).toBe(20 - 4 + 8)
  })
})
