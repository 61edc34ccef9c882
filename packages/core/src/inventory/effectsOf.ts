import type { Sku } from "../kernel/index.ts"
import type { BinLocation, CellId, LotCode, WarehouseId } from "./Cell.ts"
import { cellIdOf } from "./Cell.ts"
import { isSellable, type NewMovement } from "./NewMovement.ts"
import { type PoolId, poolIdOf } from "./StockPool.ts"

/** What movements do to one cell: changes of its counters, and the units that they take in all. */
export interface CellEffect {
  readonly cell: CellId
  readonly location: BinLocation
  readonly sku: Sku
  readonly lot: LotCode | undefined
  readonly onHand: number
  readonly allocated: number
  readonly unallocated: number
  /** Units taken, before what comes in is set against them. */
  readonly taken: number
}

/** What movements do to one pool. `uncommitted` moves by `sellable - committed`. */
export interface PoolEffect {
  readonly pool: PoolId
  readonly warehouse: WarehouseId
  readonly sku: Sku
  readonly onHand: number
  readonly sellable: number
  readonly committed: number
}

export interface Effects {
  readonly cells: ReadonlyMap<CellId, CellEffect>
  readonly pools: ReadonlyMap<PoolId, PoolEffect>
}

type Moved = Pick<
  NewMovement,
  "sku" | "lot" | "from" | "to" | "quantity" | "takes" | "lands" | "posts"
>

/** What one movement does to the cell and the pool on each of its sides: each unit leaves one place and reaches one. */
export const effectsOf = (movement: Moved): Effects => effectsOfAll([movement])

/** What movements do together, summed for each cell and each pool. */
export const effectsOfAll = (movements: Iterable<Moved>): Effects => {
  const cells = new Map<CellId, CellEffect>()
  const pools = new Map<PoolId, PoolEffect>()
  for (const movement of movements) {
    const { sku, quantity, from, to } = movement
    if (from._tag === "Bin") {
      addToCell(cells, from, movement, -quantity, pinnedOf(movement.takes, -quantity))
      addToPool(pools, from, sku, -quantity, movement.posts === true ? -quantity : 0)
    }
    if (to._tag === "Bin") {
      addToCell(cells, to, movement, quantity, pinnedOf(movement.lands, quantity))
      addToPool(pools, to, sku, quantity, 0)
    }
  }
  return { cells, pools }
}

const pinnedOf = (which: Moved["takes"], units: number): number =>
  which === "allocated" ? units : 0

const addToCell = (
  cells: Map<CellId, CellEffect>,
  location: BinLocation,
  { sku, lot }: Moved,
  units: number,
  pinned: number,
): void => {
  const cell = cellIdOf(location, { sku, lot })
  const before = cells.get(cell)
  cells.set(cell, {
    cell,
    location,
    sku,
    lot,
    onHand: (before?.onHand ?? 0) + units,
    allocated: (before?.allocated ?? 0) + pinned,
    unallocated: (before?.unallocated ?? 0) + units - pinned,
    taken: (before?.taken ?? 0) + Math.max(0, -units),
  })
}

const addToPool = (
  pools: Map<PoolId, PoolEffect>,
  location: BinLocation,
  sku: Sku,
  units: number,
  committed: number,
): void => {
  const pool = poolIdOf(location.warehouse, sku)
  const before = pools.get(pool)
  pools.set(pool, {
    pool,
    warehouse: location.warehouse,
    sku,
    onHand: (before?.onHand ?? 0) + units,
    sellable: (before?.sellable ?? 0) + (isSellable(location) ? units : 0),
    committed: (before?.committed ?? 0) + committed,
  })
}
