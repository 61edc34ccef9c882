import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Sku } from "../kernel/index.ts"
import {
  type Collection,
  type CollectionShape,
  type CurrentPartition,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { type Kit, Kits } from "./Kit.ts"
import { type ChannelSku, type Listing, Listings, listingIdOf } from "./Listing.ts"
import { type Product, Products } from "./Product.ts"

type Read<A> = Effect.Effect<A, StoreUnavailable, Store | CurrentPartition>

/** Records by SKU, without those that do not exist. */
export type BySku<A> = ReadonlyMap<Sku, Stored<A>>

/** Records that are asked for at the same time. */
const AT_ONCE = 16

/** The product of the current merchant with this SKU, retired ones too. For decisions: it checks no role. */
export const lookUpProduct = (sku: Sku): Read<Option.Option<Stored<Product>>> =>
  Effect.flatMap(Store, (store) => store.get(Products, sku))

/** Those of the SKUs that are products, each read once. */
export const lookUpProducts = (skus: Iterable<Sku>): Read<BySku<Product>> => bySku(Products, skus)

/** The kit with this SKU, virtual or assembled. */
export const lookUpKit = (sku: Sku): Read<Option.Option<Stored<Kit>>> =>
  Effect.flatMap(Store, (store) => store.get(Kits, sku))

/** Those of the SKUs that are kits, each read once. */
export const lookUpKits = (skus: Iterable<Sku>): Read<BySku<Kit>> => bySku(Kits, skus)

/**
 * What a channel SKU stands for, or none when it is not listed (any more).
 *
 * @param connection the connection's id
 * @param channelSku as the channel writes it
 */
export const lookUpListing = (
  connection: string,
  channelSku: ChannelSku,
): Read<Option.Option<Stored<Listing>>> =>
  Effect.map(
    Effect.flatMap(Store, (store) => store.get(Listings, listingIdOf(connection, channelSku))),
    Option.filter((listing) => listing.value.state === "listed"),
  )

const bySku = <A, I extends CollectionShape["indexes"]>(
  collection: Collection<A, I>,
  skus: Iterable<Sku>,
): Read<BySku<A>> =>
  Effect.flatMap(Store, (store) => {
    const distinct = [...new Set(skus)]
    return Effect.map(
      Effect.forEach(distinct, (sku) => store.get(collection, sku), { concurrency: AT_ONCE }),
      (found) => {
        const records = new Map<Sku, Stored<A>>()
        for (const [place, sku] of distinct.entries()) {
          const stored = found[place]
          if (stored !== undefined && Option.isSome(stored)) records.set(sku, stored.value)
        }
        return records
      },
    )
  })
