import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  allocateStock,
  changeStockSettings,
  moveStock,
  recallLot,
  releaseAllocation,
} from "../../src/inventory/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"
import {
  BASKET,
  books,
  commit,
  DAY,
  define,
  everything,
  LEEDS,
  LONDON,
  receive,
} from "./promiseWorld.ts"

const perishable = (sku: string, shelfLife = {}) => ({
  sku,
  tracking: { lot: true, expiry: true },
  shelfLife,
})

type AllocateInput = Parameters<typeof allocateStock>[0]

/** Allocates the order; answers the bins in the order of the picks, as `bin:units`. */
const allocate = (more: Partial<AllocateInput> = {}) =>
  Effect.map(allocateStock({ key: "allocate", document: BASKET, ...more }), (answer) => ({
    ...answer,
    bins: answer.allocations
      .map(({ cell, quantity }) => `${cell.split("/")[1]}:${quantity}`)
      .join(" "),
  }))

describe("allocateStock", () => {
  it.effect("pins promised units to cells; the pool stays as it is", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5, { bin: "A-1" })
      yield* TestClock.adjust("1 hour")
      yield* receive("MUG", 5, { bin: "A-2" })
      yield* commit([
        ["MUG", 4],
        ["MUG", 3],
      ])
      const before = (yield* books).pools
      const { bins, allocations, short } = yield* allocate()
      expect(bins).toBe("A-1:4 A-1:1 A-2:2")
      expect(allocations.map(({ line }) => line)).toEqual(["1", "2", "2"])
      expect(short).toEqual([])
      const { pools, cells, kept, counted, pending } = yield* books
      expect(pools).toEqual(before)
      expect(cells).toEqual({
        "A-1 MUG": { onHand: 5, allocated: 5 },
        "A-2 MUG": { onHand: 5, allocated: 2 },
      })
      expect(pending.map(({ allocated, unallocated }) => [allocated, unallocated])).toEqual([
        [4, 0],
        [3, 0],
      ])
      expect(kept).toEqual(counted)
    }).pipe(inWorld),
  )

  it.effect("has nothing left to do once everything is pinned", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* commit([["MUG", 4]])
      yield* allocate()
      const before = yield* everything()
      expect(yield* allocate({ key: "again" })).toMatchObject({ allocations: [], short: [] })
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )

  it.effect("takes stock of the promised warehouse only", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5, { bin: "Z-9" })
      yield* receive("MUG", 50, { bin: "A-1", warehouse: LEEDS })
      yield* commit([["MUG", 5]])
      expect((yield* allocate()).bins).toBe("Z-9:5")
    }).pipe(inWorld),
  )

  it.effect("goes by the request's strategy, else by the merchant's", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5, { bin: "FAR", pickSequence: 9, occurredAt: 0 })
      yield* TestClock.adjust("1 hour")
      yield* receive("MUG", 5, { bin: "NEAR", pickSequence: 1 })
      yield* commit([["MUG", 3]])
      expect((yield* allocate({ strategy: "lifo" })).bins).toBe("NEAR:3")
      yield* releaseAllocation({ key: "1", document: BASKET })
      expect((yield* allocate({ key: "2" })).bins).toBe("FAR:3")
      yield* releaseAllocation({ key: "3", document: BASKET })
      yield* changeStockSettings({ key: "4", removalStrategy: "closest" })
      expect((yield* allocate({ key: "5" })).bins).toBe("NEAR:3")
    }).pipe(inWorld),
  )

  it.effect("passes over lots that are too old for product, merchant or customer (R10)", () =>
    Effect.gen(function* () {
      yield* define(perishable("MILK", { minimumRemainingDays: 2, doNotPickDays: 1 }))
      const lots = [1, 3, 5, 9].map((days) => ({
        lot: `L${days}`,
        bin: `B-${days}`,
        expiresAt: days * DAY + 1,
      }))
      yield* Effect.forEach(lots, (lot) => receive("MILK", 1, lot))
      yield* commit([["MILK", 4]])
      const again = (key: string, more: Partial<AllocateInput> = {}) =>
        Effect.tap(allocate({ key, ...more }), ({ allocations }) =>
          allocations.length === 0
            ? Effect.void
            : releaseAllocation({ key: `${key}-undo`, document: BASKET }),
        )
      expect(yield* again("1")).toMatchObject({
        bins: "B-3:1 B-5:1 B-9:1",
        short: [{ line: "1", sku: "MILK", missing: 1 }],
      })
      expect((yield* again("2", { deliverBy: 3 * DAY })).bins).toBe("B-5:1 B-9:1")
      expect((yield* again("3", { deliverBy: 3 * DAY + 1 })).bins).toBe("B-9:1")
      expect((yield* again("4", { minShelfLifeDays: 5 })).bins).toBe("B-5:1 B-9:1")
      yield* changeStockSettings({ key: "5", doNotPickDays: 5 })
      expect((yield* again("6")).bins).toBe("B-5:1 B-9:1")
      yield* TestClock.setTime(9 * DAY)
      expect(yield* again("7")).toMatchObject({ bins: "", short: [{ missing: 4 }] })
    }).pipe(inWorld),
  )

  it.effect("passes over a recalled lot (R10)", () =>
    Effect.gen(function* () {
      yield* define({ sku: "MILK", tracking: { lot: true } })
      yield* receive("MILK", 3, { lot: "L1", bin: "B-1" })
      yield* receive("MILK", 3, { lot: "L2", bin: "B-2" })
      yield* commit([["MILK", 3]])
      expect((yield* allocate()).bins).toBe("B-1:3")
      yield* recallLot({ key: "1", sku: "MILK", lot: "L1" })
      yield* releaseAllocation({ key: "2", document: BASKET })
      expect((yield* allocate({ key: "3" })).bins).toBe("B-2:3")
    }).pipe(inWorld),
  )

  it.effect("pins parts of named commitments, and no more units than they have", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 9)
      const [committed] = (yield* commit([["MUG", 6]])).commitments
      const id = committed?.commitment ?? ""
      const some = (key: string, quantity?: number) =>
        allocateStock({
          key,
          commitments: [{ id, ...(quantity !== undefined && { quantity }) }],
        })
      expect((yield* some("1", 2)).allocations).toMatchObject([{ quantity: 2 }])
      expect(yield* Effect.flip(some("2", 5))).toMatchObject({
        _tag: "InvalidInput",
        issues: [{ path: "commitments[0].quantity" }],
      })
      expect((yield* some("3")).allocations).toMatchObject([{ quantity: 4 }])
      expect(yield* Effect.flip(some("4", 1).pipe(inside(MERCHANT_B)))).toMatchObject({
        _tag: "NotFound",
      })
    }).pipe(inWorld),
  )

  it.effect("keeps pinned units where they are", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* commit([["MUG", 4]])
      yield* allocate()
      const moving = moveStock({
        key: "1",
        warehouse: LONDON,
        sku: "MUG",
        quantity: 2,
        from: { bin: "A-1" },
        to: { bin: "A-2" },
      } as never)
      expect(yield* Effect.flip(moving)).toMatchObject({
        _tag: "StockAllocated",
        documents: [BASKET],
      })
    }).pipe(inWorld),
  )
})

describe("releaseAllocation", () => {
  it.effect("unpins all or some units; they stay promised", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* commit([["MUG", 4]])
      const [allocation] = (yield* allocate()).allocations
      const id = allocation?.allocation ?? ""
      const { released } = yield* releaseAllocation({
        key: "1",
        allocations: [{ id, quantity: 3 }],
      })
      expect(released).toMatchObject([{ line: "1", quantity: 3 }])
      const part = yield* books
      expect(part.pools).toMatchObject({ MUG: { committed: 4, uncommitted: 1 } })
      expect(part.cells).toEqual({ "A-1 MUG": { onHand: 5, allocated: 1 } })
      expect(part.live).toMatchObject([{ id, quantity: 1 }])
      expect(part.kept).toEqual(part.counted)
      yield* releaseAllocation({ key: "2", document: BASKET })
      const whole = yield* books
      expect(whole.pending).toMatchObject([{ quantity: 4, allocated: 0, unallocated: 4 }])
      expect(whole.kept).toEqual(whole.counted)
      expect(
        yield* Effect.flip(releaseAllocation({ key: "3", allocations: [{ id }] })),
      ).toMatchObject({ _tag: "AllocationResolved", allocation: id, state: "released" })
      expect(
        yield* Effect.flip(
          releaseAllocation({ key: "4", allocations: [{ id }] }).pipe(inside(MERCHANT_B)),
        ),
      ).toMatchObject({ _tag: "NotFound", kind: "allocation" })
    }).pipe(inWorld),
  )
})
