import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Quantity } from "../kernel/index.ts"
import { type Entry, insert, remove, replace, Store, type Stored } from "../store/index.ts"
import type { Gtin } from "./Gtin.ts"
import type { Product } from "./Product.ts"
import { BarcodeTaken, type ProductBarcode, ProductBarcodes } from "./ProductBarcode.ts"

const ONE_UNIT = 1 as Quantity

/** What a scan of each barcode of a product means. */
const barcodesOf = (
  product: Pick<Product, "sku" | "barcodes" | "packs">,
): ReadonlyArray<ProductBarcode> => [
  ...product.barcodes.map((gtin) => ({ gtin, sku: product.sku, units: ONE_UNIT })),
  ...product.packs.flatMap(({ code, units, barcodes }) =>
    barcodes.map((gtin) => ({ gtin, sku: product.sku, units, pack: code })),
  ),
]

/**
 * The entries that make `wanted` the barcodes of a product.
 *
 * @param wanted each barcode once
 * @param held the records of these and of the product's present barcodes, as read
 */
const barcodeEntries = (
  wanted: ReadonlyArray<ProductBarcode>,
  held: ReadonlyArray<Stored<ProductBarcode>>,
): Result.Result<ReadonlyArray<Entry>, BarcodeTaken> => {
  const left = new Map(held.map((stored) => [stored.value.gtin, stored]))
  const entries: Array<Entry> = []
  for (const barcode of wanted) {
    const stored = left.get(barcode.gtin)
    left.delete(barcode.gtin)
    if (stored === undefined) entries.push(insert(ProductBarcodes, barcode))
    else if (stored.value.sku !== barcode.sku) return Result.fail(new BarcodeTaken(stored.value))
    else if (stored.value.units !== barcode.units || stored.value.pack !== barcode.pack)
      entries.push(replace(stored, barcode))
  }
  for (const stored of left.values()) entries.push(remove(stored))
  return Result.succeed(entries)
}

/** Reads the barcodes of a product before and after a change, and drafts the change. */
export const changeBarcodes = Effect.fnUntraced(function* (
  before: Product | undefined,
  after: Product,
) {
  const store = yield* Store
  const wanted = barcodesOf(after)
  const gtins = new Set<Gtin>(wanted.map(({ gtin }) => gtin))
  for (const { gtin } of before === undefined ? [] : barcodesOf(before)) gtins.add(gtin)
  const found = yield* store.getMany(ProductBarcodes, gtins)
  return yield* Effect.fromResult(barcodeEntries(wanted, [...found.values()]))
})
