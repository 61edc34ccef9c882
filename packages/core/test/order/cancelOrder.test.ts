import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Allocations, Commitments } from "../../src/inventory/index.ts"
import {
  amendOrder,
  Backorders,
  cancelOrder,
  commitOrder,
  dispatchOrder,
  recordPack,
  recordPick,
} from "../../src/order/index.ts"
import {
  allocated,
  bucketsOf,
  freshKey,
  imported,
  orderOf,
  poolOf,
  receive,
  records,
  runOrders,
  told,
} from "./orderWorld.ts"

const money = (minor: string, currency = "GBP") => ({ currency, minor })

describe("cancelling an order", () => {
  it("gives everything back, and says what is to be put back on the shelf (R4, R5)", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        yield* receive("TEA", 1)
        const before = [yield* poolOf("MUG"), yield* poolOf("TEA")]
        const order = yield* allocated([
          ["MUG", 4],
          ["TEA", 3],
        ])
        yield* recordPick({ key: freshKey(), order, lines: [{ line: "1", quantity: 3 }] })
        yield* recordPack({ key: freshKey(), order, lines: [{ line: "1", quantity: 1 }] })
        const answer = yield* cancelOrder({ key: freshKey(), order })
        expect(answer).toEqual({
          order,
          state: "cancelled",
          cancelled: [
            { line: "1", quantity: 4 },
            { line: "2", quantity: 3 },
          ],
          putBack: [{ line: "1", quantity: 3 }],
          linesLeft: 0,
        })
        expect([yield* poolOf("MUG"), yield* poolOf("TEA")]).toEqual(before)
        const states = (yield* records(Commitments)).map(({ value }) => value.state)
        expect(new Set(states)).toEqual(new Set(["voided"]))
        const live = (yield* records(Allocations)).filter(({ value }) => value.state === "live")
        expect(live).toEqual([])
        expect(yield* records(Backorders)).toEqual([])
        expect(yield* told).toEqual(
          expect.arrayContaining(["order.units_cancelled", "order.cancelled"]),
        )
      }),
    ))

  it("takes units without stock first, packed ones last", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 4)
        const order = yield* allocated([["MUG", 6]])
        yield* recordPick({ key: freshKey(), order, lines: [{ line: "1", quantity: 2 }] })
        yield* recordPack({ key: freshKey(), order, lines: [{ line: "1", quantity: 1 }] })
        const cancel = (quantity: number) =>
          cancelOrder({ key: freshKey(), order, lines: [{ line: "1", quantity }] })
        yield* cancel(1)
        const rest = { cancelled: 1, backordered: 1, allocated: 2, picked: 1, packed: 1 }
        expect(bucketsOf(yield* orderOf(order))).toEqual({ ...rest, committed: 4 })
        const putBack = (yield* cancel(4)).putBack
        expect(putBack).toEqual([{ line: "1", quantity: 1 }])
        expect(bucketsOf(yield* orderOf(order))).toEqual({ cancelled: 5, packed: 1, committed: 1 })
        expect(yield* poolOf("MUG")).toEqual({ onHand: 4, committed: 1, uncommitted: 3 })
      }),
    ))

  it("takes no shipped unit back: the rest is cancelled by name, and the order completes", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 4]])
        yield* dispatchOrder({ key: freshKey(), order, lines: [{ line: "1", quantity: 1 }] })
        expect(yield* Effect.flip(cancelOrder({ key: freshKey(), order }))).toMatchObject({
          _tag: "IllegalTransition",
          reason: "a unit was shipped",
        })
        const cancel = (quantity: number) =>
          cancelOrder({ key: freshKey(), order, lines: [{ line: "1", quantity }] })
        expect(yield* Effect.flip(cancel(4))).toMatchObject({
          _tag: "UnitsMissing",
          wanted: 4,
          held: 3,
        })
        expect((yield* cancel(3)).state).toBe("completed")
        expect(yield* poolOf("MUG")).toEqual({ onHand: 8, committed: 0, uncommitted: 8 })
        expect(yield* Effect.flip(cancelOrder({ key: freshKey(), order }))).toMatchObject({
          _tag: "IllegalTransition",
          state: "completed",
        })
      }),
    ))

  it("of a kit gives its components back", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        yield* receive("TEA", 9)
        const order = yield* allocated([["GIFT", 3]])
        yield* cancelOrder({ key: freshKey(), order, lines: [{ line: "1", quantity: 2 }] })
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 1, uncommitted: 8 })
        expect(yield* poolOf("TEA")).toMatchObject({ committed: 2, uncommitted: 7 })
        expect(bucketsOf(yield* orderOf(order))).toEqual({
          cancelled: 2,
          allocated: 1,
          committed: 1,
        })
      }),
    ))
})

describe("amending an order here", () => {
  it("opens more units, and takes fewer from the least advanced", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 3]])
        const set = (quantity: number) =>
          amendOrder({ key: freshKey(), order, set: [{ line: "1", quantity }] })
        yield* set(5)
        expect(bucketsOf(yield* orderOf(order))).toEqual({ open: 2, allocated: 3, committed: 3 })
        yield* set(1)
        expect(bucketsOf(yield* orderOf(order))).toEqual({
          cancelled: 4,
          allocated: 1,
          committed: 1,
        })
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 1, uncommitted: 8 })
        yield* set(2)
        expect(bucketsOf(yield* orderOf(order))).toEqual({
          cancelled: 3,
          open: 1,
          allocated: 1,
          committed: 1,
        })
        const records1 = yield* orderOf(order)
        yield* set(2)
        expect(yield* orderOf(order)).toEqual(records1)
      }),
    ))

  it("takes no packed unit back", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 3]])
        yield* recordPick({ key: freshKey(), order, lines: [{ line: "1", quantity: 2 }] })
        yield* recordPack({ key: freshKey(), order, lines: [{ line: "1", quantity: 2 }] })
        const set = (quantity: number) =>
          amendOrder({ key: freshKey(), order, set: [{ line: "1", quantity }] })
        expect(yield* Effect.flip(set(1))).toMatchObject({
          _tag: "UnitsMissing",
          wanted: 2,
          held: 1,
        })
        expect((yield* set(2)).putBack).toEqual([])
        expect(bucketsOf(yield* orderOf(order))).toEqual({ cancelled: 1, packed: 2, committed: 2 })
      }),
    ))

  it("adds lines of the catalogue, which a newer version of the channel keeps", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("TEA", 9)
        const order = yield* imported([["MUG", 1]])
        const add = (line: string, sku: string, total = money("0")) =>
          amendOrder({ key: freshKey(), order, add: [{ line, sku, quantity: 2, total }] })
        yield* add("gift", "TEA")
        expect(bucketsOf(yield* orderOf(order), "gift")).toEqual({ open: 2 })
        yield* imported([["MUG", 2]], { externalVersion: 2 })
        expect((yield* orderOf(order)).lines.map(({ id }) => id)).toEqual(["1", "gift"])
        expect(bucketsOf(yield* orderOf(order), "gift")).toEqual({ open: 2 })
        yield* commitOrder({ key: freshKey(), order })
        expect(yield* poolOf("TEA")).toMatchObject({ committed: 2 })

        expect(yield* Effect.flip(add("gift", "TEA"))).toMatchObject({
          _tag: "InvalidInput",
          issues: [{ path: "add[0].line" }],
        })
        expect(yield* Effect.flip(add("2", "TEA", money("1", "EUR")))).toMatchObject({
          issues: [{ path: "add[0].total" }],
        })
        expect(yield* Effect.flip(add("2", "HAT"))).toMatchObject({
          _tag: "NotFound",
          kind: "product",
          id: "HAT",
        })
      }),
    ))
})
