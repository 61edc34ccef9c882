import { describe, expect, it } from "@effect/vitest"
import { Effect, Option, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  approveBreakGlass,
  cancelOrder,
  deleteOrder,
  dispatchOrder,
  eraseBuyer,
  fetchBuyer,
  findOrders,
  keepRetention,
  liftBuyerRestriction,
  type OrderId,
  purgeOrders,
  requestBreakGlass,
  restoreOrder,
  restrictBuyer,
  revealForLabel,
  revealForPackingSlip,
  revealUnderBreakGlass,
  splitOrder,
} from "../../src/order/index.ts"
import { disconnectChannel } from "../../src/party/index.ts"
import { ErasureLedger } from "../../src/privacy/index.ts"
import { asActor, MERCHANT_A } from "../world.ts"
import {
  as,
  audited,
  committedAndReleased,
  failsWith,
  packed,
  sealedOf,
  withBuyers,
} from "./buyerWorld.ts"
import {
  DAY,
  freshKey,
  imported,
  orderOf,
  receive,
  released,
  SHOP,
  standing,
} from "./orderWorld.ts"

describe("the buyer of an order", () => {
  it("is fetched once, when the order is released, and sealed (R45)", () =>
    withBuyers(({ channel, ring }) =>
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const waiting = yield* imported([["MUG", 1]], { externalId: "A-0" })
        expect(yield* failsWith(fetchBuyer({ key: freshKey(), order: waiting }))).toBe(
          "IllegalTransition",
        )
        expect(channel.asked).toEqual([])
        const order = yield* released([["MUG", 1]])
        yield* fetchBuyer({ key: freshKey(), order })
        yield* fetchBuyer({ key: freshKey(), order })
        expect(channel.asked.map(({ externalId }) => externalId)).toEqual(["A-1"])
        expect((yield* orderOf(order)).pii).toEqual({
          _tag: "Held",
          receivedAt: 0,
          deadline: 180 * DAY,
        })
        expect(JSON.stringify(Option.getOrThrow(yield* sealedOf(order)).value)).not.toContain(
          "marked",
        )
        expect(ring.asked.newKey).toBeGreaterThan(0)
      }),
    ))

  it("is not even asked for once its time would be over: 90 days without progress (T8)", () =>
    withBuyers(({ channel }) =>
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* released([["MUG", 1]])
        yield* TestClock.setTime(90 * DAY)
        expect(yield* failsWith(fetchBuyer({ key: freshKey(), order }))).toBe("IllegalTransition")
        expect(channel.asked).toEqual([])
        yield* TestClock.setTime(0)
        const late = yield* imported([["MUG", 1]], { externalId: "A-2", shipBy: 0 })
        yield* TestClock.setTime(100 * DAY)
        yield* committedAndReleased(late)
        // Nothing was held that could have lapsed: the clock of its retention starts with its release.
        expect(yield* fetchBuyer({ key: freshKey(), order: late })).toMatchObject({
          deadline: 280 * DAY,
        })
      }),
    ))

  it("is not sealed, and the order unchanged, while the key ring fails (I14)", () =>
    withBuyers(({ ring }) =>
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* released([["MUG", 1]])
        const before = yield* orderOf(order)
        ring.break("unavailable")
        expect(yield* failsWith(fetchBuyer({ key: freshKey(), order }))).toBe("KeyRingUnavailable")
        expect(yield* orderOf(order)).toEqual(before)
        expect(yield* sealedOf(order)).toEqual(Option.none())
        ring.mend()
        yield* fetchBuyer({ key: freshKey(), order })
      }),
    ))

  it("is shown for a label and a packing slip by role and stage, each recorded first (R6, I10)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        const label = yield* as("dispatcher")(revealForLabel({ order }))
        expect(Redacted.value(label.name)).toBe("Buyer 0001 marked")
        expect(String(label.name)).not.toContain("marked")
        expect(Object.keys(label).sort()).toEqual(["address", "name", "order", "phone"])
        const slip = yield* as("packer")(revealForPackingSlip({ order }))
        expect(Object.keys(slip).sort()).toEqual(["address", "name", "order"])
        expect(yield* failsWith(as("packer")(revealForLabel({ order })))).toBe("Forbidden")
        expect(yield* failsWith(as("picker")(revealForPackingSlip({ order })))).toBe("Forbidden")
        expect(
          (yield* audited("revealForLabel")).map(({ outcome, purpose, reason }) => [
            outcome,
            purpose,
            reason,
          ]),
        ).toEqual([
          ["done", "label", undefined],
          ["refused", undefined, "Forbidden"],
        ])
        yield* dispatchOrder({ key: freshKey(), order })
        yield* as("dispatcher")(revealForLabel({ order }))
        expect(yield* failsWith(as("packer")(revealForPackingSlip({ order })))).toBe(
          "RevealRefused",
        )
      }),
    ))

  it.each([-1, 0, 1])(
    "is refused from 30 days after completion on, though no sweep ever ran (I1, T2; %i ms)",
    (edge) =>
      withBuyers(() =>
        Effect.gen(function* () {
          const order = yield* packed
          yield* TestClock.adjust(5 * DAY)
          yield* dispatchOrder({ key: freshKey(), order })
          yield* TestClock.setTime(35 * DAY + edge)
          const shown = yield* Effect.result(as("dispatcher")(revealForLabel({ order })))
          if (edge < 0) expect(shown._tag).toBe("Success")
          else expect(shown).toMatchObject({ failure: { _tag: "PiiAnonymised" } })
        }),
      ),
  )

  it("goes with the sweep, a day ahead, once, and nothing else of the order does (R39, I3, I4)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* dispatchOrder({ key: freshKey(), order })
        const { pii, retentionDue, ...before } = yield* orderOf(order)
        expect(pii).toEqual({ _tag: "Held", receivedAt: 0, deadline: 30 * DAY })
        expect(retentionDue).toBe(29 * DAY)
        yield* TestClock.setTime(29 * DAY - 1)
        expect(yield* as("system")(keepRetention([order]))).toMatchObject({ anonymised: 0 })
        yield* TestClock.setTime(29 * DAY)
        const sweeps = yield* Effect.all(
          [as("system")(keepRetention([order])), as("system")(keepRetention([order]))],
          { concurrency: "unbounded" },
        )
        expect(sweeps.reduce((sum, { anonymised }) => sum + anonymised, 0)).toBe(1)
        expect(yield* as("system")(keepRetention([order]))).toMatchObject({ anonymised: 0 })
        const { pii: gone, ...after } = yield* orderOf(order)
        expect(gone).toEqual({ _tag: "Anonymised", at: 29 * DAY })
        expect(after).toEqual(before)
        expect(yield* sealedOf(order)).toEqual(Option.none())
        expect(yield* audited("anonymiseBuyer")).toHaveLength(1)
        const ledger = yield* Stream.runCollect((yield* ErasureLedger).all)
        expect(ledger).toEqual([{ partition: MERCHANT_A, kind: "buyer", id: order, at: 29 * DAY }])
        expect(yield* failsWith(fetchBuyer({ key: freshKey(), order }))).toBe("PiiAnonymised")
      }),
    ))

  it("goes at once when the order is cancelled before anything left (R45)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* cancelOrder({ key: freshKey(), order })
        expect((yield* orderOf(order)).pii).toEqual({ _tag: "Anonymised", at: 0 })
        expect(yield* sealedOf(order)).toEqual(Option.none())
        expect((yield* audited("anonymiseBuyer")).map(({ reason }) => reason)).toEqual([
          "OrderCancelled",
        ])
      }),
    ))

  it("belongs to the order that was split, and stays until its last child is done (T8)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        yield* receive("MUG", 1)
        const order = yield* imported([["MUG", 3]])
        const { child } = yield* splitOrder({
          key: freshKey(),
          order,
          lines: [{ line: "1", quantity: 2 }],
        })
        yield* committedAndReleased(order)
        yield* fetchBuyer({ key: freshKey(), order })
        yield* dispatchOrder({ key: freshKey(), order })
        yield* TestClock.setTime(40 * DAY)
        expect((yield* orderOf(order)).pii).toMatchObject({ _tag: "Held", deadline: 180 * DAY })
        yield* receive("MUG", 5)
        yield* committedAndReleased(child)
        yield* fetchBuyer({ key: freshKey(), order: child })
        expect((yield* as("owner")(revealForLabel({ order: child }))).order).toBe(child)
        yield* dispatchOrder({ key: freshKey(), order: child })
        expect((yield* orderOf(order)).pii).toMatchObject({ _tag: "Held", deadline: 70 * DAY })
        expect((yield* orderOf(child)).pii).toEqual({ _tag: "NotFetched" })
      }),
    ))

  it("is kept but not used while it is restricted, and goes all the same (R50)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* dispatchOrder({ key: freshKey(), order })
        yield* restrictBuyer({ key: freshKey(), order })
        expect(yield* failsWith(as("owner")(revealForLabel({ order })))).toBe("RevealRefused")
        expect((yield* orderOf(order)).pii).toMatchObject({ deadline: 30 * DAY })
        yield* liftBuyerRestriction({ key: freshKey(), order })
        yield* as("owner")(revealForLabel({ order }))
        yield* restrictBuyer({ key: freshKey(), order })
        yield* TestClock.setTime(30 * DAY)
        expect(yield* as("system")(keepRetention([order]))).toMatchObject({ anonymised: 1 })
      }),
    ))

  it("is erased on request, of a finished order only, and the ledger has it (R49)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        expect(yield* failsWith(eraseBuyer({ key: freshKey(), order }))).toBe("IllegalTransition")
        yield* dispatchOrder({ key: freshKey(), order })
        expect(yield* eraseBuyer({ key: freshKey(), order })).toEqual({ order, erasedAt: 0 })
        expect(yield* eraseBuyer({ key: freshKey(), order })).toEqual({ order, erasedAt: 0 })
        expect(yield* failsWith(as("owner")(revealForLabel({ order })))).toBe("PiiAnonymised")
        expect(yield* Stream.runCollect((yield* ErasureLedger).all)).toHaveLength(1)
      }),
    ))

  it("is refused at once when its channel was disconnected, and goes with the next sweep (R79)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* dispatchOrder({ key: freshKey(), order })
        yield* TestClock.setTime(DAY)
        yield* disconnectChannel({ key: freshKey(), connection: SHOP })
        expect(yield* failsWith(as("owner")(revealForLabel({ order })))).toBe("PiiAnonymised")
        expect(yield* as("system")(keepRetention([order], "always"))).toMatchObject({
          anonymised: 1,
        })
      }),
    ))

  it("goes at once with an order that ends after its channel was disconnected (R79)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* disconnectChannel({ key: freshKey(), connection: SHOP })
        yield* as("owner")(revealForLabel({ order }))
        yield* TestClock.setTime(3_600_000)
        yield* dispatchOrder({ key: freshKey(), order })
        expect((yield* orderOf(order)).pii).toEqual({ _tag: "Anonymised", at: 3_600_000 })
        expect(yield* sealedOf(order)).toEqual(Option.none())
        expect((yield* audited("anonymiseBuyer")).map(({ reason }) => reason)).toEqual([
          "ChannelDisconnected",
        ])
      }),
    ))

  it("is shown to nobody once the merchant is closed, though it is held still (R40)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* as("owner")(revealForLabel({ order }))
        yield* standing("closed")
        expect(yield* failsWith(as("owner")(revealForLabel({ order })))).toBe("StandingRefused")
        expect((yield* sealedOf(order))._tag).toBe("Some")
      }),
    ))

  it("is shown of 50 orders an hour to one actor, of one order as often as is wished (R46)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        yield* receive("MUG", 100)
        const orders: Array<OrderId> = []
        for (let number = 0; number < 51; number++) {
          const order = yield* released([["MUG", 1]], { externalId: `A-${number}` })
          yield* fetchBuyer({ key: freshKey(), order })
          orders.push(order)
        }
        for (const order of orders.slice(0, 50)) yield* as("owner")(revealForLabel({ order }))
        const [first, last] = [orders[0], orders[50]] as [OrderId, OrderId]
        yield* as("owner")(revealForLabel({ order: first }))
        expect(yield* failsWith(as("owner")(revealForLabel({ order: last })))).toBe("RevealLimit")
        yield* TestClock.adjust("1 hour")
        yield* as("owner")(revealForLabel({ order: last }))
      }),
    ))

  it("goes with a deleted order; a restored one is without it, and 90 days end both (R41)", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        yield* deleteOrder({ key: freshKey(), order })
        expect(yield* orderOf(order)).toMatchObject({
          state: "cancelled",
          deletedAt: 0,
          purgeDue: 90 * DAY,
          completedAt: 0,
          pii: { _tag: "Anonymised" },
        })
        const listed = Effect.map(
          findOrders({ state: "cancelled", by: "orderedAt" }),
          ({ orders }) => orders.length,
        )
        expect(yield* listed).toBe(0)
        yield* restoreOrder({ key: freshKey(), order })
        expect(yield* listed).toBe(1)
        expect((yield* orderOf(order)).pii).toEqual({ _tag: "Anonymised", at: 0 })
        yield* TestClock.setTime(DAY)
        yield* deleteOrder({ key: freshKey(), order })
        yield* TestClock.setTime(91 * DAY - 1)
        expect(yield* as("system")(purgeOrders([order]))).toBe(0)
        yield* TestClock.setTime(91 * DAY)
        expect(yield* failsWith(restoreOrder({ key: freshKey(), order }))).toBe("IllegalTransition")
        expect(yield* as("system")(purgeOrders([order]))).toBe(1)
        expect(yield* as("system")(purgeOrders([order]))).toBe(0)
        expect(
          yield* failsWith(
            orderOf(order).pipe(
              Effect.sandbox,
              Effect.mapError(() => ({ _tag: "gone" })),
            ),
          ),
        ).toBe("gone")
        const again = yield* imported([["MUG", 2]])
        expect((yield* orderOf(again)).state).toBe("cancelled")
      }),
    ))

  it("is shown under a pass that somebody else approved, for an hour, to whom asked for it", () =>
    withBuyers(() =>
      Effect.gen(function* () {
        const order = yield* packed
        const support = asActor("u-support", ["support"])
        const approver = asActor("u-officer", ["privacy_officer"])
        const { pass } = yield* support(
          requestBreakGlass({ key: freshKey(), order, reason: "delivery_problem" }),
        )
        expect(yield* failsWith(support(revealUnderBreakGlass({ pass })))).toBe("BreakGlassRefused")
        const own = asActor("u-support", ["platform_admin"])
        expect(yield* failsWith(own(approveBreakGlass({ key: freshKey(), pass })))).toBe(
          "BreakGlassRefused",
        )
        yield* TestClock.adjust("30 minutes")
        yield* approver(approveBreakGlass({ key: freshKey(), pass }))
        expect((yield* support(revealUnderBreakGlass({ pass }))).order).toBe(order)
        const other = asActor("u-other", ["support"])
        expect(yield* failsWith(other(revealUnderBreakGlass({ pass })))).toBe("BreakGlassRefused")
        // Approved once more, it is not good for longer.
        yield* TestClock.adjust("30 minutes")
        yield* approver(approveBreakGlass({ key: freshKey(), pass }))
        yield* TestClock.adjust("30 minutes")
        expect(yield* failsWith(support(revealUnderBreakGlass({ pass })))).toBe("BreakGlassRefused")
        expect((yield* audited("breakGlass")).map(({ actor }) => actor.id)).toEqual(["u-support"])
      }),
    ))
})
