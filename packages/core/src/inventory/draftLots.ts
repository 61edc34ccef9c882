import * as Effect from "effect/Effect"
import type { Product } from "../catalogue/index.ts"
import type { Sku, Timestamp, Units } from "../kernel/index.ts"
import {
  add,
  type CurrentPartition,
  type Entry,
  insert,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { LotCode } from "./Cell.ts"
import { isArrival, type NewMovement } from "./NewMovement.ts"
import { type LotId, lotIdOf, type StockLot, StockLots } from "./StockLot.ts"
import type { LotRefused, TrackingRefused } from "./stockErrors.ts"
import { checkExpiry, checkLot, checkTracking, makesSellable } from "./trackUnits.ts"

/** The lots that movements touch, and the entries that make new ones and guard the others. */
export interface LotDraft {
  readonly entries: ReadonlyArray<Entry>
  readonly lots: ReadonlyMap<LotId, StockLot>
}

/**
 * Checks movements against their products' policies and their lots. The first arrival of a lot records it; units
 * become sellable only while their lot is neither recalled nor expired. That is guarded at the commit: whichever of a
 * recall and an arrival comes second decides again and sees the first.
 */
export const draftLots = Effect.fnUntraced(function* (
  movements: ReadonlyArray<Dated>,
  products: ReadonlyMap<Sku, Stored<Product>>,
  at: Timestamp,
): Effect.fn.Return<
  LotDraft,
  TrackingRefused | LotRefused | StoreUnavailable,
  Store | CurrentPartition
> {
  const stored = yield* readLots(movements)
  const lots = new Map<LotId, StockLot>(stored)
  const guards: Array<Entry> = []
  for (const movement of movements) {
    const tracking = products.get(movement.sku)?.value.tracking
    if (tracking === undefined) throw new TypeError(`no product ${movement.sku} was read`)
    yield* Effect.fromResult(checkTracking(movement, tracking))
    const { sku, lot: code } = movement
    if (code === undefined) continue
    const id = lotIdOf(sku, code)
    const before = lots.get(id)
    if (isArrival(movement)) {
      yield* Effect.fromResult(checkExpiry(movement, tracking, before))
      lots.set(id, afterArrival(before, code, movement))
    }
    const lot = lots.get(id)
    if (lot !== undefined && makesSellable(movement)) yield* Effect.fromResult(checkLot(lot, at))
    if (stored.has(id)) guards.push(...guardOf(id, movement))
  }
  const opened = [...lots].filter(([id]) => !stored.has(id))
  return { entries: [...opened.map(([, lot]) => insert(StockLots, lot)), ...guards], lots }
})

type Dated = NewMovement & { readonly occurredAt: Timestamp }

/** Arrivals are counted; units become sellable only in a lot that is still cleared. */
const guardOf = (id: LotId, movement: Dated): ReadonlyArray<Entry> => {
  const received = isArrival(movement) ? movement.quantity : 0
  if (makesSellable(movement)) return [add(StockLots, id, { received, cleared: 0 }, { cleared: 1 })]
  return received === 0 ? [] : [add(StockLots, id, { received })]
}

const afterArrival = (
  before: StockLot | undefined,
  lot: LotCode,
  { sku, expiresAt, occurredAt, quantity }: Dated,
): StockLot => ({
  id: lotIdOf(sku, lot),
  sku,
  lot,
  ...(expiresAt !== undefined && { expiresAt }),
  firstReceivedAt: occurredAt,
  cleared: 1 as Units,
  ...before,
  received: ((before?.received ?? 0) + quantity) as Units,
})

const readLots = Effect.fnUntraced(function* (
  movements: ReadonlyArray<NewMovement>,
): Effect.fn.Return<ReadonlyMap<LotId, StockLot>, StoreUnavailable, Store | CurrentPartition> {
  const wanted = movements.flatMap(({ sku, lot, to }) =>
    lot !== undefined && to._tag === "Bin" ? [lotIdOf(sku, lot)] : [],
  )
  const found = yield* (yield* Store).getMany(StockLots, wanted)
  return new Map([...found].map(([id, lot]) => [id, lot.value]))
})
