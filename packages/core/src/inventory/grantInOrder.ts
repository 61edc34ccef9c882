import type { ObjectRef } from "../audit/index.ts"
import { MAX_UNITS, type Quantity, type Sku, type Units } from "../kernel/index.ts"
import type { WarehouseId } from "./Cell.ts"
import type { Recipe } from "./explodeKits.ts"
import { type PoolId, poolIdOf } from "./StockPool.ts"
import type { ShortLine } from "./stockErrors.ts"

/** Units of one SKU, or of a virtual kit, that one line of a document wants promised from one warehouse. */
export interface CommitRequest {
  readonly document: ObjectRef
  readonly line: string
  readonly sku: Sku
  readonly warehouse: WarehouseId
  /** In base units of the requested SKU; kits count as kits. */
  readonly quantity: Quantity
}

/** A request with what its SKU is made of. */
export interface Demand {
  readonly request: CommitRequest
  readonly recipe: Recipe
}

/** What each demand may have, in units of its requested SKU. */
export type Grants = ReadonlyArray<Units>

/** The units that a set of grants takes from each pool: lines of one request are summed first (R3). */
export const unitsByPool = (
  demands: ReadonlyArray<Demand>,
  grants: Grants,
): ReadonlyMap<PoolId, number> => {
  const units = new Map<PoolId, number>()
  demands.forEach(({ request, recipe }, at) => {
    for (const { sku, quantity: ratio } of recipe.parts) {
      const pool = poolIdOf(request.warehouse, sku)
      units.set(pool, (units.get(pool) ?? 0) + ratio * (grants[at] ?? 0))
    }
  })
  return units
}

/**
 * Shares what is available out in the order of the lines: each gets all that is left for it, up to what it wants.
 * A virtual kit gets as many whole kits as every component allows (domain 1.7); a component that two lines share
 * is counted once.
 *
 * @param available units by pool; a pool that is not named holds none
 */
export const grantInOrder = (
  demands: ReadonlyArray<Demand>,
  available: ReadonlyMap<PoolId, number>,
): Grants => {
  const left = new Map(available)
  return demands.map(({ request, recipe }) => {
    let grant: number = request.quantity
    for (const { sku, quantity: ratio } of recipe.parts) {
      const units = Math.min(left.get(poolIdOf(request.warehouse, sku)) ?? 0, MAX_UNITS)
      grant = Math.min(grant, Math.floor(Math.max(0, units) / ratio))
    }
    for (const { sku, quantity: ratio } of recipe.parts) {
      const pool = poolIdOf(request.warehouse, sku)
      left.set(pool, (left.get(pool) ?? 0) - ratio * grant)
    }
    return grant as Units
  })
}

/** The lines that got less than they asked for. */
export const shortLines = (
  demands: ReadonlyArray<Demand>,
  grants: Grants,
): ReadonlyArray<ShortLine> =>
  demands.flatMap(({ request }, at) => {
    const available = grants[at] ?? 0
    if (available >= request.quantity) return []
    const { line, sku, warehouse, quantity } = request
    return [{ line, sku, warehouse, requested: quantity, available }]
  })
