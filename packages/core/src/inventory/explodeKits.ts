import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
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

/** SKUs that are asked for at the same time. */
const AT_ONCE = 16

/**
 * What each SKU is made of. A stocked SKU costs one read of a small record; a virtual kit one more. An assembled
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
  const names = yield* Effect.forEach(distinct, (sku) => store.get(CatalogueSkus, sku), {
    concurrency: distinct.length > 1 ? AT_ONCE : 1,
  })
  const recipes = new Map<Sku, Recipe>()
  const virtual: Array<Sku> = []
  for (const [place, sku] of distinct.entries()) {
    const name = Option.getOrUndefined(names[place] ?? Option.none())
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
