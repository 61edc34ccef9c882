import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { kitAvailability, lookUpKits } from "../catalogue/index.ts"
import { poolIdOf, quantitiesOf, StockPools, type WarehouseId } from "../inventory/index.ts"
import type { Sku } from "../kernel/index.ts"
import { type CurrentPartition, Store, type StoreUnavailable } from "../store/index.ts"
import type { Availability } from "./chooseWarehouses.ts"

/** Pools that are asked for at the same time. */
const AT_ONCE = 16

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
  const ids = new Set(
    warehouses.flatMap((warehouse) => stocked.map((sku) => poolIdOf(warehouse, sku))),
  )
  const pools = yield* Effect.forEach(ids, (id) => store.get(StockPools, id), {
    concurrency: AT_ONCE,
  })
  const units = new Map(
    pools.flatMap((pool) =>
      Option.isNone(pool) ? [] : [[pool.value.value.id, quantitiesOf(pool.value.value).available]],
    ),
  )
  return (warehouse, sku) => {
    const available = (stock: Sku) => units.get(poolIdOf(warehouse, stock)) ?? 0
    const kit = virtual(sku)
    return kit === undefined ? available(sku) : kitAvailability(kit, available)
  }
})
