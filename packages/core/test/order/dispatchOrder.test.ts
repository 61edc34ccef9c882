import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Outbox } from "../../src/integration/index.ts"
import {
  Allocations,
  adjustStock,
  recallLot,
  releaseAllocation,
} from "../../src/inventory/index.ts"
import {
  allocateOrder,
  amendOrder,
  changeOrderSettings,
  commitOrder,
  dispatchOrder,
  fillBackorders,
  holdOrder,
  liftHold,
  OrderDispatched,
  recordPack,
  recordPick,
  releaseOrder,
} from "../../src/order/index.ts"
import {
  allocated,
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
  released,
  runOrders,
  standing,
} from "./orderWorld.ts"

const one = (quantity: number) => [{ line: "1", quantity }] as const

describe("releasing an order", () => {
  it("makes one shipment for each warehouse, of what stock is promised to", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 1)
        yield* receive("TEA", 5, LEEDS)
        const order = yield* imported(
          [
            ["MUG", 2],
            ["TEA", 2],
            ["TEA", 1],
          ],
          { serviceLevel: "express", shipBy: 5000 },
        )
        yield* commitOrder({ key: freshKey(), order })
        const answer = yield* releaseOrder({ key: freshKey(), order })
        const common = { shipBy: 5000, serviceLevel: "express" }
        expect(answer.shipments).toEqual([
          { warehouse: LONDON, ...common, lines: [{ line: "1", sku: "MUG", quantity: 1 }] },
          {
            warehouse: LEEDS,
            ...common,
            lines: [
              { line: "2", sku: "TEA", quantity: 2 },
              { line: "3", sku: "TEA", quantity: 1 },
            ],
          },
        ])
        expect(yield* orderOf(order)).toMatchObject({ state: "processing", releasedAt: 0 })
        expect(yield* Effect.flip(releaseOrder({ key: freshKey(), order }))).toMatchObject({
          _tag: "IllegalTransition",
          reason: "it would have to be accepted",
        })
      }),
    ))

  it("leaves as it is said, as the channel promised, by the calendar, or at once", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        yield* TestClock.setTime(1000)
        const release = (externalId: string, promised?: number, shipBy?: number) =>
          Effect.gen(function* () {
            const more = promised === undefined ? {} : { shipBy: promised }
            const order = yield* imported([["MUG", 1]], { externalId, ...more })
            yield* commitOrder({ key: freshKey(), order })
            const said = shipBy === undefined ? {} : { shipBy }
            return (yield* releaseOrder({ key: freshKey(), order, ...said })).shipBy
          })
        expect(yield* release("A-1", 5000, 4000)).toBe(4000)
        expect(yield* release("A-2", 5000)).toBe(5000)
        expect(yield* release("A-3")).toBe(1000)
        // 1970-01-01 was a Thursday, and London was an hour ahead of UTC then.
        const calendar = {
          zone: "Europe/London",
          workingDays: [1, 2, 3, 4, 5],
          closedOn: ["1970-01-01"],
          cutOff: "16:00",
        } as const
        yield* changeOrderSettings({ key: freshKey(), calendar })
        expect(yield* release("A-4")).toBe(DAY + 15 * 3_600_000)
      }),
    ))

  it("is refused while anything holds the order, and says so", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* imported([["MUG", 1]])
        yield* commitOrder({ key: freshKey(), order })
        const hold = (source: string) =>
          holdOrder({ key: freshKey(), order, code: "fraud", source, reason: "score_high" })
        yield* hold("screening")
        yield* hold("screening")
        const two = yield* hold("bank")
        expect(two.holds.map(({ code, source }) => [code, source])).toEqual([
          ["fraud", "screening"],
          ["fraud", "bank"],
        ])
        const release = Effect.result(releaseOrder({ key: freshKey(), order }))
        expect(yield* release).toMatchObject({ failure: { reason: "it is held" } })
        const lift = (source: string) => liftHold({ key: freshKey(), order, code: "fraud", source })
        yield* lift("screening")
        expect(yield* release).toMatchObject({ failure: { reason: "it is held" } })
        expect((yield* lift("bank")).holds).toEqual([])
        expect(yield* Effect.flip(lift("bank"))).toMatchObject({
          _tag: "NotFound",
          kind: "hold",
          id: "fraud/bank",
        })
        expect(yield* release).toMatchObject({ _tag: "Success" })
      }),
    ))

  it("is refused while the merchant is on stop: nothing leaves", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* imported([["MUG", 1]])
        yield* commitOrder({ key: freshKey(), order })
        const other = yield* allocated([["MUG", 1]], { externalId: "A-2" })
        yield* standing("on_stop")
        const refused = { _tag: "StandingRefused", state: "on_stop" }
        expect(yield* Effect.flip(releaseOrder({ key: freshKey(), order }))).toMatchObject(refused)
        const sent = dispatchOrder({ key: freshKey(), order: other })
        expect(yield* Effect.flip(sent)).toMatchObject(refused)
      }),
    ))
})

describe("allocating an order", () => {
  it("pins promised units of a released order, and reports what no cell can give", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("CHEESE", 3, LONDON, { lot: "L1", expiresAt: 10 * DAY })
        yield* receive("CHEESE", 2, LONDON, { lot: "L2", expiresAt: 50 * DAY })
        const order = yield* imported([["CHEESE", 5]])
        yield* commitOrder({ key: freshKey(), order })
        expect(yield* Effect.flip(allocateOrder({ key: freshKey(), order }))).toMatchObject({
          _tag: "IllegalTransition",
          reason: "it would have to be processing",
        })
        yield* releaseOrder({ key: freshKey(), order })
        const answer = yield* allocateOrder({ key: freshKey(), order, deliverBy: 20 * DAY })
        expect(answer.allocated).toEqual(one(2))
        expect(answer.short).toEqual(one(3))
        expect(bucketsOf(yield* orderOf(order))).toEqual({ allocated: 2, open: 3, committed: 5 })
        expect((yield* allocateOrder({ key: freshKey(), order })).allocated).toEqual(one(3))
        expect((yield* allocateOrder({ key: freshKey(), order })).allocated).toEqual([])
      }),
    ))

  it("pins nothing for a held order; what it had stays (R8)", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 2]])
        yield* amendOrder({ key: freshKey(), order, set: [...one(4)] })
        yield* holdOrder({ key: freshKey(), order, code: "operator", source: "desk" })
        yield* commitOrder({ key: freshKey(), order })
        expect(yield* Effect.flip(allocateOrder({ key: freshKey(), order }))).toMatchObject({
          reason: "it is held",
        })
        expect(bucketsOf(yield* orderOf(order))).toEqual({ allocated: 2, open: 2, committed: 4 })
        const sent = dispatchOrder({ key: freshKey(), order })
        expect(yield* Effect.flip(sent)).toMatchObject({ reason: "it is held" })
      }),
    ))

  it("pins whole kits only (R11)", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        yield* receive("TEA", 6)
        const order = yield* released([["GIFT", 3]])
        // Promised tea is lost: five units are left for the six that three kits take.
        yield* adjustStock({
          key: freshKey(),
          direction: "remove",
          reason: "lost",
          warehouse: LONDON,
          bin: "A-1",
          sku: "TEA",
          quantity: 1,
        })
        const answer = yield* allocateOrder({ key: freshKey(), order })
        expect(answer.allocated).toEqual([{ line: "1", quantity: 2 }])
        expect(answer.short).toEqual([{ line: "1", quantity: 1 }])
        const live = (yield* records(Allocations)).map(({ value }) => value)
        const unitsOf = (sku: string) =>
          live.reduce(
            (sum, each) =>
              each.documentId === order && each.sku === sku ? sum + each.quantity : sum,
            0,
          )
        expect([unitsOf("MUG"), unitsOf("TEA")]).toEqual([2, 4])
        yield* dispatchOrder({ key: freshKey(), order })
        expect(bucketsOf(yield* orderOf(order))).toEqual({ shipped: 2, open: 1, committed: 1 })
      }),
    ))

  it("follows what is unpinned beside it: those units are open again", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("CHEESE", 3, LONDON, { lot: "L1", expiresAt: 50 * DAY })
        yield* receive("CHEESE", 9, LONDON, { lot: "L2", expiresAt: 90 * DAY })
        const order = yield* allocated([["CHEESE", 3]])
        yield* recordPick({ key: freshKey(), order, lines: [...one(1)] })
        yield* releaseAllocation({ key: freshKey(), document: { kind: "order", id: order } })
        yield* recallLot({ key: freshKey(), sku: "CHEESE", lot: "L1" })
        expect((yield* allocateOrder({ key: freshKey(), order })).allocated).toEqual(one(3))
        yield* dispatchOrder({ key: freshKey(), order })
        expect(yield* poolOf("CHEESE")).toMatchObject({ onHand: 9, committed: 0 })
      }),
    ))
})

describe("picking and packing", () => {
  it("take no more than is there, from an order that is with its warehouse", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 3]])
        const pick = (quantity: number) =>
          recordPick({ key: freshKey(), order, lines: [{ line: "1", quantity }] })
        const pack = (quantity: number) =>
          recordPack({ key: freshKey(), order, lines: [{ line: "1", quantity }] })
        expect(yield* Effect.flip(pick(4))).toMatchObject({
          _tag: "UnitsMissing",
          order,
          line: "1",
          wanted: 4,
          held: 3,
        })
        yield* pick(2)
        expect(yield* Effect.flip(pack(3))).toMatchObject({ _tag: "UnitsMissing", held: 2 })
        yield* pack(1)
        expect(bucketsOf(yield* orderOf(order))).toEqual({
          allocated: 1,
          picked: 1,
          packed: 1,
          committed: 3,
        })
        const other = yield* imported([["MUG", 1]], { externalId: "A-2" })
        const early = recordPick({ key: freshKey(), order: other, lines: [...one(1)] })
        expect(yield* Effect.flip(early)).toMatchObject({ _tag: "IllegalTransition" })
        const unknown = recordPick({
          key: freshKey(),
          order,
          lines: [{ line: "7", quantity: 1 }],
        })
        expect(yield* Effect.flip(unknown)).toMatchObject({ _tag: "NotFound", kind: "order line" })
      }),
    ))
})

describe("dispatching an order", () => {
  it("sends packed units first, and tells the channel once however often it is repeated (O8)", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 3]])
        yield* recordPick({ key: freshKey(), order, lines: [...one(1)] })
        yield* recordPack({ key: freshKey(), order, lines: [...one(1)] })
        const send = dispatchOrder({ key: "once", order, lines: [{ line: "1", quantity: 1 }] })
        const answers = yield* Effect.all([send, send, send], { concurrency: "unbounded" })
        expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1)
        expect(bucketsOf(yield* orderOf(order))).toEqual({ shipped: 1, allocated: 2, committed: 2 })
        const messages = (yield* records(Outbox)).filter(
          ({ value }) => value.topic === OrderDispatched.name,
        )
        expect(messages.map(({ value }) => value.body)).toMatchObject([
          { order, externalId: "A-1", lines: [{ line: "1", quantity: 1 }] },
        ])
        expect(yield* poolOf("MUG")).toEqual({ onHand: 8, committed: 2, uncommitted: 6 })
      }),
    ))

  it("sends no more than is pinned, and nothing of an order of which nothing is", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 9)
        const order = yield* allocated([["MUG", 3]])
        const more = dispatchOrder({ key: freshKey(), order, lines: [{ line: "1", quantity: 4 }] })
        expect(yield* Effect.flip(more)).toMatchObject({ _tag: "UnitsMissing", held: 3 })
        const other = yield* released([["MUG", 1]], { externalId: "A-2" })
        expect(yield* Effect.flip(dispatchOrder({ key: freshKey(), order: other }))).toMatchObject({
          reason: "no unit of it is allocated",
        })
      }),
    ))

  it("stays open while a unit waits in a queue, and completes with the last one, for ever (T8)", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 2)
        const order = yield* allocated([["MUG", 3]])
        const first = yield* dispatchOrder({ key: freshKey(), order })
        expect(first.state).toBe("processing")
        yield* receive("MUG", 1)
        yield* TestClock.setTime(7000)
        yield* fillBackorders({ key: freshKey(), warehouse: LONDON, sku: "MUG" })
        yield* allocateOrder({ key: freshKey(), order })
        expect((yield* dispatchOrder({ key: freshKey(), order })).state).toBe("completed")
        expect((yield* orderOf(order)).completedAt).toBe(7000)
        const again = dispatchOrder({ key: freshKey(), order })
        expect(yield* Effect.flip(again)).toMatchObject({
          _tag: "IllegalTransition",
          state: "completed",
        })
      }),
    ))

  it("names serials where the product has them", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("PHONE", 3, LONDON, { serials: ["S1", "S2", "S3"] })
        const order = yield* allocated([["PHONE", 2]])
        const send = (serials: ReadonlyArray<string>) =>
          dispatchOrder({
            key: freshKey(),
            order,
            lines: [{ line: "1", quantity: serials.length, serials }],
          })
        expect(yield* Effect.flip(dispatchOrder({ key: freshKey(), order }))).toMatchObject({
          _tag: "TrackingRefused",
          field: "serial",
        })
        expect(yield* Effect.flip(send(["S9", "S1"]))).toMatchObject({ _tag: "SerialElsewhere" })
        expect((yield* send(["S3", "S1"])).state).toBe("completed")
      }),
    ))

  it("sends no recalled unit (R10)", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("CHEESE", 3, LONDON, { lot: "L1", expiresAt: 50 * DAY })
        const order = yield* allocated([["CHEESE", 3]])
        yield* TestClock.setTime(50 * DAY)
        const sent = dispatchOrder({ key: freshKey(), order })
        expect(yield* Effect.flip(sent)).toMatchObject({ _tag: "LotRefused", reason: "expired" })
      }),
    ))
})
