import {
  AuditLog,
  Deliveries,
  ExternalOrders,
  enterPartition,
  Jobs,
  type OrderId,
  OrderPiis,
  Orders,
  Outbox,
  Reveals,
  replace,
  revealForLabel,
  Store,
  sealAudit,
  sweepRetention,
  verifyAuditLog,
} from "@oto-fulfilment/core"
import { canary, dumpStore, findCanaries } from "@oto-fulfilment/core/testing"
import { Effect, References, Result, Stream } from "effect"
import { MARK, moveClock } from "./demoPorts.ts"
import type { OpenShop, Premises } from "./openShops.ts"

const recordsOf = Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(Orders)))

/** What is not a buyer's of all orders: lines, money, states. */
const orderFacts = Effect.fn("orderFacts")(function* ({ shops }: Premises) {
  const orders = yield* Effect.forEach(shops, ({ owner, merchant }) =>
    enterPartition(owner, merchant)(recordsOf),
  )
  const facts = orders.flat().map(({ value: { pii: _pii, retentionDue: _due, ...rest } }) => rest)
  return JSON.stringify(facts, (_, value) => (typeof value === "bigint" ? String(value) : value))
})

/**
 * Moves the clock on by a month: from that instant a label is refused, before anything was swept; then the sweep takes
 * the buyers of finished orders away, and nothing else.
 */
export const forgetBuyers = Effect.fn("forgetBuyers")(function* (
  premises: Premises,
  shop: OpenShop,
  order: OrderId,
) {
  const before = yield* orderFacts(premises)
  yield* moveClock
  const label = yield* Effect.result(
    enterPartition(shop.owner, shop.merchant)(revealForLabel({ order })),
  )
  const swept = yield* sweepRetention()
  const after = yield* orderFacts(premises)
  const sealed = yield* Effect.forEach(premises.shops, ({ owner, merchant }) =>
    enterPartition(
      owner,
      merchant,
    )(Effect.flatMap(Store, (store) => Stream.runCount(store.scan(OrderPiis)))),
  )
  return {
    label: Result.isFailure(label) ? label.failure._tag : "shown",
    anonymised: swept.anonymised,
    stillSealed: sealed.reduce((sum, count) => sum + count, 0),
    untouched: before === after,
  }
})

/** What is written for an order, and told of it: where something of its buyer could have come to lie. */
const ABOUT_ORDERS = [Orders, ExternalOrders, OrderPiis, Outbox, Jobs, Deliveries, Reveals]

/** Searches the records about orders of both merchants, as the store has them, for anything of a buyer. */
export const searchStore = Effect.fn("searchStore")(function* ({ shops }: Premises) {
  const haystacks = yield* dumpStore(
    shops.map(({ merchant }) => merchant),
    ABOUT_ORDERS,
  )
  return { records: haystacks.length, found: findCanaries([canary("buyer", MARK)], haystacks) }
})

/** Seals the audit log, proves it, changes one event behind the engine's back, and proves it again. */
export const proveAuditLog = Effect.fn("proveAuditLog")(function* ({ owner, merchant }: OpenShop) {
  const inShop = enterPartition(owner, merchant)
  // The hashes of digests go to the log as well, for who writes them down elsewhere; here they would be in the way.
  const sealed = yield* Effect.provideService(sealAudit, References.MinimumLogLevel, "Warn")
  const proved = yield* inShop(verifyAuditLog({}))
  const store = yield* Store
  const [event] = (yield* inShop(store.find(AuditLog, "time", { limit: 1 }))).items
  if (event === undefined) return yield* Effect.die(new Error("an event is needed"))
  const forged = { ...event.value, actor: { kind: "user", id: "somebody-else" } } as const
  yield* inShop(store.commit([replace(event, forged)]))
  const tampered = yield* inShop(verifyAuditLog({}))
  return { digests: sealed.digests, events: sealed.events, proved, tampered }
})
