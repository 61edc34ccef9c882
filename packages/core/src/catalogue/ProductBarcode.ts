import * as Schema from "effect/Schema"
import { Quantity, Sku } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { Gtin } from "./Gtin.ts"
import { PackCode } from "./Pack.ts"

/** What a scan of a barcode means. Its key makes the barcode one product's only, in one merchant's catalogue. */
export const ProductBarcode = Schema.Struct({
  gtin: Gtin,
  sku: Sku,
  /** Base units that one scan stands for: 1, or those of the pack. */
  units: Quantity,
  pack: Schema.optionalKey(PackCode),
})
export type ProductBarcode = typeof ProductBarcode.Type

export const ProductBarcodes = Collection.make("product_barcodes", {
  schema: ProductBarcode,
  key: (barcode) => barcode.gtin,
  indexes: { sku: index("sku") },
})

/** The barcode is another product's. Take it from there first. */
export class BarcodeTaken extends Schema.TaggedError<BarcodeTaken>()("BarcodeTaken", {
  gtin: Gtin,
  /** The product that has it. */
  sku: Sku,
}) {
  override get message() {
    return `the barcode ${this.gtin} belongs to ${this.sku}`
  }
}
