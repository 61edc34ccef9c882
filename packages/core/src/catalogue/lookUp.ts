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

/**
 * What channel SKUs stand for; those that are not listed (any more) are not in it.
 *
 * @param connection the connection's id
 * @param channelSkus as the channel writes them
 */
export const lookUpListings = (
  connection: string,
  channelSkus: Iterable<ChannelSku>,
): Read<ReadonlyMap<ChannelSku, Stored<Listing>>> =>
  Effect.flatMap(Store, (store) => {
    const ids = Array.from(channelSkus, (channelSku) => listingIdOf(connection, channelSku))
    return Effect.map(
      store.getMany(Listings, ids),
      (found) =>
        new Map(
          [...found.values()]
            .filter(({ value }) => value.state === "listed")
            .map((listing) => [listing.value.channelSku, listing]),
        ),
    )
  })

const bySku = <A, I extends CollectionShape["indexes"]>(
  collection: Collection<A, I>,
  skus: Iterable<Sku>,
): Read<BySku<A>> => Effect.flatMap(Store, (store) => store.getMany(collection, skus))
