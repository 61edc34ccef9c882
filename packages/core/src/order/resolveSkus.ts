import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type ChannelSku, lookUpKits, lookUpListing, lookUpProducts } from "../catalogue/index.ts"
import { type Quantity, Sku } from "../kernel/index.ts"
import type { ConnectionId } from "../party/index.ts"
import type { CurrentPartition, Store, StoreUnavailable } from "../store/index.ts"

/** What a channel's SKU stands for: a product or virtual kit, and how many of it. */
export interface Resolution {
  readonly sku: Sku
  readonly multiple: Quantity
}

/** What each channel SKU stands for; one that nothing answers to is not in it. */
export type Resolutions = ReadonlyMap<ChannelSku, Resolution>

/** Listings that are asked for at the same time. */
const AT_ONCE = 16

const isSku = Schema.is(Sku)
const ONCE = 1 as Quantity

/**
 * What channel SKUs stand for: their listing's product, as often as it says; without a listing the product of the
 * very same code (codes that differ by case are different); else the virtual kit of that code.
 */
export const resolveSkus = Effect.fnUntraced(function* (
  connection: ConnectionId,
  channelSkus: Iterable<ChannelSku>,
): Effect.fn.Return<Resolutions, StoreUnavailable, Store | CurrentPartition> {
  const distinct = [...new Set(channelSkus)]
  const listings = yield* Effect.forEach(distinct, (each) => lookUpListing(connection, each), {
    concurrency: AT_ONCE,
  })
  const resolutions = new Map<ChannelSku, Resolution>()
  const unlisted: Array<ChannelSku> = []
  for (const [place, channelSku] of distinct.entries()) {
    const listing = listings[place] ?? Option.none()
    if (Option.isNone(listing)) unlisted.push(channelSku)
    else resolutions.set(channelSku, listing.value.value)
  }
  const codes = unlisted.filter((code): code is ChannelSku & Sku => isSku(code))
  const products = yield* lookUpProducts(codes)
  const kits = yield* lookUpKits(codes.filter((code) => !products.has(code)))
  for (const code of codes)
    if (products.has(code) || kits.has(code)) resolutions.set(code, { sku: code, multiple: ONCE })
  return resolutions
})
