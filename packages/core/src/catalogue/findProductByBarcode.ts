import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { query } from "../command/index.ts"
import { Store } from "../store/index.ts"
import { Barcode } from "./Gtin.ts"
import { lookUpProduct } from "./lookUp.ts"
import { ProductBarcodes } from "./ProductBarcode.ts"

/** The product that a scanned barcode belongs to, how many base units one scan is, and of which pack. */
export const findProductByBarcode = query({
  action: "findProductByBarcode",
  input: Schema.Struct({ barcode: Barcode }),
  read: Effect.fnUntraced(function* ({ barcode }) {
    const store = yield* Store
    const scanned = yield* store.get(ProductBarcodes, barcode)
    if (Option.isNone(scanned)) return yield* new NotFound({ kind: "barcode", id: barcode })
    const { sku, units, pack } = scanned.value.value
    const product = yield* lookUpProduct(sku)
    // The two are written together; a revision between the two reads may take the barcode, never the product.
    if (Option.isNone(product)) throw new Error(`the barcode ${barcode} names no product`)
    return { product: product.value.value, units, pack }
  }),
})
