import * as Effect from "effect/Effect"
import {
  type Ids,
  nextId,
  type Quantity,
  type Sku,
  type Timestamp,
  type Units,
} from "../kernel/index.ts"
import {
  add,
  type CurrentPartition,
  check,
  type Entry,
  insert,
  replace,
  type Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { type Allocation, AllocationId, Allocations } from "./Allocation.ts"
import type { Commitment } from "./Commitment.ts"
import { type CellPick, chooseCells } from "./chooseCells.ts"
import type { LotsById } from "./lookUpCells.ts"
import type { RemovalStrategy } from "./RemovalStrategy.ts"
import { readShelves, type ShelfOptions } from "./readShelves.ts"
import { requirePending, sumByCommitment } from "./requirePending.ts"
import { type StockBalance, StockBalances } from "./StockBalance.ts"
import { lotIdOf } from "./StockLot.ts"
import { readStockSettings } from "./StockSettings.ts"
import type { CommitmentResolved } from "./stockErrors.ts"

export type { ShelfOptions } from "./readShelves.ts"

/** Units of one commitment to pin to cells: all that are not pinned yet, when no quantity is given. */
export interface AllocationWant {
  readonly commitment: Stored<Commitment>
  readonly quantity?: Quantity | undefined
}

/** Units of a line that no cell could give. */
export interface MissingUnits {
  readonly line: string
  /** The stocked SKU: of a virtual kit, the component. */
  readonly sku: Sku
  readonly missing: Units
}

/** Hard reservations as entries of a batch. */
export interface AllocateDraft {
  readonly entries: ReadonlyArray<Entry>
  readonly allocations: ReadonlyArray<Allocation>
  readonly short: ReadonlyArray<MissingUnits>
}

export interface AllocateOptions extends ShelfOptions {
  /** In which order cells give; the merchant's own, when left out. */
  readonly strategy?: RemovalStrategy | undefined
}

/**
 * Drafts the pinning of promised units to cells, in the order of the wants. What no cell can give is reported, not
 * refused. Pools do not change: the commitment took the units already.
 *
 * The batch guards what was read: each cell by a floor, so that it cannot give units twice; each lot by a check, so
 * that a recall between reading and commit makes the command decide again (R10); each commitment by its version,
 * so that it is never allocated beyond its quantity.
 *
 * Fails with `CommitmentResolved` for a commitment that is not pending or whose time is over (R6). More units than
 * a commitment has left is a defect of the caller.
 */
export const draftAllocate = Effect.fnUntraced(function* (
  wants: ReadonlyArray<AllocationWant>,
  options: AllocateOptions,
): Effect.fn.Return<
  AllocateDraft,
  CommitmentResolved | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const settings = yield* readStockSettings
  const asked = sumByCommitment(wants, (each) => each.unallocated)
  for (const { commitment } of asked)
    yield* Effect.fromResult(requirePending(commitment, options.at))
  const shelves = new Map(
    yield* readShelves(
      asked.map(({ commitment }) => commitment.value),
      settings,
      options,
    ),
  )
  const entries: Array<Entry> = []
  const allocations: Array<Allocation> = []
  const short: Array<MissingUnits> = []
  for (const { commitment, quantity } of asked) {
    const { pool, line, sku } = commitment.value
    const shelf = shelves.get(pool)
    if (shelf === undefined) throw new TypeError(`the shelf of ${pool} was not read`)
    const strategy = options.strategy ?? settings.removalStrategy
    const { picks, missing } = chooseCells(shelf.cells, { ...shelf.fitness, strategy, quantity })
    shelves.set(pool, { ...shelf, cells: without(shelf.cells, picks) })
    if (missing > 0) short.push({ line, sku, missing })
    if (picks.length === 0) continue
    for (const pick of picks) {
      const allocation = yield* pin(commitment.value, pick, options.at)
      allocations.push(allocation)
      entries.push(insert(Allocations, allocation), ...guardsOf(pick, shelf.lots))
    }
    entries.push(replace(commitment, pinned(commitment.value, quantity - missing)))
  }
  return { entries, allocations, short }
})

const without = (
  cells: ReadonlyArray<StockBalance>,
  picks: ReadonlyArray<CellPick<StockBalance>>,
): ReadonlyArray<StockBalance> => {
  const taken = new Map(picks.map(({ cell, quantity }) => [cell.id, quantity]))
  return cells.map((cell) => ({
    ...cell,
    unallocated: (cell.unallocated - (taken.get(cell.id) ?? 0)) as Units,
  }))
}

const pin = (
  { id, sku, documentId, line }: Commitment,
  { cell, quantity }: CellPick<StockBalance>,
  at: Timestamp,
): Effect.Effect<Allocation, never, Ids> =>
  Effect.map(nextId(AllocationId), (allocationId) => ({
    id: allocationId,
    commitment: id,
    cell: cell.id,
    sku,
    ...(cell.lot !== undefined && { lot: cell.lot }),
    documentId,
    line,
    quantity,
    state: "live",
    createdAt: at,
  }))

/** The cell gives units that it has, and the lot is what it was when it was looked at. */
const guardsOf = (
  { cell, quantity }: CellPick<StockBalance>,
  lots: LotsById,
): ReadonlyArray<Entry> => {
  const lot = cell.lot === undefined ? undefined : lots.get(lotIdOf(cell.sku, cell.lot))
  return [
    add(
      StockBalances,
      cell.id,
      { allocated: quantity, unallocated: -quantity },
      { unallocated: 0 },
    ),
    ...(lot === undefined ? [] : [check(lot)]),
  ]
}

const pinned = (commitment: Commitment, units: number): Commitment => ({
  ...commitment,
  allocated: (commitment.allocated + units) as Units,
  unallocated: (commitment.unallocated - units) as Units,
})
