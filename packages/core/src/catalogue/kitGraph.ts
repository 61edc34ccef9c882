import * as Effect from "effect/Effect"
import type { Sku } from "../kernel/index.ts"
import { Store, type Stored } from "../store/index.ts"
import { type CatalogueSku, CatalogueSkus } from "./CatalogueSku.ts"
import type { Kit } from "./Kit.ts"
import { lookUpKits } from "./lookUp.ts"

/** SKUs with what they are, and the recipes of those that are kits. */
export interface KitGraph {
  readonly names: ReadonlyMap<Sku, Stored<CatalogueSku>>
  readonly kits: ReadonlyMap<Sku, Pick<Kit, "components">>
}

/** Reads SKUs, and whatever the assembled kits among them are made up of, down to plain products. */
export const loadKitGraph = Effect.fnUntraced(function* (roots: ReadonlyArray<Sku>) {
  const store = yield* Store
  const names = new Map<Sku, Stored<CatalogueSku>>()
  const kits = new Map<Sku, Kit>()
  const asked = new Set<Sku>()
  let open = [...new Set(roots)]
  while (open.length > 0) {
    for (const sku of open) asked.add(sku)
    for (const [sku, name] of yield* store.getMany(CatalogueSkus, open)) names.set(sku, name)
    const made = open.filter((sku) => names.get(sku)?.value.kind === "assembled_kit")
    for (const [sku, kit] of yield* lookUpKits(made)) kits.set(sku, kit.value)
    const parts = made.flatMap((sku) => kits.get(sku)?.components.map((part) => part.sku) ?? [])
    open = [...new Set(parts)].filter((sku) => !asked.has(sku))
  }
  return { names, kits } satisfies KitGraph
})

/** Whether a SKU is `wanted`, or is made up of it, however deep. */
export const contains = (kits: KitGraph["kits"], sku: Sku, wanted: Sku): boolean => {
  const seen = new Set<Sku>()
  const open = [sku]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === wanted) return true
    if (seen.has(next)) continue
    seen.add(next)
    for (const part of kits.get(next)?.components ?? []) open.push(part.sku)
  }
  return false
}
