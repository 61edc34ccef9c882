import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { command, unchanged } from "../command/index.ts"
import { Quantity, Sku, Uuid } from "../kernel/index.ts"
import { insert, replace, Store } from "../store/index.ts"
import { CatalogueSkus } from "./CatalogueSku.ts"
import { ChannelSku, Listing, Listings, listingIdOf } from "./Listing.ts"
import { lookUpProduct } from "./lookUp.ts"
import { ProductRetired } from "./Product.ts"

/**
 * Says what a channel's SKU stands for: `multiple` (1 when left out) units of a product or kit. Said again, it takes
 * the new meaning; orders that were resolved before keep theirs.
 *
 * Fails with `NotFound` for an unknown SKU and `ProductRetired` for a retired one.
 */
export const defineListing = command({
  action: "defineListing",
  input: Schema.Struct({
    connection: Uuid,
    channelSku: ChannelSku,
    sku: Sku,
    multiple: Quantity.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  }),
  answer: Listing,
  decide: Effect.fnUntraced(function* ({ connection, channelSku, sku, multiple }, { at }) {
    const store = yield* Store
    if (Option.isNone(yield* store.get(CatalogueSkus, sku)))
      return yield* new NotFound({ kind: "sku", id: sku })
    const product = yield* lookUpProduct(sku)
    if (Option.isSome(product) && product.value.value.state === "retired")
      return yield* new ProductRetired({ sku })
    const id = listingIdOf(connection, channelSku)
    const about = { kind: "listing", id }
    const next: Listing = { id, connection, channelSku, sku, multiple, state: "listed", since: at }
    const stored = yield* store.get(Listings, id)
    if (Option.isNone(stored)) return { about, entries: [insert(Listings, next)], answer: next }
    const { value: now } = stored.value
    return now.state === "listed" && now.sku === sku && now.multiple === multiple
      ? unchanged(about, now)
      : { about, entries: [replace(stored.value, next)], answer: next }
  }),
})
