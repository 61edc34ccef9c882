import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type ChannelSku, lookUpKits, lookUpListings, lookUpProducts } from "../catalogue/index.ts"
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
  const listings = yield* lookUpListings(connection, distinct)
  const resolutions = new Map<ChannelSku, Resolution>()
  for (const [channelSku, { value }] of listings) resolutions.set(channelSku, value)
  const codes = distinct.filter(
    (code): code is ChannelSku & Sku => !listings.has(code) && isSku(code),
  )
  const products = yield* lookUpProducts(codes)
  const kits = yield* lookUpKits(codes.filter((code) => !products.has(code)))
  for (const code of codes)
    if (products.has(code) || kits.has(code)) resolutions.set(code, { sku: code, multiple: ONCE })
  return resolutions
})
