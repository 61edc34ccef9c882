import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { command } from "../command/index.ts"
import { insert, Store } from "../store/index.ts"
import { CatalogueSkus, SkuTaken } from "./CatalogueSku.ts"
import { changeBarcodes } from "./changeBarcodes.ts"
import { Product, ProductDefinition, Products } from "./Product.ts"

/**
 * Puts a product into the merchant's catalogue, and its barcodes with it.
 *
 * Fails with `SkuTaken` when the SKU is a product or a kit already, and with `BarcodeTaken` when another product
 * has one of the barcodes.
 */
export const defineProduct = command({
  action: "defineProduct",
  input: ProductDefinition,
  answer: Product,
  decide: Effect.fnUntraced(function* (definition, { at }) {
    const taken = yield* (yield* Store).get(CatalogueSkus, definition.sku)
    if (Option.isSome(taken)) return yield* new SkuTaken(taken.value.value)
    const product: Product = { ...definition, state: "active", createdAt: at }
    return {
      about: { kind: "product", id: product.sku },
      entries: [
        insert(CatalogueSkus, { sku: product.sku, kind: "product" }),
        insert(Products, product),
        ...(yield* changeBarcodes(undefined, product)),
      ],
      answer: product,
    }
  }),
})
