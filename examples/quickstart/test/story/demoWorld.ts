import { Core } from "@oto-fulfilment/core"
import { Context, Effect, Layer } from "effect"
import { readSlice } from "../../src/slice/readSlice.ts"
import { stockPlan } from "../../src/slice/stockPlan.ts"
import { toDeliveries } from "../../src/slice/toDeliveries.ts"
import { toOrders } from "../../src/slice/toOrders.ts"
import { demoPorts, inItsTime } from "../../src/story/demoPorts.ts"
import { importOrders } from "../../src/story/importOrders.ts"
import { openShops } from "../../src/story/openShops.ts"
import { overlappingDriver } from "../../src/story/overlappingDriver.ts"
import { orderedUnits, serveOrders } from "../../src/story/serveOrders.ts"
import { defineCatalogue, receiveGoods } from "../../src/story/stockShelves.ts"

const engine = Core.layer.pipe(Layer.provideMerge(Layer.merge(overlappingDriver, demoPorts)))
const { orders } = toOrders(Effect.runSync(readSlice))

/** What the channels told on the two days. */
export const deliveries = toDeliveries(orders)

/** An engine of its own for each test. */
export const inNewEngine = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  inItsTime(Effect.provide(work, engine, { local: true }))

/** Open merchants with their products and goods, before the first order. */
export const shelvesAreFull = Effect.gen(function* () {
  const premises = yield* openShops()
  yield* Effect.forEach(premises.shops, (shop) => {
    const plan = stockPlan(orders.filter((order) => order.shop === shop.shop))
    return Effect.andThen(defineCatalogue(shop, plan), receiveGoods(premises, shop, plan))
  })
  return premises
})

const serve = Effect.gen(function* () {
  const premises = yield* shelvesAreFull
  yield* importOrders(premises, deliveries, "first")
  const committed = yield* serveOrders(premises, "commit")
  const released = yield* serveOrders(premises, "release")
  const allocated = yield* serveOrders(premises, "allocate")
  return {
    premises,
    served: { committed, released, allocated },
    units: yield* orderedUnits(premises),
  }
})

/** Where every order of the two days went as far as it could go. */
export class Served extends Context.Service<Served, Effect.Success<typeof serve>>()("Served") {
  static readonly layer = Layer.effect(Served, serve).pipe(Layer.provideMerge(engine))
}
