import * as Effect from "effect/Effect"
import { kitAvailability, lookUpKits } from "../catalogue/index.ts"
import { poolIdOf, quantitiesOf, StockPools, type WarehouseId } from "../inventory/index.ts"
import type { Sku } from "../kernel/index.ts"
import { type CurrentPartition, Store, type StoreUnavailable } from "../store/index.ts"
import type { Availability } from "./chooseWarehouses.ts"

/**
 * What some warehouses could promise of some SKUs as it is now: of a virtual kit, the whole kits that the components
 * make. It guards nothing: it is for choosing where to ask.
 */
export const readAvailability = Effect.fnUntraced(function* (
  warehouses: ReadonlyArray<WarehouseId>,
  skus: ReadonlyArray<Sku>,
): Effect.fn.Return<Availability, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const kits = yield* lookUpKits(skus)
  const virtual = (sku: Sku) => {
    const kit = kits.get(sku)?.value
    return kit?.kind === "virtual" ? kit : undefined
  }
  const stocked = skus.flatMap((sku) => virtual(sku)?.components.map((part) => part.sku) ?? [sku])
  const ids = warehouses.flatMap((warehouse) => stocked.map((sku) => poolIdOf(warehouse, sku)))
  const pools = yield* store.getMany(StockPools, ids)
  return (warehouse, sku) => {
    const available = (stock: Sku) => {
      const pool = pools.get(poolIdOf(warehouse, stock))?.value
      return pool === undefined ? 0 : quantitiesOf(pool).available
    }
    const kit = virtual(sku)
    return kit === undefined ? available(sku) : kitAvailability(kit, available)
  }
})
