import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { defineListing, defineProduct } from "../../src/catalogue/index.ts"
import {
  allocateOrder,
  cancelImportedOrder,
  cancelOrder,
  changeOrderSettings,
  commitOrder,
  dispatchOrder,
  ExternalOrders,
  findOrderByExternalId,
  importOrder,
  liftHold,
  Orders,
  recordPack,
  recordPick,
  releaseOrder,
  resolveOrderLines,
} from "../../src/order/index.ts"
import { inside, MERCHANT_B } from "../world.ts"
import {
  allocated,
  bucketsOf,
  CLOSED_SHOP,
  freshKey,
  imported,
  line,
  NOBODY,
  orderOf,
  poolOf,
  receive,
  records,
  runOrders,
  SHOP,
  snapshot,
  standing,
  told,
} from "./orderWorld.ts"

describe("importing an order", () => {
  it("takes an order in as its channel has it, without any personal data", () =>
    runOrders(
      Effect.gen(function* () {
        yield* TestClock.setTime(5000)
        const answer = yield* importOrder(
          snapshot([line("MUG", 2), line("mug", 1), line("MUG", 3, { cancelled: 1 })], {
            orderedAt: 9000,
            serviceLevel: "next-day",
            shipBy: 7000,
          }),
        )
        expect(answer).toMatchObject({
          outcome: "imported",
          state: "accepted",
          unresolved: [],
          refused: [],
        })
        const order = yield* orderOf(answer.order)
        expect(order).toMatchObject({
          connection: SHOP,
          externalId: "A-1",
          externalVersion: 1,
          // A time that has not come yet is no time (T4).
          orderedAt: 5000,
          importedAt: 5000,
          country: "GB",
          serviceLevel: "next-day",
          shipBy: 7000,
          holds: [],
          pii: { _tag: "NotFetched" },
        })
        expect(order.lines.map(({ id, sku, total }) => [id, sku, total.minor])).toEqual([
          ["1", "MUG", 200n],
          ["2", "mug", 100n],
          ["3", "MUG", 300n],
        ])
        expect(bucketsOf(order, "3")).toEqual({ cancelled: 1, open: 2 })
        expect(yield* told).toContain("order.imported")
      }),
    ))

  it("counts in units of the listed product, and knows virtual kits by their SKU", () =>
    runOrders(
      Effect.gen(function* () {
        const { order } = yield* importOrder(
          snapshot([line("MUG-3PK", 4, { cancelled: 1 }), line("GIFT", 2)]),
        )
        const { lines } = yield* orderOf(order)
        expect(lines[0]).toMatchObject({ channelSku: "MUG-3PK", sku: "MUG", multiple: 3 })
        expect(bucketsOf(yield* orderOf(order))).toEqual({ open: 9, cancelled: 3 })
        expect(lines[1]).toMatchObject({ sku: "GIFT", multiple: 1 })
      }),
    ))

  it("changes nothing for the same version and for older ones, whoever sends them", () =>
    runOrders(
      Effect.gen(function* () {
        const first = yield* importOrder(snapshot([line("MUG", 2)], { externalVersion: 5 }))
        const before = yield* records(Orders)
        const again = yield* importOrder(snapshot([line("MUG", 2)], { externalVersion: 5 }))
        const older = yield* importOrder(snapshot([line("MUG", 9)], { externalVersion: 4 }))
        expect(again).toMatchObject({ order: first.order, outcome: "unchanged" })
        expect(older).toMatchObject({ order: first.order, outcome: "unchanged" })
        expect(yield* records(Orders)).toEqual(before)
      }),
    ))

  it("keeps orders of two channels and of two merchants apart", () =>
    runOrders(
      Effect.gen(function* () {
        yield* imported([["MUG", 1]])
        yield* inside(MERCHANT_B)(
          Effect.gen(function* () {
            const foreign = yield* Effect.flip(importOrder(snapshot([line("MUG", 1)])))
            expect(foreign).toMatchObject({ _tag: "NotFound", kind: "connection" })
            expect(
              yield* findOrderByExternalId({ connection: SHOP, externalId: "A-1" }),
            ).toBeUndefined()
          }),
        )
      }),
    ))

  it("takes a newer version in: more units are open, fewer are taken back, lines come and go", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* imported([
          ["MUG", 5],
          ["TEA", 2],
        ])
        yield* commitOrder({ key: freshKey(), order })
        const answer = yield* importOrder(
          snapshot([line("MUG", 3), line("CUP", 1, { externalLineId: "9" })], {
            externalVersion: 2,
            payment: "part_refunded",
            country: "IE",
          }),
        )
        expect(answer).toMatchObject({ outcome: "amended", refused: [] })
        const now = yield* orderOf(order)
        expect(now).toMatchObject({ payment: "part_refunded", country: "IE", externalVersion: 2 })
        expect(now.lines.map(({ id }) => id)).toEqual(["1", "9"])
        expect(bucketsOf(now)).toEqual({ open: 3, committed: 3 })
        expect(yield* poolOf("MUG")).toMatchObject({ committed: 3, uncommitted: 7 })
        expect(yield* told).toContain("order.amended")
      }),
    ))

  it("takes no unit back that is packed or shipped: it says so, and holds the order", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* allocated([["MUG", 5]])
        yield* recordPick({ key: freshKey(), order, lines: [{ line: "1", quantity: 4 }] })
        yield* recordPack({ key: freshKey(), order, lines: [{ line: "1", quantity: 3 }] })
        yield* dispatchOrder({ key: freshKey(), order, lines: [{ line: "1", quantity: 1 }] })
        const answer = yield* importOrder(snapshot([line("MUG", 1)], { externalVersion: 2 }))
        expect(answer.refused).toEqual([{ line: "1", quantity: 2 }])
        const now = yield* orderOf(order)
        expect(bucketsOf(now)).toEqual({ packed: 2, shipped: 1, committed: 2 })
        expect(now.holds).toMatchObject([
          { code: "client", source: "import", reason: "amendment_refused" },
        ])
        expect(yield* poolOf("MUG")).toEqual({ onHand: 9, committed: 2, uncommitted: 7 })
        const gone = yield* importOrder(
          snapshot([line("TEA", 1, { externalLineId: "2" })], { externalVersion: 3 }),
        )
        expect(gone.refused).toEqual([{ line: "1", quantity: 3 }])
        yield* liftHold({ key: freshKey(), order, code: "client", source: "import" })
        yield* dispatchOrder({ key: freshKey(), order })
        expect(bucketsOf(yield* orderOf(order))).toEqual({ shipped: 3 })
      }),
    ))

  it("keeps what was cancelled here when a newer version does not know of it", () =>
    runOrders(
      Effect.gen(function* () {
        const order = yield* imported([["MUG", 5]])
        yield* cancelOrder({ key: freshKey(), order, lines: [{ line: "1", quantity: 2 }] })
        yield* importOrder(snapshot([line("MUG", 6)], { externalVersion: 2 }))
        expect(bucketsOf(yield* orderOf(order))).toEqual({ cancelled: 2, open: 4 })
        yield* importOrder(snapshot([line("MUG", 6, { cancelled: 3 })], { externalVersion: 3 }))
        expect(bucketsOf(yield* orderOf(order))).toEqual({ cancelled: 3, open: 3 })
      }),
    ))

  it("begins a line anew that now sells another thing, unless it has been picked", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* allocated([["MUG", 5]])
        yield* importOrder(snapshot([line("TEA", 2)], { externalVersion: 2 }))
        expect((yield* orderOf(order)).lines[0]).toMatchObject({ sku: "TEA" })
        expect(bucketsOf(yield* orderOf(order))).toEqual({ open: 2 })
        expect(yield* poolOf("MUG")).toEqual({ onHand: 10, committed: 0, uncommitted: 10 })

        yield* receive("TEA", 2)
        yield* commitOrder({ key: freshKey(), order })
        yield* allocateOrder({ key: freshKey(), order })
        yield* recordPick({ key: freshKey(), order, lines: [{ line: "1", quantity: 1 }] })
        const refused = yield* importOrder(snapshot([line("CUP", 2)], { externalVersion: 3 }))
        expect(refused.refused).toEqual([{ line: "1", quantity: 2 }])
        expect((yield* orderOf(order)).lines[0]).toMatchObject({ sku: "TEA" })
      }),
    ))

  it("does not open an order again that has ended", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* allocated([["MUG", 2]])
        yield* dispatchOrder({ key: freshKey(), order })
        const done = yield* orderOf(order)
        yield* TestClock.adjust("1 hour")
        const answer = yield* importOrder(
          snapshot([line("MUG", 5)], { externalVersion: 2, payment: "refunded" }),
        )
        expect(answer).toMatchObject({ state: "completed", refused: [{ line: "1", quantity: 3 }] })
        expect(yield* orderOf(order)).toEqual({
          ...done,
          externalVersion: 2,
          payment: "refunded",
        })
      }),
    ))

  it("holds an unpaid order until the channel says that it is paid", () =>
    runOrders(
      Effect.gen(function* () {
        const order = yield* imported([["MUG", 1]], { payment: "pending" })
        expect((yield* orderOf(order)).holds).toMatchObject([
          { code: "payment", source: "import", reason: "payment_pending" },
        ])
        yield* importOrder(snapshot([line("MUG", 1)], { externalVersion: 2, payment: "paid" }))
        expect((yield* orderOf(order)).holds).toEqual([])
        yield* changeOrderSettings({ key: freshKey(), holdUnpaid: false })
        const other = yield* imported([["MUG", 1]], { externalId: "A-2", payment: "pending" })
        expect((yield* orderOf(other)).holds).toEqual([])
      }),
    ))

  it("keeps the currency of an order", () =>
    runOrders(
      Effect.gen(function* () {
        yield* imported([["MUG", 1]])
        const euros = snapshot([line("MUG", 1, { total: { currency: "EUR", minor: "1" } })], {
          externalVersion: 2,
          currency: "EUR",
        })
        const refused = yield* Effect.flip(importOrder(euros))
        expect(refused).toMatchObject({ _tag: "InvalidInput", issues: [{ path: "currency" }] })
      }),
    ))

  it("takes nothing in through a channel that is unknown or was disconnected", () =>
    runOrders(
      Effect.gen(function* () {
        const unknown = importOrder(snapshot([line("MUG", 1)], { connection: NOBODY }))
        expect(yield* Effect.flip(unknown)).toMatchObject({
          _tag: "NotFound",
          kind: "connection",
          id: NOBODY,
        })
        const closed = importOrder(snapshot([line("MUG", 1)], { connection: CLOSED_SHOP }))
        expect(yield* Effect.flip(closed)).toMatchObject({
          _tag: "ChannelDisconnected",
          connection: CLOSED_SHOP,
        })
      }),
    ))

  it("goes on while the merchant is on stop, not while it is suspended", () =>
    runOrders(
      Effect.gen(function* () {
        yield* standing("on_stop")
        yield* imported([["MUG", 1]])
        yield* standing("suspended")
        const refused = yield* Effect.flip(imported([["MUG", 1]], { externalId: "A-2" }))
        expect(refused).toMatchObject({ _tag: "StandingRefused", state: "suspended" })
        const cancelled = yield* cancelImportedOrder({
          key: freshKey(),
          connection: SHOP,
          externalId: "A-1",
        })
        expect(cancelled.state).toBe("cancelled")
      }),
    ))
})

describe("an order with a SKU that the catalogue does not know", () => {
  it("is accepted and held, promises what it can, and goes on when the SKU is known", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const answer = yield* importOrder(
          snapshot([line("MUG", 1), line("NEW/1", 4, { cancelled: 1 })]),
        )
        const { order } = answer
        expect(answer.unresolved).toEqual(["2"])
        const held = yield* orderOf(order)
        expect(held.holds).toMatchObject([
          { code: "stock", source: "import", reason: "unknown_sku" },
        ])
        expect(held.lines[1]).not.toHaveProperty("sku")
        const promised = yield* commitOrder({ key: freshKey(), order })
        expect(promised.committed).toEqual([{ line: "1", quantity: 1 }])

        const nothing = yield* resolveOrderLines({ key: freshKey(), order })
        expect(nothing).toMatchObject({ resolved: [], unresolved: ["2"] })
        yield* defineListing({
          key: freshKey(),
          connection: SHOP,
          channelSku: "NEW/1",
          sku: "TEA",
          multiple: 2,
        })
        const known = yield* resolveOrderLines({ key: freshKey(), order })
        expect(known).toMatchObject({ resolved: ["2"], unresolved: [] })
        const now = yield* orderOf(order)
        expect(now.holds).toEqual([])
        expect(now.lines[1]).toMatchObject({ sku: "TEA", multiple: 2 })
        expect(bucketsOf(now, "2")).toEqual({ open: 6, cancelled: 2 })
      }),
    ))

  it("goes on as well when a newer version comes", () =>
    runOrders(
      Effect.gen(function* () {
        const order = yield* imported([["HAT", 4]])
        yield* cancelOrder({ key: freshKey(), order, lines: [{ line: "1", quantity: 1 }] })
        yield* defineProduct({ key: freshKey(), sku: "HAT", title: "A hat" })
        yield* importOrder(snapshot([line("HAT", 5)], { externalVersion: 2 }))
        const now = yield* orderOf(order)
        expect(now.holds).toEqual([])
        expect(now.lines[0]).toMatchObject({ sku: "HAT" })
        expect(bucketsOf(now)).toEqual({ open: 4, cancelled: 1 })
      }),
    ))

  it("is not released before", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* imported([
          ["MUG", 1],
          ["HAT", 1],
        ])
        yield* commitOrder({ key: freshKey(), order })
        yield* liftHold({ key: freshKey(), order, code: "stock", source: "import" })
        const refused = yield* Effect.flip(releaseOrder({ key: freshKey(), order }))
        expect(refused).toMatchObject({
          _tag: "IllegalTransition",
          reason: "open units have no stock promised to them",
        })
      }),
    ))
})

describe("a cancellation of the channel", () => {
  const cancel = (externalId = "A-1") =>
    cancelImportedOrder({ key: freshKey(), connection: SHOP, externalId })

  it("ends the order and frees its stock", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* allocated([["MUG", 5]])
        const answer = yield* cancel()
        expect(answer).toEqual({
          outcome: "cancelled",
          order,
          state: "cancelled",
          shipped: [],
          linesLeft: 0,
        })
        const now = yield* orderOf(order)
        expect(bucketsOf(now)).toEqual({ cancelled: 5 })
        expect(now.completedAt).toBe(0)
        expect(yield* poolOf("MUG")).toEqual({ onHand: 10, committed: 0, uncommitted: 10 })
        expect(yield* told).toContain("order.cancelled")
        expect((yield* cancel()).outcome).toBe("unchanged")
      }),
    ))

  it("is remembered when it comes first, and the order is cancelled when it comes in (O4)", () =>
    runOrders(
      Effect.gen(function* () {
        expect(yield* cancel()).toEqual({ outcome: "remembered", shipped: [], linesLeft: 0 })
        expect((yield* cancel()).outcome).toBe("unchanged")
        const answer = yield* importOrder(snapshot([line("MUG", 5)]))
        expect(answer).toMatchObject({ outcome: "cancelled", state: "cancelled" })
        const now = yield* orderOf(answer.order)
        expect(bucketsOf(now)).toEqual({ cancelled: 5 })
        expect(now.completedAt).toBe(0)
        const newer = yield* importOrder(snapshot([line("TEA", 2)], { externalVersion: 2 }))
        expect(newer.state).toBe("cancelled")
        expect((yield* orderOf(answer.order)).lines[0]).toMatchObject({ sku: "TEA" })
        expect(yield* records(ExternalOrders)).toHaveLength(1)
      }),
    ))

  it("counts in an older snapshot, and when every line is cancelled", () =>
    runOrders(
      Effect.gen(function* () {
        const first = yield* imported([["MUG", 5]], { externalVersion: 7 })
        const answer = yield* importOrder(
          snapshot([line("MUG", 5)], { externalVersion: 3, cancelled: true }),
        )
        expect(answer).toMatchObject({ order: first, outcome: "cancelled", state: "cancelled" })
        const all = yield* importOrder(
          snapshot([line("MUG", 2, { cancelled: 2 })], { externalId: "A-2" }),
        )
        expect(all.state).toBe("cancelled")
      }),
    ))

  it("leaves shipped units shipped, and completes the order", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* allocated([["MUG", 5]])
        yield* dispatchOrder({ key: freshKey(), order, lines: [{ line: "1", quantity: 2 }] })
        expect(yield* cancel()).toMatchObject({ state: "completed", shipped: ["1"] })
        expect(bucketsOf(yield* orderOf(order))).toEqual({ shipped: 2, cancelled: 3 })
        expect(yield* poolOf("MUG")).toEqual({ onHand: 8, committed: 0, uncommitted: 8 })
      }),
    ))
})
