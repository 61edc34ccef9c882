import { cancelImportedOrder, enterPartition, importOrder } from "@oto-fulfilment/core"
import { Effect, Random } from "effect"
import type { Delivery } from "../slice/toDeliveries.ts"
import type { OpenShop, Premises } from "./openShops.ts"

/** Deliveries that are worked on at the same time. */
const AT_ONCE = 8
/** Deliveries on one page of a channel, and how many of them the page before had already. */
const PAGE = { size: 40, overlap: 10 }

/**
 * Takes in what the channels told.
 *
 * @param run tells runs apart, so that each of them sends its commands under keys of its own: what makes a second
 * run change nothing is then the order, not the key
 */
export const importOrders = Effect.fn("importOrders")(function* (
  { shops }: Premises,
  deliveries: ReadonlyArray<Delivery>,
  run: string,
  onEach: () => void = () => {},
) {
  const byShop = new Map(shops.map((each) => [each.shop, each]))
  yield* Effect.forEach(
    deliveries,
    (delivery, index) => {
      const shop = byShop.get(delivery.shop)
      if (shop === undefined) return Effect.die(new Error(`${delivery.shop} is not open`))
      return Effect.andThen(takeIn(shop, delivery, `${run}-${index}`), Effect.sync(onEach))
    },
    { concurrency: AT_ONCE, discard: true },
  )
})

const takeIn = (shop: OpenShop, delivery: Delivery, key: string) => {
  const { connection } = shop
  const asChannel = enterPartition(shop.channel, shop.merchant)
  return delivery.kind === "order"
    ? Effect.asVoid(asChannel(importOrder({ key, connection, ...delivery.snapshot })))
    : Effect.asVoid(
        asChannel(cancelImportedOrder({ key, connection, externalId: delivery.externalId })),
      )
}

/**
 * The same deliveries in disorder, as channels send them again: shuffled, and cut into pages of which each begins with
 * the end of the one before.
 *
 * @param seed the same seed gives the same disorder
 */
export const inDisorder = (
  deliveries: ReadonlyArray<Delivery>,
  seed: string,
): Effect.Effect<ReadonlyArray<Delivery>> =>
  Effect.map(Random.withSeed(Random.shuffle(deliveries), seed), (shuffled) => {
    const pages: Array<Delivery> = []
    for (let start = 0; start < shuffled.length; start += PAGE.size - PAGE.overlap)
      pages.push(...shuffled.slice(start, start + PAGE.size))
    return pages
  })
