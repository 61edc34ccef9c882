import * as Effect from "effect/Effect"
import type { ObjectRef } from "../audit/index.ts"
import type { Quantity } from "../kernel/index.ts"
import { type CurrentPartition, Store, type StoreUnavailable } from "../store/index.ts"
import type { CellId, Condition, SerialNumber } from "./Cell.ts"
import type { NewMovement } from "./NewMovement.ts"
import { namePinned } from "./namePinned.ts"
import { binAt } from "./Place.ts"
import type { StockBalance } from "./StockBalance.ts"
import type { ReasonCode } from "./StockMovement.ts"
import { StockSerials } from "./StockSerial.ts"

/** Movements that take free units out of cells, and how many cells there was no room for. */
export interface Pull {
  readonly movements: ReadonlyArray<NewMovement>
  /** Cells that still hold free units afterwards: call again. */
  readonly cellsLeft: number
}

/**
 * All units of the cells that are pinned to nothing, each into the same bin under another condition: one movement a
 * cell, or one for each serial. Bounded, so that it fits a batch.
 *
 * @param cells cells of one condition; those without free units are passed over
 * @param to the condition that their units have from now on
 * @param limit movements at most
 */
export const pullCells = Effect.fnUntraced(function* (
  cells: ReadonlyArray<StockBalance>,
  to: Condition,
  reason: ReasonCode,
  limit: number,
): Effect.fn.Return<Pull, StoreUnavailable, Store | CurrentPartition> {
  const free = cells.filter(({ unallocated }) => unallocated > 0)
  const movements: Array<NewMovement> = []
  let emptied = 0
  for (const cell of free) {
    const room = limit - movements.length
    if (room === 0) break
    const { sku, lot, warehouse, unallocated } = cell
    const serials = yield* serialsIn(cell.id, Math.min(room, unallocated))
    const from = binAt(warehouse, cell, cell.condition)
    const movement = { sku, lot, from, to: binAt(warehouse, cell, to), reason }
    for (const serial of serials) movements.push({ ...movement, serial, quantity: 1 as Quantity })
    const nameless = serials.length < room ? unallocated - serials.length : 0
    if (nameless > 0) movements.push({ ...movement, quantity: nameless as Quantity })
    if (serials.length + nameless === unallocated) emptied += 1
  }
  return { movements, cellsLeft: free.length - emptied }
})

/** The documents to which units of the cells are pinned: they need other stock. */
export const namePinnedIn = Effect.fnUntraced(function* (
  cells: ReadonlyArray<StockBalance>,
): Effect.fn.Return<ReadonlyArray<ObjectRef>, StoreUnavailable, Store | CurrentPartition> {
  const documents = new Map<string, ObjectRef>()
  for (const { id, allocated } of cells) {
    if (allocated === 0) continue
    for (const document of yield* namePinned(id))
      documents.set(`${document.kind}/${document.id}`, document)
  }
  return [...documents.values()]
})

const serialsIn = Effect.fnUntraced(function* (
  cell: CellId,
  limit: number,
): Effect.fn.Return<ReadonlyArray<SerialNumber>, StoreUnavailable, Store | CurrentPartition> {
  const page = yield* (yield* Store)
    .find(StockSerials, "cell", { equals: { cell }, limit })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  return page.items.map(({ value }) => value.serial)
})

/**
 * Decides again, a few times, when a cell gave less than it held when it was looked at: somebody was quicker between
 * the two looks.
 */
export const lookAgain: <A, E extends { readonly _tag: string }, R>(
  decide: Effect.Effect<A, E, R>,
) => Effect.Effect<A, E, R> = Effect.retry({
  times: 4,
  while: ({ _tag }: { readonly _tag: string }) => _tag === "CellShort" || _tag === "StockAllocated",
})
