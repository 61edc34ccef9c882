import * as Schema from "effect/Schema"
import { SignedUnits, Sku, type Units } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { WarehouseId } from "./Cell.ts"
import { GuardedUnits } from "./GuardedUnits.ts"

export const PoolId = Schema.String.pipe(Schema.brand("PoolId"))
export type PoolId = typeof PoolId.Type

/** The pool of a SKU in a warehouse. The owner is the partition. */
export const poolIdOf = (warehouse: WarehouseId, sku: Sku): PoolId =>
  `${warehouse}/${sku}` as PoolId

/**
 * The running totals of one SKU in one warehouse: the single record on which every promise is guarded.
 * `uncommitted = sellable - committed` is stored so that a commitment is one guarded add with floor 0; it falls
 * below 0 only when a count, damage or expiry took stock that was promised.
 */
export const StockPool = Schema.Struct({
  id: PoolId,
  warehouse: WarehouseId,
  sku: Sku,
  onHand: GuardedUnits,
  sellable: GuardedUnits,
  committed: GuardedUnits,
  uncommitted: SignedUnits,
})
export type StockPool = typeof StockPool.Type

export const StockPools = Collection.make("stock_pools", {
  schema: StockPool,
  key: (pool) => pool.id,
  indexes: { sku: index("sku", "warehouse"), warehouse: index("warehouse", "sku") },
})

/** The quantities of domain 1.3: `onHand = unsellable + available + committed - shortfall`. */
export interface StockQuantities {
  readonly onHand: Units
  readonly unsellable: Units
  readonly sellable: Units
  readonly committed: Units
  readonly available: Units
  readonly shortfall: Units
}

/** The named quantities of a pool. */
export const quantitiesOf = (
  pool: Pick<StockPool, "onHand" | "sellable" | "committed" | "uncommitted">,
): StockQuantities => ({
  onHand: pool.onHand,
  unsellable: (pool.onHand - pool.sellable) as Units,
  sellable: pool.sellable,
  committed: pool.committed,
  available: Math.max(0, pool.uncommitted) as Units,
  shortfall: Math.max(0, -pool.uncommitted) as Units,
})
