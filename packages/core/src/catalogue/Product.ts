import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CountryCode, Dimensions, Grams, Sku, Timestamp } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { Barcodes } from "./Gtin.ts"
import { flawsOfPacks, Packs } from "./Pack.ts"

/** What a product is called. A trade name, never a person's. 1 to 200 characters. */
export const ProductTitle = Schema.String.check(
  Schema.isPattern(/^[^\s\p{Cc}]([^\p{Cc}]{0,198}[^\s\p{Cc}])?$/u),
)

const no = Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false)))

/** What is written down of each unit that arrives: nothing when left out. Expiry is a lot's date, so it needs lots. */
export const TrackingPolicy = Schema.Struct({ lot: no, expiry: no, serial: no }).check(
  Schema.makeFilter(({ lot, expiry }: { readonly lot: boolean; readonly expiry: boolean }) =>
    lot || !expiry ? undefined : { path: ["lot"], issue: "true where expiry is tracked" },
  ),
)
export type TrackingPolicy = typeof TrackingPolicy.Type

/** Days before expiry: 0 to 3,650, 0 when left out. */
const days = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3650 })).pipe(
  Schema.withDecodingDefaultKey(Effect.succeed(0)),
)

/** How long before its expiry a unit stops to be sold (domain 1.5). */
export const ShelfLife = Schema.Struct({
  /** Days that a unit must have left on the promised delivery date. */
  minimumRemainingDays: days,
  /** Days before expiry from which nobody picks it (ShipHero: Picking Disabled Period). */
  doNotPickDays: days,
})
export type ShelfLife = typeof ShelfLife.Type

/** A commodity code of the Harmonised System: 6 digits, or up to 10 with a country's own. */
export const HsCode = Schema.String.check(Schema.isPattern(/^\d{6,10}$/u))

/** `retired`: stock and orders go on as they are; no new listing names it. */
export const ProductState = Schema.Literals(["active", "retired"])
export type ProductState = typeof ProductState.Type

const facts = {
  sku: Sku,
  title: ProductTitle,
  /** Of the base unit; those of a pack lie in the pack. */
  barcodes: Barcodes.pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  packs: Packs.pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  /** Gross weight of one unit in grams. */
  weight: Schema.optionalKey(Grams),
  /** Outer size of one unit in millimetres. */
  size: Schema.optionalKey(Dimensions),
  tracking: TrackingPolicy.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  shelfLife: ShelfLife.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** The release date of a pre-order: before it, demand is taken and nothing leaves. */
  availableFrom: Schema.optionalKey(Timestamp),
  originCountry: Schema.optionalKey(CountryCode),
  hsCode: Schema.optionalKey(HsCode),
}

const coherent = Schema.makeFilter(
  (product: {
    readonly barcodes: typeof Barcodes.Type
    readonly packs: typeof Packs.Type
    readonly tracking: TrackingPolicy
    readonly shelfLife: ShelfLife
  }) => {
    const { minimumRemainingDays, doNotPickDays } = product.shelfLife
    const idle = !product.tracking.expiry && minimumRemainingDays + doNotPickDays > 0
    return [
      ...flawsOfPacks(product.barcodes, product.packs),
      ...(idle ? [{ path: ["shelfLife"], issue: "nothing where expiry is not tracked" }] : []),
    ]
  },
)

/** What a merchant says of a product. Only `sku` and `title` must be given. */
export const ProductDefinition = Schema.Struct(facts).check(coherent)
export type ProductDefinition = typeof ProductDefinition.Type

/** A thing that is stocked and sold, by its merchant's SKU. Its base unit is one of it (domain 1.4). */
export const Product = Schema.Struct({
  ...facts,
  state: ProductState,
  createdAt: Timestamp,
}).check(coherent)
export type Product = typeof Product.Type

export const Products = Collection.make("products", {
  schema: Product,
  key: (product) => product.sku,
  indexes: { sku: index("sku"), state: index("state", "sku") },
})

/** The product is retired. Bring it back first, or take another. */
export class ProductRetired extends Schema.TaggedError<ProductRetired>()("ProductRetired", {
  sku: Sku,
}) {
  override get message() {
    return `${this.sku} is retired`
  }
}
