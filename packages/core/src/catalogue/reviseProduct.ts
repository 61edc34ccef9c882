import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { canonical, command, type InvalidInput, invalidInput, unchanged } from "../command/index.ts"
import { CountryCode, Dimensions, Grams, Sku, Timestamp } from "../kernel/index.ts"
import { replace } from "../store/index.ts"
import { changeBarcodes } from "./changeBarcodes.ts"
import { Barcodes } from "./Gtin.ts"
import { lookUpProduct } from "./lookUp.ts"
import { Packs } from "./Pack.ts"
import {
  HsCode,
  Product,
  ProductState,
  ProductTitle,
  ShelfLife,
  TrackingPolicy,
} from "./Product.ts"

/** What is to change: a field left out stays, `null` takes a fact away, a list or a policy stands for the whole of it. */
export const ProductChanges = Schema.Struct({
  title: Schema.optionalKey(ProductTitle),
  barcodes: Schema.optionalKey(Barcodes),
  packs: Schema.optionalKey(Packs),
  weight: Schema.optionalKey(Schema.NullOr(Grams)),
  size: Schema.optionalKey(Schema.NullOr(Dimensions)),
  tracking: Schema.optionalKey(TrackingPolicy),
  shelfLife: Schema.optionalKey(ShelfLife),
  availableFrom: Schema.optionalKey(Schema.NullOr(Timestamp)),
  originCountry: Schema.optionalKey(Schema.NullOr(CountryCode)),
  hsCode: Schema.optionalKey(Schema.NullOr(HsCode)),
  state: Schema.optionalKey(ProductState),
})
export type ProductChanges = typeof ProductChanges.Type

const decodeProduct = Schema.decodeUnknownResult(Schema.toType(Product), { errors: "all" })

/** The product with the changes made, or what does not fit together then. */
export const revisedProduct = (
  product: Product,
  changes: ProductChanges,
): Result.Result<Product, InvalidInput> => {
  const facts = Object.entries({ ...product, ...changes }).filter(([, value]) => value !== null)
  return Result.mapError(decodeProduct(Object.fromEntries(facts)), (error) =>
    invalidInput("reviseProduct", error),
  )
}

/**
 * Changes what is known of a product, retires it or brings it back.
 *
 * A new tracking policy holds for units that arrive from now on. Units that are there keep the lots and serials
 * they have, or have not: what lies where is not the catalogue's to know, and to refuse the change would leave a
 * merchant who forgot a flag with a new SKU as the only way out. Move old units out and in again to track them.
 *
 * Fails with `NotFound` for an unknown SKU, `BarcodeTaken`, and `InvalidInput` where old and new facts contradict
 * each other, such as a shelf life without expiry.
 */
export const reviseProduct = command({
  action: "reviseProduct",
  input: Schema.Struct({ sku: Sku, changes: ProductChanges }),
  answer: Product,
  decide: Effect.fnUntraced(function* ({ sku, changes }) {
    const stored = yield* lookUpProduct(sku)
    if (Option.isNone(stored)) return yield* new NotFound({ kind: "product", id: sku })
    const before = stored.value.value
    const after = yield* Effect.fromResult(revisedProduct(before, changes))
    const about = { kind: "product", id: sku }
    if (canonical(after) === canonical(before)) return unchanged(about, after)
    return {
      about,
      entries: [replace(stored.value, after), ...(yield* changeBarcodes(before, after))],
      answer: after,
    }
  }),
})
