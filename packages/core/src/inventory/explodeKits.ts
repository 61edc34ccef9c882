import * as Effect from "effect/Effect"
import { NotFound } from "../access/index.ts"
import { CatalogueSkus, type KitComponent, lookUpKits } from "../catalogue/index.ts"
import type { Quantity, Sku } from "../kernel/index.ts"
import { type CurrentPartition, Store, type StoreUnavailable } from "../store/index.ts"

/** What a requested SKU is made of: itself once, or the components of a virtual kit (domain 1.7). */
export interface Recipe {
  readonly kit: boolean
  /** Stocked SKUs, and how many base units of each every requested unit takes. */
  readonly parts: ReadonlyArray<KitComponent>
}

/**
 * What each SKU is made of: one read for all of them, one more where virtual kits are among them. An assembled
 * kit has stock of its own and is a product like any other.
 *
 * Fails with `NotFound` naming the first SKU that the catalogue does not have.
 */
export const explodeKits = Effect.fnUntraced(function* (
  skus: ReadonlyArray<Sku>,
): Effect.fn.Return<
  ReadonlyMap<Sku, Recipe>,
  NotFound | StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  const distinct = [...new Set(skus)]
  const names = yield* store.getMany(CatalogueSkus, distinct)
  const recipes = new Map<Sku, Recipe>()
  const virtual: Array<Sku> = []
  for (const sku of distinct) {
    const name = names.get(sku)
    if (name === undefined) return yield* new NotFound({ kind: "product", id: sku })
    if (name.value.kind === "virtual_kit") virtual.push(sku)
    else recipes.set(sku, { kit: false, parts: [{ sku, quantity: ONCE }] })
  }
  if (virtual.length === 0) return recipes
  for (const [sku, kit] of yield* lookUpKits(virtual))
    recipes.set(sku, { kit: true, parts: kit.value.components })
  return recipes
})

const ONCE = 1 as Quantity
