import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  adjustStock,
  changeCondition,
  moveStock,
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
  LEEDS,
  LONDON,
  onHand,
  pool,
  receive,
  records,
  told,
} from "./stockWorld.ts"

const move = (sku: string, quantity: number, more: object = {}) =>
  moveStock({
    key: freshKey(),
    warehouse: LONDON,
    sku,
    quantity,
    from: { bin: "A-1" },
    to: { bin: "B-1" },
    ...more,
  })

const change = (sku: string, quantity: number, to: "damaged" | "held" | "sellable", more = {}) =>
  changeCondition({
    key: freshKey(),
    warehouse: LONDON,
    bin: "A-1",
    sku,
    quantity,
    from: "sellable",
    to,
    ...more,
  })

const adjust = (sku: string, quantity: number, reason: "lost" | "damaged", more: object = {}) =>
  adjustStock({
    key: freshKey(),
    warehouse: LONDON,
    bin: "A-1",
    sku,
    quantity,
    direction: "remove",
    reason,
    ...more,
  })

const find = (sku: string, quantity: number, more: object = {}) =>
  adjustStock({
    key: freshKey(),
    warehouse: LONDON,
    bin: "A-1",
    sku,
    quantity,
    direction: "add",
    reason: "found",
    ...more,
  })

describe("a move", () => {
  it.effect("takes age and expiry along, and leaves the pool alone", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true, expiry: true })
        yield* TestClock.setTime(3 * DAY)
        yield* receive("MILK", 10, { lot: "L1", expiresAt: 90 * DAY, pickSequence: 4 })
        const before = yield* pool("MILK")
        yield* TestClock.setTime(8 * DAY)
        yield* move("MILK", 4, { lot: "L1" })
        expect(yield* balance("MILK", { lot: "L1" })).toMatchObject({ onHand: 6 })
        expect(yield* balance("MILK", { lot: "L1", bin: "B-1" })).toMatchObject({
          onHand: 4,
          receivedAt: 3 * DAY,
          expiresAt: 90 * DAY,
          pickSequence: 0,
        })
        expect(yield* pool("MILK")).toEqual(before)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("finds the walking rank that the bin has, or is told it", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* define("MUG")
        yield* receive("MUG", 1, { bin: "B-1", pickSequence: 9 })
        yield* receive("TEA", 5)
        yield* move("TEA", 1)
        expect((yield* balance("TEA", { bin: "B-1" }))?.pickSequence).toBe(9)
        yield* move("TEA", 1, { to: { bin: "C-1", pickSequence: 2 } })
        expect((yield* balance("TEA", { bin: "C-1" }))?.pickSequence).toBe(2)
        yield* move("TEA", 1, { to: { bin: "C-1", pickSequence: 3 } })
        expect(yield* balance("TEA", { bin: "C-1" })).toMatchObject({ onHand: 2, pickSequence: 3 })
      }),
    ),
  )

  it.effect("goes into a package in the same bin", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        yield* move("TEA", 2, { to: { bin: "A-1", package: "LPN-1" }, reason: "putaway" })
        expect(yield* onHand("TEA")).toBe(3)
        expect(yield* onHand("TEA", { package: "LPN-1" })).toBe(2)
      }),
    ),
  )

  it.effect("of more than lies there is refused with what does, and changes nothing", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        const before = yield* everything()
        expect(yield* Effect.flip(move("TEA", 6))).toMatchObject({
          _tag: "CellShort",
          wanted: 6,
          onHand: 5,
        })
        expect(yield* Effect.flip(move("TEA", 1, { warehouse: LEEDS }))).toMatchObject({
          _tag: "CellShort",
          wanted: 1,
          onHand: 0,
        })
        expect(yield* everything()).toEqual(before)
      }),
    ),
  )

  it.effect("never takes pinned units, and names whose they are", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        yield* commit("TEA", 4, "o-7")
        yield* allocate("o-7")
        yield* move("TEA", 1)
        expect(yield* Effect.flip(move("TEA", 1))).toMatchObject({
          _tag: "StockAllocated",
          wanted: 1,
          unallocated: 0,
          documents: [{ kind: "basket", id: "o-7" }],
        })
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("of all units by many at once is done once for each unit", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        const moves = Array.from({ length: 16 }, () => Effect.result(move("TEA", 1)))
        const done = yield* Effect.all(moves, { concurrency: "unbounded" })
        expect(done.filter(({ _tag }) => _tag === "Success")).toHaveLength(10)
        expect(yield* onHand("TEA")).toBe(0)
        expect(yield* onHand("TEA", { bin: "B-1" })).toBe(10)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )
})

describe("a change of condition", () => {
  it.effect("takes units out of sale and back, and says so", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5, { pickSequence: 3 })
        yield* change("TEA", 2, "held")
        expect(yield* pool("TEA")).toMatchObject({ onHand: 5, sellable: 3, uncommitted: 3 })
        expect((yield* balance("TEA", { condition: "held" }))?.pickSequence).toBe(3)
        yield* change("TEA", 2, "sellable", { from: "held" })
        expect(yield* pool("TEA")).toMatchObject({ onHand: 5, sellable: 5, uncommitted: 5 })
        expect((yield* told).map(({ topic }) => topic)).toEqual([
          "stock.changed",
          "stock.changed",
          "stock.changed",
        ])
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("of promised stock is a fact, and names the orders at risk, the newest first", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        yield* commit("TEA", 4, "first")
        yield* TestClock.adjust(1)
        yield* commit("TEA", 3, "second")
        yield* TestClock.adjust(1)
        yield* commit("TEA", 2, "third")
        const answer = yield* change("TEA", 5, "damaged", { reason: "damaged" })
        expect(answer.shortfalls).toMatchObject([
          {
            warehouse: LONDON,
            sku: "TEA",
            missing: 4,
            unnamed: 0,
            atRisk: [
              { document: { kind: "basket", id: "third" }, line: "1", quantity: 2 },
              { document: { kind: "basket", id: "second" }, line: "1", quantity: 2 },
            ],
          },
        ])
        expect(yield* pool("TEA")).toMatchObject({ sellable: 5, committed: 9, uncommitted: -4 })
        const message = (yield* told).find(({ topic }) => topic === "stock.shortfall")
        expect(message?.body).toEqual(answer.shortfalls[0])
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("that leaves every promise whole names nobody", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        yield* commit("TEA", 9)
        expect((yield* change("TEA", 1, "damaged")).shortfalls).toEqual([])
      }),
    ),
  )

  it.effect("deepens a shortfall, and stock that comes in makes it smaller without a word", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 4)
        yield* commit("TEA", 4)
        yield* adjust("TEA", 1, "lost")
        expect((yield* adjust("TEA", 1, "lost")).shortfalls).toMatchObject([{ missing: 2 }])
        expect((yield* receive("TEA", 1)).shortfalls).toEqual([])
        expect(yield* pool("TEA")).toMatchObject({ sellable: 3, committed: 4, uncommitted: -1 })
      }),
    ),
  )

  it.effect("does not count pinned units as at risk", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 4)
        yield* commit("TEA", 2, "loose")
        yield* TestClock.adjust(1)
        yield* commit("TEA", 2, "pinned")
        yield* allocate("pinned")
        expect((yield* change("TEA", 2, "damaged")).shortfalls).toMatchObject([
          { missing: 2, atRisk: [{ document: { id: "loose" }, quantity: 2 }] },
        ])
      }),
    ),
  )

  it.effect.each([
    [-1, "LotRefused"],
    [0, "LotRefused"],
    [1, undefined],
  ] as const)("releases a lot only before its expiry: %d ms", ([before, refusal]) =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true, expiry: true })
        yield* receive("MILK", 2, { lot: "L1", expiresAt: 10 * DAY, condition: "quarantine" })
        yield* TestClock.setTime(10 * DAY - before)
        const outcome = yield* Effect.result(
          change("MILK", 2, "sellable", { from: "quarantine", lot: "L1" }),
        )
        expect(outcome._tag === "Failure" ? outcome.failure._tag : undefined).toBe(refusal)
      }),
    ),
  )
})

describe("an adjustment", () => {
  it.effect("closes the double entry in the place that fits its reason", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* find("TEA", 5)
        yield* adjust("TEA", 1, "lost")
        yield* adjust("TEA", 1, "damaged")
        const sides = (yield* records(StockMovements)).map(({ value }) => [
          value.from._tag,
          value.to._tag,
          value.reason,
        ])
        expect(sides).toEqual([
          ["Adjustment", "Bin", "found"],
          ["Bin", "Adjustment", "lost"],
          ["Bin", "Scrap", "damaged"],
        ])
        expect(yield* onHand("TEA")).toBe(3)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("brings found units of a new lot in with their expiry", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true, expiry: true })
        expect(yield* Effect.flip(find("MILK", 1, { lot: "L9" }))).toMatchObject({
          _tag: "TrackingRefused",
          field: "expiresAt",
        })
        yield* find("MILK", 1, { lot: "L9", expiresAt: DAY })
        expect(yield* onHand("MILK", { lot: "L9" })).toBe(1)
      }),
    ),
  )

  it.effect("takes a merchant's own reason, and none that is another operation's", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* find("TEA", 5, { reason: "own:stand_fair" })
        expect(yield* Effect.flip(find("TEA", 5, { reason: "dispatch" }))).toMatchObject({
          _tag: "InvalidInput",
        })
        expect(yield* Effect.flip(find("TEA", 5, { reason: "damaged" }))).toMatchObject({
          _tag: "InvalidInput",
        })
      }),
    ),
  )
})
