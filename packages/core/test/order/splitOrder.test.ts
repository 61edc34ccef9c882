import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  allocateOrder,
  Backorders,
  brokerOrder,
  cancelImportedOrder,
  cancelOrder,
  commitOrder,
  dispatchOrder,
  fillBackorders,
  holdOrder,
  importOrder,
  mergeOrders,
  Orders,
  releaseOrder,
  splitOrder,
} from "../../src/order/index.ts"
import {
  allocated,
  bucketsOf,
  freshKey,
  imported,
  LONDON,
  line,
  orderOf,
  poolOf,
  receive,
  records,
  runOrders,
  SHOP,
  snapshot,
} from "./orderWorld.ts"

const split = (order: string, ...lines: ReadonlyArray<readonly [line: string, quantity: number]>) =>
  splitOrder({
    key: freshKey(),
    order,
    lines: lines.map(([id, quantity]) => ({ line: id, quantity })) as never,
  })

describe("splitting an order", () => {
  it("takes units, their promises, their place in the queue and their share of the total along", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 4)
        const { order } = yield* importOrder(
          snapshot([line("MUG", 6, { total: { currency: "GBP", minor: "1000" } }), line("TEA", 1)]),
        )
        yield* commitOrder({ key: freshKey(), order, rule: "backorder" })
        yield* holdOrder({ key: freshKey(), order, code: "fraud", source: "screening" })
        const queued = yield* records(Backorders)
        const { child } = yield* split(order, ["1", 3])
        const [parent, made] = [yield* orderOf(order), yield* orderOf(child)]
        expect(bucketsOf(parent)).toEqual({ open: 3, committed: 3 })
        expect(bucketsOf(made)).toEqual({ backordered: 2, open: 1, committed: 1 })
        expect(made).toMatchObject({ splitFrom: order, holds: [{ code: "fraud" }], children: [] })
        expect(made).not.toHaveProperty("externalId")
        expect(parent.children).toEqual([child])
        expect([parent.lines[0].total.minor, made.lines[0].total.minor]).toEqual([500n, 500n])
        expect(yield* poolOf("MUG")).toEqual({ onHand: 4, committed: 4, uncommitted: 0 })
        const waiting = yield* records(Backorders)
        expect(waiting.map(({ value }) => value.createdAt)).toEqual(
          queued.map(({ value }) => value.createdAt),
        )
        expect(waiting.find(({ value }) => value.order === child)?.value.quantity).toBe(2)

        // The promise went over: the child can give it back.
        yield* cancelOrder({ key: freshKey(), order: child })
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 3, uncommitted: 1 })
      }),
    ))

  it("leaves pinned units where they are", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 4)
        const order = yield* allocated([["MUG", 6]])
        expect(yield* Effect.flip(split(order, ["1", 3]))).toMatchObject({
          _tag: "UnitsMissing",
          held: 2,
        })
        const { child } = yield* split(order, ["1", 2])
        expect(yield* orderOf(child)).toMatchObject({ state: "processing" })
        expect((yield* dispatchOrder({ key: freshKey(), order })).state).toBe("processing")
        yield* TestClock.setTime(5000)
        yield* receive("MUG", 2)
        yield* fillBackorders({ key: freshKey(), warehouse: LONDON, sku: "MUG" })
        yield* allocateOrder({ key: freshKey(), order: child })
        expect((yield* dispatchOrder({ key: freshKey(), order: child })).state).toBe("completed")
        // A parent completes with its last child (T8).
        expect(yield* orderOf(order)).toMatchObject({ state: "completed", completedAt: 5000 })
      }),
    ))

  it("leaves a unit in the order, and splits no child and no unknown SKU", () =>
    runOrders(
      Effect.gen(function* () {
        const order = yield* imported([
          ["MUG", 3],
          ["HAT", 1],
        ])
        expect(yield* Effect.flip(split(order, ["2", 1]))).toMatchObject({
          _tag: "UnitsMissing",
          held: 0,
        })
        const { child } = yield* split(order, ["1", 2])
        expect(yield* Effect.flip(split(child, ["1", 1]))).toMatchObject({
          reason: "it is the child of a split",
        })
        const other = yield* imported([["MUG", 1]], { externalId: "A-2" })
        expect(yield* Effect.flip(split(other, ["1", 1]))).toMatchObject({
          reason: "no unit would be left in it",
        })
        // The unknown SKU holds the parent only.
        expect((yield* orderOf(order)).holds).toMatchObject([{ code: "stock" }])
        expect((yield* orderOf(child)).holds).toEqual([])
      }),
    ))

  it("lets two children that end at once end their parent", () =>
    runOrders(
      Effect.gen(function* () {
        const order = yield* imported([["MUG", 3]])
        const children = [
          (yield* split(order, ["1", 1])).child,
          (yield* split(order, ["1", 1])).child,
        ]
        yield* Effect.forEach(
          [order, ...children],
          (id) => cancelOrder({ key: freshKey(), order: id }),
          { concurrency: "unbounded" },
        )
        const states = (yield* records(Orders)).map(({ value }) => value.state)
        expect(states).toEqual(["cancelled", "cancelled", "cancelled"])
      }),
    ))

  it("lets the channel cancel and amend the whole", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* imported([["MUG", 5]], { payment: "pending" })
        yield* commitOrder({ key: freshKey(), order })
        const { child } = yield* split(order, ["1", 2])
        const amended = yield* importOrder(
          snapshot([line("MUG", 6, { total: { currency: "GBP", minor: "660" } })], {
            externalVersion: 2,
            payment: "paid",
          }),
        )
        expect(amended.refused).toEqual([])
        const [parent, other] = [yield* orderOf(order), yield* orderOf(child)]
        expect([parent.lines[0].total.minor, other.lines[0].total.minor]).toEqual([460n, 200n])
        expect(bucketsOf(parent)).toEqual({ open: 4, committed: 3 })
        expect(bucketsOf(other)).toEqual({ open: 2, committed: 2 })
        expect([parent.holds, other.holds]).toEqual([[], []])
        const fewer = yield* importOrder(snapshot([line("MUG", 1)], { externalVersion: 3 }))
        expect(fewer.refused).toEqual([{ line: "1", quantity: 1 }])
        const answer = yield* cancelImportedOrder({
          key: freshKey(),
          connection: SHOP,
          externalId: "A-1",
        })
        expect(answer.state).toBe("cancelled")
        expect((yield* orderOf(child)).state).toBe("cancelled")
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 0, uncommitted: 9 })
      }),
    ))
})

describe("merging orders", () => {
  const merge = (order: string, ...children: ReadonlyArray<string>) =>
    mergeOrders({ key: freshKey(), order, children: children as never })

  it("takes children back as they left", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 4)
        yield* receive("TEA", 4)
        const order = yield* imported([
          ["MUG", 6],
          ["TEA", 2],
        ])
        yield* commitOrder({ key: freshKey(), order })
        const before = yield* orderOf(order)
        const { child } = yield* split(order, ["1", 4], ["2", 2])
        const second = yield* split(order, ["1", 1])
        expect((yield* merge(order, child, second.child)).merged).toEqual([child, second.child])
        expect(yield* orderOf(order)).toEqual(before)
        expect(yield* records(Orders)).toHaveLength(1)
        expect(yield* poolOf("MUG")).toEqual({ onHand: 4, committed: 4, uncommitted: 0 })
        yield* cancelOrder({ key: freshKey(), order })
        expect(yield* poolOf("MUG")).toEqual({ onHand: 4, committed: 0, uncommitted: 4 })
      }),
    ))

  it("takes no child of another order, of another state, or with pinned units", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* imported([["MUG", 4]])
        yield* commitOrder({ key: freshKey(), order })
        const { child } = yield* split(order, ["1", 2])
        const other = yield* imported([["MUG", 4]], { externalId: "A-2" })
        expect(yield* Effect.flip(merge(other, child))).toMatchObject({
          reason: "it was not split from that order",
        })
        yield* releaseOrder({ key: freshKey(), order: child })
        expect(yield* Effect.flip(merge(order, child))).toMatchObject({
          reason: "the order it was split from is accepted",
        })
        yield* releaseOrder({ key: freshKey(), order })
        yield* allocateOrder({ key: freshKey(), order: child })
        expect(yield* Effect.flip(merge(order, child))).toMatchObject({
          reason: "units of it are allocated or shipped",
        })
        expect(yield* Effect.flip(merge(order, child, child))).toMatchObject({
          _tag: "InvalidInput",
        })
      }),
    ))

  it("takes a child back that was brokered elsewhere, but for promises in two warehouses", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 2)
        const order = yield* imported([["MUG", 3]])
        const { child } = yield* split(order, ["1", 1])
        yield* commitOrder({ key: freshKey(), order })
        yield* receive("MUG", 2, "01890a5d-ac96-774b-8cce-b302099a8002")
        yield* brokerOrder({ key: freshKey(), order: child })
        yield* merge(order, child)
        expect((yield* orderOf(order)).lines[0]).toMatchObject({ warehouse: LONDON })
        const again = yield* split(order, ["1", 1])
        yield* brokerOrder({ key: freshKey(), order: again.child, again: true })
        yield* commitOrder({ key: freshKey(), order: again.child })
        expect(yield* Effect.flip(merge(order, again.child))).toMatchObject({
          reason: "its line 1 has another warehouse",
        })
      }),
    ))
})
