import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, References, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { AuditLog } from "../../src/audit/index.ts"
import {
  ClockSkew,
  Core,
  collections,
  type Engine,
  type Ports,
  replayErasures,
  sweepRetention,
  worker,
} from "../../src/host/index.ts"
import {
  memoryKeyRingWith,
  memoryPorts,
  placeholderChannel,
  storeDriver,
} from "../../src/memory/index.ts"
import { type Order, type OrderId, Orders, SalesChannels } from "../../src/order/index.ts"
import { MerchantDirectory, openMerchant, registerOperator } from "../../src/party/index.ts"
import { ErasureLedger, KeyRing, OrderPiis } from "../../src/privacy/index.ts"
import {
  Collection,
  Driver,
  insert,
  type PartitionId,
  type RawEntry,
  type RawRecord,
  Store,
} from "../../src/store/index.ts"
import { inside } from "../world.ts"
import { OPERATOR, operatorFacts, WAREHOUSE } from "./hostWorld.ts"

const DAY = 86_400_000
let keys = 0
const key = () => `k-${++keys}`

/** Drivers and a ledger that outlive an engine, so that a test can start it again. */
const machines = Effect.gen(function* () {
  const main = yield* Effect.provide(Driver, storeDriver, { local: true })
  const apart = yield* Effect.provide(Driver, storeDriver, { local: true })
  const quiet = Layer.succeed(References.MinimumLogLevel, "None" as const)
  const ring = yield* Effect.provide(
    KeyRing,
    memoryKeyRingWith().layer.pipe(Layer.provide(quiet)),
    { local: true },
  )
  const portsOver = (driver: Driver["Service"]): Layer.Layer<Ports> =>
    Layer.mergeAll(
      Layer.succeed(Driver, driver),
      Layer.succeed(KeyRing, ring),
      ErasureLedger.over.pipe(Layer.provide(Layer.succeed(Driver, apart)), Layer.orDie),
      SalesChannels.from([placeholderChannel("shopify", "marked")]),
    )
  return { main, portsOver }
})

const engineOver =
  (ports: Layer.Layer<Ports>) =>
  <A, E>(work: Effect.Effect<A, E, Engine>) =>
    work.pipe(
      Effect.provide(Core.layer.pipe(Layer.provide(ports)), { local: true }),
      Effect.provideService(References.MinimumLogLevel, "None"),
    )

/** A merchant with a channel, and ten mugs. */
const openShop = Effect.gen(function* () {
  const core = yield* Core
  yield* registerOperator(operatorFacts)
  const merchant = yield* openMerchant({
    key: key(),
    name: "Tea & Co",
    settings: { currency: "GBP", timeZone: "Europe/London" },
  }).pipe(inside(OPERATOR))
  const within = inside(merchant.id, ["owner", "platform_admin"])
  const { id: connection } = yield* within(
    core.connectChannel({ key: key(), channel: "shopify", accountReference: "tea.example" }),
  )
  yield* within(core.changeOrderSettings({ key: key(), warehouses: [WAREHOUSE] }))
  yield* within(core.defineProduct({ key: key(), sku: "MUG", title: "Mug" }))
  const place = { warehouse: WAREHOUSE, bin: "A-01" }
  yield* within(core.receiveStock({ key: key(), lines: [{ sku: "MUG", quantity: 10, place }] }))
  return { core, within, merchant: merchant.id as PartitionId, connection }
})
type Shop = Effect.Success<typeof openShop>

/** An order that is released, with its buyer; dispatched, if so wished. */
const served = ({ core, within, connection }: Shop, externalId: string, dispatch = true) =>
  within(
    Effect.gen(function* () {
      const { order } = yield* core.importOrder({
        key: key(),
        connection,
        externalId,
        externalVersion: 1,
        orderedAt: 0,
        country: "GB",
        currency: "GBP",
        payment: "paid",
        lines: [
          {
            externalLineId: "1",
            channelSku: "MUG",
            quantity: 1,
            total: { currency: "GBP", minor: "100" },
          },
        ],
      })
      yield* core.commitOrder({ key: key(), order })
      yield* core.releaseOrder({ key: key(), order })
      yield* core.fetchBuyer({ key: key(), order })
      yield* core.allocateOrder({ key: key(), order })
      if (dispatch) yield* core.dispatchOrder({ key: key(), order })
      return order
    }),
  )

const orderIn = ({ within }: Shop, id: OrderId) =>
  within(
    Effect.flatMap(Store, (store) =>
      Effect.map(store.get(Orders, id), (found) => Option.map(found, ({ value }) => value)),
    ),
  )
const piiIn = (shop: Shop, id: OrderId) =>
  Effect.map(orderIn(shop, id), (order) => Option.getOrThrow(order).pii)

const dump = (driver: Driver["Service"], partition: PartitionId) =>
  Effect.map(
    Effect.forEach(collections, (collection) =>
      Effect.map(driver.scan(collection, partition, undefined, 1000), (records) => ({
        collection,
        records,
      })),
    ),
    (all) => all.filter(({ records }) => records.length > 0),
  )

/** A store as a backup of another one restores it: the same records in a new place. */
const restored = (
  backup: ReadonlyArray<{ partition: PartitionId; kept: Effect.Success<ReturnType<typeof dump>> }>,
) =>
  Effect.gen(function* () {
    const driver = yield* Effect.provide(Driver, storeDriver, { local: true })
    yield* driver.prepare(collections)
    for (const { partition, kept } of backup)
      for (const { collection, records } of kept)
        yield* driver.commit(
          partition,
          records.map(
            ({ id, body }: RawRecord): RawEntry => ({ kind: "insert", collection, id, body }),
          ),
        )
    return driver
  })

describe("a sweep of retention", () => {
  it.effect("takes what is due in every partition, and nothing else", () =>
    Effect.gen(function* () {
      const { main, portsOver } = yield* machines
      yield* Effect.gen(function* () {
        const shop = yield* openShop
        const first = yield* served(shop, "A-1")
        yield* TestClock.setTime(5 * DAY)
        const second = yield* served(shop, "A-2")
        const open = yield* served(shop, "A-3", false)
        yield* TestClock.setTime(29 * DAY)
        expect(yield* sweepRetention()).toMatchObject({ anonymised: 1, lapsed: 0, purged: 0 })
        expect(yield* sweepRetention()).toMatchObject({ anonymised: 0 })
        expect(yield* piiIn(shop, first)).toEqual({ _tag: "Anonymised", at: 29 * DAY })
        expect((yield* piiIn(shop, second))._tag).toBe("Held")
        // The open one stalls, lapses, and goes 30 days after that.
        yield* TestClock.setTime(35 * DAY)
        expect(yield* sweepRetention()).toMatchObject({ anonymised: 1, stalled: 1 })
        yield* TestClock.setTime(65 * DAY)
        expect(yield* sweepRetention()).toMatchObject({ anonymised: 0, lapsed: 1 })
        expect(yield* piiIn(shop, open)).toMatchObject({ _tag: "Held", deadline: 95 * DAY })
        yield* TestClock.setTime(94 * DAY)
        expect(yield* sweepRetention()).toMatchObject({ anonymised: 1 })
        const left = yield* dump(main, shop.merchant)
        expect(JSON.stringify(left)).not.toContain("marked")
        expect(left.some(({ collection }) => collection.name === OrderPiis.name)).toBe(false)
      }).pipe(engineOver(portsOver(main)))
    }),
  )

  it.effect("refuses to delete by a clock that the store does not share (T6)", () =>
    Effect.gen(function* () {
      const { main, portsOver } = yield* machines
      let skew = 0
      const skewed = Driver.of({ ...main, clock: Effect.map(main.clock, (at) => at + skew) })
      yield* Effect.gen(function* () {
        const shop = yield* openShop
        const order = yield* served(shop, "A-1")
        yield* TestClock.setTime(30 * DAY)
        for (const far of [300_001, -300_001]) {
          skew = far
          expect(yield* Effect.flip(sweepRetention())).toEqual(new ClockSkew({ skewMillis: far }))
          expect((yield* piiIn(shop, order))._tag).toBe("Held")
        }
        skew = 300_000
        expect(yield* sweepRetention()).toMatchObject({ anonymised: 1 })
      }).pipe(engineOver(portsOver(skewed)))
    }),
  )

  it.effect("ends a connection's buyers: at once, and within 72 hours for open orders (R79)", () =>
    Effect.gen(function* () {
      const { main, portsOver } = yield* machines
      yield* Effect.gen(function* () {
        const shop = yield* openShop
        const done = yield* served(shop, "A-1")
        const open = yield* served(shop, "A-2", false)
        yield* TestClock.setTime(DAY)
        yield* shop.within(shop.core.disconnectChannel({ key: key(), connection: shop.connection }))
        expect(yield* sweepRetention()).toMatchObject({ connections: 1, anonymised: 1 })
        expect((yield* piiIn(shop, done))._tag).toBe("Anonymised")
        expect(yield* piiIn(shop, open)).toMatchObject({ _tag: "Held", deadline: 4 * DAY })
        expect(yield* sweepRetention()).toMatchObject({ connections: 0, anonymised: 0 })
        yield* TestClock.setTime(3 * DAY)
        expect(yield* sweepRetention()).toMatchObject({ anonymised: 1 })
      }).pipe(engineOver(portsOver(main)))
    }),
  )

  it.effect("removes a sealed record that no order speaks for", () =>
    Effect.gen(function* () {
      const { main, portsOver } = yield* machines
      yield* Effect.gen(function* () {
        const shop = yield* openShop
        const order = yield* served(shop, "A-1")
        const [stored] = yield* main.scan(Orders, shop.merchant, undefined, 1)
        const { id, version } = stored as RawRecord
        yield* main.commit(shop.merchant, [{ kind: "remove", collection: Orders, id, version }])
        yield* TestClock.setTime(30 * DAY)
        expect(yield* sweepRetention()).toMatchObject({ anonymised: 1 })
        expect(yield* main.get(OrderPiis, shop.merchant, order)).toBeUndefined()
      }).pipe(engineOver(portsOver(main)))
    }),
  )
})

describe("a restored backup", () => {
  it.effect("forgets again, before it serves, all that was erased since (I9)", () =>
    Effect.gen(function* () {
      const { main, portsOver } = yield* machines
      const { shop, orders, backup } = yield* Effect.gen(function* () {
        const opened = yield* openShop
        const swept = yield* served(opened, "A-1")
        const deleted = yield* served(opened, "A-2")
        const kept = yield* dump(main, opened.merchant)
        const operator = yield* dump(main, OPERATOR)
        yield* opened.within(opened.core.deleteOrder({ key: key(), order: deleted }))
        yield* TestClock.setTime(90 * DAY)
        expect(yield* sweepRetention()).toMatchObject({ purged: 1 })
        return {
          shop: opened,
          orders: { swept, deleted },
          backup: [
            { partition: opened.merchant, kept },
            { partition: OPERATOR, kept: operator },
          ],
        }
      }).pipe(engineOver(portsOver(main)))
      const old = yield* restored(backup)
      expect(JSON.stringify(yield* dump(old, shop.merchant))).toContain('"Held"')
      yield* Effect.gen(function* () {
        expect(yield* piiIn(shop, orders.swept)).toMatchObject({ _tag: "Anonymised" })
        expect(yield* orderIn(shop, orders.deleted)).toEqual(Option.none<Order>())
        expect(yield* replayErasures()).toMatchObject({ erasedAgain: 0 })
      }).pipe(engineOver(portsOver(old)))
      const left = yield* dump(old, shop.merchant)
      expect(left.some(({ collection }) => collection.name === OrderPiis.name)).toBe(false)
    }),
  )

  it.effect("is told by the worker of what a command erased by the way (I9)", () =>
    Effect.gen(function* () {
      const { main, portsOver } = yield* machines
      yield* Effect.gen(function* () {
        const shop = yield* openShop
        const order = yield* served(shop, "A-1", false)
        yield* shop.within(shop.core.cancelOrder({ key: key(), order }))
        const known = Effect.flatMap(ErasureLedger, ({ all }) => Stream.runCollect(all))
        expect(yield* known).toEqual([])
        const working = yield* Effect.forkChild(worker([]))
        for (let turns = 0; turns < 50 && (yield* known).length === 0; turns++)
          yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(working)
        expect(yield* known).toMatchObject([{ kind: "buyer", id: order, at: 0 }])
      }).pipe(engineOver(portsOver(main)))
    }),
  )

  it.effect("does not bring a terminated merchant back (R40, I9)", () =>
    Effect.gen(function* () {
      const { main, portsOver } = yield* machines
      const { shop, backup } = yield* Effect.gen(function* () {
        const opened = yield* openShop
        yield* served(opened, "A-1")
        const kept = yield* dump(main, opened.merchant)
        const { core, within } = opened
        expect((yield* Effect.flip(within(core.terminateMerchant({}))))._tag).toBe(
          "StandingRefused",
        )
        yield* within(core.changeStanding({ key: key(), to: "closing", reason: "contract" }))
        yield* within(core.closeMerchant({ key: key(), reason: "contract" }))
        const { removed } = yield* within(core.terminateMerchant({}))
        expect(removed).toMatchObject({ orders: 1, order_pii: 1, merchant_keys: 2, merchants: 1 })
        expect((yield* within(core.terminateMerchant({}))).removed).toEqual({})
        const names = (yield* dump(main, opened.merchant)).map(({ collection }) => collection.name)
        expect(names.sort()).toEqual(["audit_log", "standings"])
        expect(yield* main.scan(MerchantDirectory, OPERATOR, undefined, 10)).toEqual([])
        return { shop: opened, backup: [{ partition: opened.merchant, kept }] }
      }).pipe(engineOver(portsOver(main)))
      const old = yield* restored(backup)
      yield* Effect.gen(function* () {
        const events = yield* shop.within(
          Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(AuditLog))),
        )
        expect(events.map(({ value }) => value.action)).toContain("terminateMerchant")
      }).pipe(engineOver(portsOver(old)))
      const names = (yield* dump(old, shop.merchant)).map(({ collection }) => collection.name)
      expect(names.sort()).toEqual(["audit_log", "standings"])
    }),
  )
})

describe("a merchant that is terminated", () => {
  it.effect("takes along what the host's own record types hold of it (R40)", () =>
    Effect.gen(function* () {
      const { main, portsOver } = yield* machines
      const Crate = Schema.Struct({ id: Schema.String })
      const Crates = Collection.make("crates", {
        schema: Crate,
        key: ({ id }) => id,
        indexes: {},
      })
      yield* Effect.gen(function* () {
        const { core, within, merchant } = yield* openShop
        yield* within(Effect.flatMap(Store, (store) => store.commit([insert(Crates, { id: "c" })])))
        yield* within(core.changeStanding({ key: key(), to: "closing", reason: "contract" }))
        yield* within(core.closeMerchant({ key: key(), reason: "contract" }))
        expect((yield* within(core.terminateMerchant({}))).removed).toMatchObject({ crates: 1 })
        expect(yield* main.scan(Crates, merchant, undefined, 10)).toEqual([])
      }).pipe(
        Effect.provide(Core.layerWith([Crates]).pipe(Layer.provide(portsOver(main))), {
          local: true,
        }),
      )
    }),
  )
})

describe("the engine", () => {
  it.effect("does not start on a key ring that is not fit for use (R31, R34)", () =>
    Effect.gen(function* () {
      const ring = yield* Effect.provide(KeyRing, memoryPorts, { local: true })
      const unfit = KeyRing.of({
        ...ring,
        health: Effect.succeed({ name: "test", ephemeral: true, faults: ["rotation is off"] }),
      })
      const { main, portsOver } = yield* machines
      const refused = yield* Effect.void.pipe(
        engineOver(Layer.merge(portsOver(main), Layer.succeed(KeyRing, unfit))),
        Effect.flip,
      )
      expect(refused).toMatchObject({ _tag: "KeyRingFaulty", faults: ["rotation is off"] })
    }),
  )
})
