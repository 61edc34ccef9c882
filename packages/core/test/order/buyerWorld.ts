// The vault is built over the ports, in the store of the world around.
// @effect-diagnostics multipleEffectProvide:off

import { Effect, Layer, References } from "effect"
import type { Role } from "../../src/access/index.ts"
import { AuditLog } from "../../src/audit/index.ts"
import {
  type MemoryKeyRing,
  memoryKeyRingWith,
  type PlaceholderChannel,
  placeholderChannel,
  storeDriver,
} from "../../src/memory/index.ts"
import {
  allocateOrder,
  commitOrder,
  fetchBuyer,
  type OrderId,
  recordPack,
  recordPick,
  releaseOrder,
  SalesChannels,
} from "../../src/order/index.ts"
import { ErasureLedger, type KeyRing, OrderPiis, Vault } from "../../src/privacy/index.ts"
import { Store } from "../../src/store/index.ts"
import { inside, MERCHANT_A, surroundings } from "../world.ts"
import { allocated, freshKey, receive, records, runIn, type Services } from "./orderWorld.ts"

export type BuyerServices = Services | Vault | KeyRing | ErasureLedger | SalesChannels

/** The order world with a key ring, an erasure ledger and a channel that serves placeholder buyers. */
export const withBuyers = <A, E>(
  work: (ports: {
    readonly ring: MemoryKeyRing
    readonly channel: PlaceholderChannel
  }) => Effect.Effect<A, E, BuyerServices>,
): Promise<A> => {
  const ring = memoryKeyRingWith()
  const channel = placeholderChannel("shopify", "marked")
  const quiet = Layer.succeed(References.MinimumLogLevel, "None" as const)
  const ports = Layer.mergeAll(
    ring.layer.pipe(Layer.provide(quiet)),
    ErasureLedger.over.pipe(Layer.provide(Layer.fresh(storeDriver))),
    SalesChannels.from([channel]),
  )
  return runIn(
    surroundings,
    work({ ring, channel }).pipe(Effect.provide(Vault.layer), Effect.provide(ports)),
  )
}

/** Commits, releases and allocates an order. */
export const committedAndReleased = (order: OrderId) =>
  Effect.gen(function* () {
    yield* commitOrder({ key: freshKey(), order })
    yield* releaseOrder({ key: freshKey(), order })
    yield* allocateOrder({ key: freshKey(), order })
  })

/** As somebody with these roles in merchant A. */
export const as = (...roles: ReadonlyArray<Role>) => inside(MERCHANT_A, roles)

/** An order that is packed, with its buyer fetched. */
export const packed = Effect.gen(function* () {
  yield* receive("MUG", 10)
  const order = yield* allocated([["MUG", 2]])
  yield* fetchBuyer({ key: freshKey(), order })
  const lines = [{ line: "1", quantity: 2 }] as const
  yield* recordPick({ key: freshKey(), order, lines: [...lines] })
  yield* recordPack({ key: freshKey(), order, lines: [...lines] })
  return order
})

/** The sealed record of an order's buyer, if there is one. */
export const sealedOf = (order: OrderId) =>
  Effect.flatMap(Store, (store) => store.get(OrderPiis, order))

/** The tag that the work fails with. */
export const failsWith = <A, E extends { readonly _tag: string }, R>(
  work: Effect.Effect<A, E, R>,
) => Effect.map(Effect.flip(work), ({ _tag }) => _tag)

/** The events of an action in the current partition. */
export const audited = (action: string) =>
  Effect.map(records(AuditLog), (found) =>
    found.flatMap(({ value }) => (value.action === action ? [value] : [])),
  )
