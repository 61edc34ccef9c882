import * as Schema from "effect/Schema"
import { Sku } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"

/** What a SKU of the catalogue is. Only `product` ever changes: into `assembled_kit`, once. */
export const SkuKind = Schema.Literals(["product", "assembled_kit", "virtual_kit"])
export type SkuKind = typeof SkuKind.Type

/**
 * One record for each SKU, whatever it is: its key keeps a virtual kit and a product from taking the same SKU at
 * once, and its version tells a kit that one of its components became a kit meanwhile.
 */
export const CatalogueSku = Schema.Struct({ sku: Sku, kind: SkuKind })
export type CatalogueSku = typeof CatalogueSku.Type

export const CatalogueSkus = Collection.make("catalogue_skus", {
  schema: CatalogueSku,
  key: (name) => name.sku,
  indexes: { kind: index("kind", "sku") },
})

/** The SKU is in the catalogue already. Revise what is there, or choose another. */
export class SkuTaken extends Schema.TaggedError<SkuTaken>()("SkuTaken", {
  sku: Sku,
  kind: SkuKind,
}) {
  override get message() {
    return `${this.sku} is already in the catalogue (${this.kind})`
  }
}
