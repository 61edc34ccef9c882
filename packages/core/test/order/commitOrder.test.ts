import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Commitments, expireCommitments, releaseCommitment } from "../../src/inventory/index.ts"
import {
  Backorders,
  brokerOrder,
  cancelOrder,
  changeOrderSettings,
  commitOrder,
  fillBackorders,
  holdOrder,
  releaseOrder,
} from "../../src/order/index.ts"
import {
  bucketsOf,
  DAY,
  freshKey,
  imported,
  LEEDS,
  LONDON,
  orderOf,
  poolOf,
  receive,
  records,
  runOrders,
  told,
} from "./orderWorld.ts"

const commit = (order: string, rule?: "whole" | "available" | "backorder") =>
  commitOrder({ key: freshKey(), order, ...(rule !== undefined && { rule }) })

const fill = (sku: string, limit?: number) =>
  fillBackorders({
    key: freshKey(),
    warehouse: LONDON,
    sku,
    ...(limit !== undefined && { limit }),
  })

describe("promising stock to an order", () => {
  it("promises every open unit, once", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* imported([
          ["MUG", 2],
          ["MUG-3PK", 1],
        ])
        const answer = yield* commit(order)
        expect(answer).toEqual({
          order,
          committed: [
            { line: "1", quantity: 2 },
            { line: "2", quantity: 3 },
          ],
          backordered: [],
          uncommitted: [],
          linesLeft: 0,
        })
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 5, uncommitted: 5 })
        expect((yield* commit(order)).committed).toEqual([])
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 5, uncommitted: 5 })
      }),
    ))

  it("refuses the whole when the rule is whole, and says what there is", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 3)
        const order = yield* imported([
          ["MUG", 2],
          ["MUG", 2],
        ])
        expect(yield* Effect.flip(commit(order, "whole"))).toMatchObject({
          _tag: "InsufficientStock",
          short: [{ line: "2", sku: "MUG", warehouse: LONDON, requested: 2, available: 1 }],
        })
        expect(bucketsOf(yield* orderOf(order))).toEqual({ open: 2 })
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 0 })
      }),
    ))

  it("leaves open what stock does not reach when the rule is available, for a next time", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 3)
        const order = yield* imported([["MUG", 5]])
        const answer = yield* commit(order, "available")
        expect(answer.uncommitted).toEqual([{ line: "1", quantity: 2 }])
        expect(bucketsOf(yield* orderOf(order))).toEqual({ open: 5, committed: 3 })
        yield* receive("MUG", 9)
        expect((yield* commit(order, "whole")).committed).toEqual([{ line: "1", quantity: 2 }])
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 5, uncommitted: 7 })
      }),
    ))

  it("lets what stock does not reach wait in the queue of its SKU", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 3)
        const order = yield* imported([["MUG", 5]])
        const answer = yield* commit(order)
        expect(answer.backordered).toEqual([{ line: "1", quantity: 2 }])
        expect(bucketsOf(yield* orderOf(order))).toEqual({ open: 3, committed: 3, backordered: 2 })
        expect((yield* records(Backorders)).map(({ value }) => value)).toMatchObject([
          { order, line: "1", sku: "MUG", warehouse: LONDON, quantity: 2, kind: "backorder" },
        ])
        expect(yield* told).toContain("order.backordered")
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 3, uncommitted: 0 })
      }),
    ))

  it("promises a kit as its components, whole kits only (R11)", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        yield* receive("TEA", 5)
        const order = yield* imported([["GIFT", 3]])
        const answer = yield* commit(order)
        expect(answer).toMatchObject({
          committed: [{ line: "1", quantity: 2 }],
          backordered: [{ line: "1", quantity: 1 }],
        })
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 2 })
        expect(yield* poolOf("TEA")).toMatchObject({ committed: 4 })
      }),
    ))

  it("promises held orders too, and no order that has ended", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 3)
        const order = yield* imported([["MUG", 2]])
        yield* holdOrder({ key: freshKey(), order, code: "fraud", source: "screening" })
        expect((yield* commit(order)).committed).toEqual([{ line: "1", quantity: 2 }])
        yield* cancelOrder({ key: freshKey(), order })
        expect(yield* Effect.flip(commit(order))).toMatchObject({
          _tag: "IllegalTransition",
          event: "commit",
          state: "cancelled",
        })
      }),
    ))

  it("promises anew what lapsed or was given back meanwhile", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        yield* changeOrderSettings({ key: freshKey(), commitmentLifetime: 60_000 })
        const order = yield* imported([["MUG", 4]])
        yield* commit(order)
        yield* TestClock.adjust("1 minute")
        const refused = yield* Effect.flip(releaseOrder({ key: freshKey(), order }))
        expect(refused).toMatchObject({ reason: "open units have no stock promised to them" })
        expect((yield* commit(order)).committed).toEqual([{ line: "1", quantity: 4 }])
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 4, uncommitted: 6 })
        yield* TestClock.adjust("1 minute")
        const overdue = (yield* records(Commitments)).map(({ id }) => id)
        yield* expireCommitments({ key: freshKey(), commitments: overdue as [string, ...string[]] })
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 0 })
        yield* commit(order)
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 4, uncommitted: 6 })
      }),
    ))
})

describe("brokering an order", () => {
  it("chooses warehouses once, and anew only where nothing is promised", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("TEA", 5, LEEDS)
        const order = yield* imported([
          ["MUG", 1],
          ["TEA", 1],
        ])
        const first = yield* brokerOrder({ key: freshKey(), order })
        expect(first.lines).toEqual([
          { line: "1", warehouse: LONDON },
          { line: "2", warehouse: LEEDS },
        ])
        yield* commit(order, "available")
        yield* receive("MUG", 5, LEEDS)
        expect((yield* brokerOrder({ key: freshKey(), order })).lines).toEqual(first.lines)
        const again = yield* brokerOrder({ key: freshKey(), order, again: true })
        expect(again.lines).toEqual([
          { line: "1", warehouse: LEEDS },
          { line: "2", warehouse: LEEDS },
        ])
      }),
    ))

  it("counts the kits that a warehouse could make", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 5)
        yield* receive("TEA", 1)
        yield* receive("MUG", 2, LEEDS)
        yield* receive("TEA", 4, LEEDS)
        const order = yield* imported([["GIFT", 2]])
        const { lines } = yield* brokerOrder({ key: freshKey(), order })
        expect(lines).toEqual([{ line: "1", warehouse: LEEDS }])
      }),
    ))

  it("says which lines no warehouse may serve", () =>
    runOrders(
      Effect.gen(function* () {
        yield* changeOrderSettings({ key: freshKey(), warehouses: [] })
        const order = yield* imported([["MUG", 1]])
        const refused = { _tag: "NoWarehouse", lines: ["1"] }
        expect(yield* Effect.flip(brokerOrder({ key: freshKey(), order }))).toMatchObject(refused)
        expect(yield* Effect.flip(commit(order))).toMatchObject(refused)
      }),
    ))
})

describe("backorders", () => {
  it("are filled first come, first served, as far as stock reaches", () =>
    runOrders(
      Effect.gen(function* () {
        const orders = yield* Effect.forEach(["A-1", "A-2", "A-3"], (externalId) =>
          Effect.gen(function* () {
            yield* TestClock.adjust("1 second")
            const order = yield* imported([["MUG", 2]], { externalId })
            yield* commit(order)
            return order
          }),
        )
        const [first, second, third] = orders
        yield* holdOrder({ key: freshKey(), order: first ?? "", code: "fraud", source: "s" })
        yield* receive("MUG", 3)
        const answer = yield* fill("MUG")
        expect(answer).toEqual({
          filled: [
            { order: first, line: "1", quantity: 2 },
            { order: second, line: "1", quantity: 1 },
          ],
          more: false,
        })
        const buckets = yield* Effect.forEach(orders, (id) =>
          Effect.map(orderOf(id), (order) => bucketsOf(order)),
        )
        expect(buckets).toEqual([
          { open: 2, committed: 2 },
          { open: 1, committed: 1, backordered: 1 },
          { backordered: 2 },
        ])
        yield* receive("MUG", 10)
        expect((yield* fill("MUG", 1)).more).toBe(true)
        expect(yield* fill("MUG")).toEqual({
          filled: [{ order: third, line: "1", quantity: 2 }],
          more: false,
        })
        expect(yield* records(Backorders)).toEqual([])
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 6, uncommitted: 7 })
      }),
    ))

  it("of kits are filled with whole kits", () =>
    runOrders(
      Effect.gen(function* () {
        const order = yield* imported([["GIFT", 3]])
        yield* commit(order)
        yield* receive("MUG", 3)
        yield* receive("TEA", 3)
        expect((yield* fill("GIFT")).filled).toEqual([{ order, line: "1", quantity: 1 }])
        expect(bucketsOf(yield* orderOf(order))).toEqual({ open: 1, committed: 1, backordered: 2 })
      }),
    ))

  it("go with the units that are cancelled, the newest first", () =>
    runOrders(
      Effect.gen(function* () {
        const order = yield* imported([["MUG", 5]])
        yield* commit(order)
        yield* cancelOrder({ key: freshKey(), order, lines: [{ line: "1", quantity: 3 }] })
        expect((yield* records(Backorders)).map(({ value }) => value.quantity)).toEqual([2])
        yield* cancelOrder({ key: freshKey(), order })
        expect(yield* records(Backorders)).toEqual([])
      }),
    ))

  it("of a product that is not released yet wait for the day, whatever is in stock", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("NOVEL", 5)
        const early = yield* imported([["NOVEL", 2]])
        for (const rule of ["whole", "available", "backorder"] as const) yield* commit(early, rule)
        expect(bucketsOf(yield* orderOf(early))).toEqual({ backordered: 2 })
        expect((yield* records(Backorders)).map(({ value }) => value)).toMatchObject([
          { kind: "preorder", availableFrom: 10 * DAY, quantity: 2 },
        ])
        yield* TestClock.setTime(10 * DAY - 1)
        expect((yield* fill("NOVEL")).filled).toEqual([])
        yield* TestClock.adjust(1)
        const late = yield* imported([["NOVEL", 1]], { externalId: "A-2" })
        expect((yield* commit(late)).committed).toEqual([{ line: "1", quantity: 1 }])
        expect((yield* fill("NOVEL")).filled).toEqual([{ order: early, line: "1", quantity: 2 }])
      }),
    ))
})

describe("an order beside stock work", () => {
  it("sees that a promise of it was given back by hand", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* imported([["MUG", 4]])
        yield* commit(order)
        const [commitment] = yield* records(Commitments)
        yield* releaseCommitment({
          key: freshKey(),
          commitments: [{ id: commitment?.id ?? "", quantity: 1 }],
        })
        expect((yield* commit(order)).committed).toEqual([{ line: "1", quantity: 1 }])
      }),
    ))
})
