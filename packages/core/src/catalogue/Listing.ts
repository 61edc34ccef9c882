import * as Schema from "effect/Schema"
import { Quantity, Sku, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"

/** What a channel calls the thing that it sells: 1 to 128 characters, no space at either end, no control character. */
export const ChannelSku = Schema.String.check(
  Schema.isPattern(/^[^\s\p{Cc}]([^\p{Cc}]{0,126}[^\s\p{Cc}])?$/u),
).pipe(Schema.brand("ChannelSku"))
export type ChannelSku = typeof ChannelSku.Type

export const ListingId = Schema.String.pipe(Schema.brand("ListingId"))
export type ListingId = typeof ListingId.Type

/** A connection has one listing for each channel SKU. The connection's id has a fixed length, so no two pairs collide. */
export const listingIdOf = (connection: string, channelSku: ChannelSku): ListingId =>
  `${connection}/${channelSku}` as ListingId

/** `removed` is kept to show what the channel SKU meant; it resolves nothing. */
export const ListingState = Schema.Literals(["listed", "removed"])
export type ListingState = typeof ListingState.Type

/**
 * What a channel's SKU stands for: a product or a kit, and how many of it each channel unit is (3 for a pack of
 * three). The connection is named by its id alone: that it exists is for whoever connects channels to know.
 */
export const Listing = Schema.Struct({
  id: ListingId,
  connection: Uuid,
  channelSku: ChannelSku,
  sku: Sku,
  multiple: Quantity,
  state: ListingState,
  /** When it took its present meaning or state. */
  since: Timestamp,
})
export type Listing = typeof Listing.Type

export const Listings = Collection.make("listings", {
  schema: Listing,
  key: (listing) => listing.id,
  indexes: {
    connection: index("connection", "state", "channelSku"),
    sku: index("sku", "state"),
  },
})
