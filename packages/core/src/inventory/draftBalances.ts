import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Timestamp, Units } from "../kernel/index.ts"
import {
  add,
  type CurrentPartition,
  type Entry,
  insert,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { BinLocation, CellId } from "./Cell.ts"
import type { CellEffect } from "./effectsOf.ts"
import { cellOf, type NewMovement } from "./NewMovement.ts"
import { namePinned } from "./namePinned.ts"
import { type StockBalance, StockBalances } from "./StockBalance.ts"
import { type LotId, lotIdOf, type StockLot } from "./StockLot.ts"
import { CellShort, StockAllocated } from "./stockErrors.ts"

type Balances = ReadonlyMap<CellId, Stored<StockBalance>>

/** What units bring to the cell where they arrive. */
interface Arrival {
  readonly receivedAt: Timestamp
  readonly expiresAt: Timestamp | undefined
  readonly pickSequence: number | undefined
}

type CellUnits = Pick<StockBalance, "onHand" | "allocated" | "unallocated">

/** Why a cell cannot give what movements take: too few units, or enough of them but pinned to documents. */
export type CellRefusal = "short" | "pinned"

/**
 * What a cell holds after an effect, or why it cannot: ordinary movements never take units that are pinned (L3,
 * R10), and no count goes below zero.
 */
export const settleCell = (
  effect: Pick<CellEffect, "onHand" | "allocated" | "unallocated">,
  balance: CellUnits | undefined,
): Result.Result<CellUnits, CellRefusal> => {
  const onHand = (balance?.onHand ?? 0) + effect.onHand
  const allocated = (balance?.allocated ?? 0) + effect.allocated
  const unallocated = (balance?.unallocated ?? 0) + effect.unallocated
  if (onHand < 0 || allocated < 0) return Result.fail("short")
  if (unallocated < 0) return Result.fail("pinned")
  return Result.succeed({
    onHand: onHand as Units,
    allocated: allocated as Units,
    unallocated: unallocated as Units,
  })
}

/**
 * Drafts what movements do to cells. A cell that keeps its dates changes by a guarded add, so that movements of
 * one hot cell do not wait for each other; a cell that takes units older than its own, or that was empty, is
 * written anew.
 */
export const draftBalances = Effect.fnUntraced(function* (
  effects: ReadonlyMap<CellId, CellEffect>,
  movements: ReadonlyArray<NewMovement & { readonly occurredAt: Timestamp }>,
  lots: ReadonlyMap<LotId, StockLot>,
): Effect.fn.Return<
  ReadonlyArray<Entry>,
  CellShort | StockAllocated | StoreUnavailable,
  Store | CurrentPartition
> {
  const balances = yield* (yield* Store).getMany(StockBalances, effects.keys())
  const arrivals = arrivalsOf(movements, balances, lots)
  const ranks = yield* ranksOfBins(
    [...effects.values()].filter(
      ({ cell }) => !balances.has(cell) && arrivals.get(cell)?.pickSequence === undefined,
    ),
  )
  const entries: Array<Entry> = []
  for (const effect of effects.values()) {
    const stored = balances.get(effect.cell)
    const settled = settleCell(effect, stored?.value)
    if (Result.isFailure(settled)) return yield* refuse(effect, stored?.value)
    if (effect.onHand === 0 && effect.allocated === 0) continue
    const arrival = arrivals.get(effect.cell)
    entries.push(
      stored === undefined
        ? insert(StockBalances, openCell(effect, settled.success, arrival, ranks))
        : changeCell(effect, settled.success, stored, arrival),
    )
  }
  return entries
})

const refuse = (effect: CellEffect, balance: StockBalance | undefined) =>
  Effect.gen(function* () {
    const onHand = balance?.onHand ?? 0
    if (onHand < effect.taken || balance === undefined || balance.allocated + effect.allocated < 0)
      return yield* new CellShort({ cell: effect.cell, wanted: effect.taken, onHand })
    return yield* new StockAllocated({
      cell: effect.cell,
      wanted: effect.taken,
      unallocated: balance.unallocated,
      documents: yield* namePinned(effect.cell),
    })
  })

const changeCell = (
  { cell, onHand, allocated, unallocated }: CellEffect,
  settled: CellUnits,
  stored: Stored<StockBalance>,
  arrival: Arrival | undefined,
): Entry => {
  const dated = arrival === undefined ? stored.value : redate(stored.value, arrival)
  return dated === stored.value
    ? add(
        StockBalances,
        cell,
        { onHand, allocated, unallocated },
        { onHand: 0, allocated: 0, unallocated: 0 },
      )
    : replace(stored, { ...dated, ...settled })
}

const openCell = (
  { cell, location, sku, lot }: CellEffect,
  settled: CellUnits,
  arrival: Arrival | undefined,
  ranks: BinRanks,
): StockBalance => {
  if (arrival === undefined) throw new TypeError(`${cell}: units come from nowhere`)
  const { receivedAt, expiresAt, pickSequence } = arrival
  return {
    id: cell,
    warehouse: location.warehouse,
    bin: location.bin,
    ...(location.package !== undefined && { package: location.package }),
    sku,
    ...(lot !== undefined && { lot }),
    condition: location.condition,
    ...settled,
    receivedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    pickSequence: pickSequence ?? ranks.get(binOf(location)) ?? 0,
  }
}

/** The balance with the dates and rank that it has once the units are in it; the same object when they change nothing. */
const redate = (balance: StockBalance, arrival: Arrival): StockBalance => {
  const receivedAt =
    balance.onHand === 0 || arrival.receivedAt < balance.receivedAt
      ? arrival.receivedAt
      : balance.receivedAt
  const expiresAt = balance.expiresAt ?? arrival.expiresAt
  const pickSequence = arrival.pickSequence ?? balance.pickSequence
  return receivedAt === balance.receivedAt &&
    expiresAt === balance.expiresAt &&
    pickSequence === balance.pickSequence
    ? balance
    : { ...balance, receivedAt, ...(expiresAt !== undefined && { expiresAt }), pickSequence }
}

/** For each cell that units reach: the earliest receipt among them, the expiry of their lot, the rank of the bin. */
const arrivalsOf = (
  movements: ReadonlyArray<NewMovement & { readonly occurredAt: Timestamp }>,
  balances: Balances,
  lots: ReadonlyMap<LotId, StockLot>,
): ReadonlyMap<CellId, Arrival> => {
  const arrivals = new Map<CellId, Arrival>()
  for (const movement of movements) {
    const { sku, lot, from, to } = movement
    const cell = cellOf(to, movement)
    if (cell === undefined) continue
    const before = arrivals.get(cell)
    const left = cellOf(from, movement)
    const source = left === undefined ? undefined : balances.get(left)?.value
    const receivedAt = source?.receivedAt ?? movement.receivedAt ?? movement.occurredAt
    arrivals.set(cell, {
      receivedAt: Math.min(before?.receivedAt ?? receivedAt, receivedAt) as Timestamp,
      expiresAt:
        source?.expiresAt ??
        (lot === undefined ? undefined : lots.get(lotIdOf(sku, lot))?.expiresAt),
      pickSequence: movement.pickSequence ?? rankOfSource(movement, source) ?? before?.pickSequence,
    })
  }
  return arrivals
}

/** Units that stay in their bin and only change condition keep its rank. */
const rankOfSource = ({ from, to }: NewMovement, source: StockBalance | undefined) =>
  from._tag === "Bin" && to._tag === "Bin" && from.bin === to.bin && from.warehouse === to.warehouse
    ? source?.pickSequence
    : undefined

type BinRanks = ReadonlyMap<string, number>

const binOf = ({ warehouse, bin }: BinLocation): string => `${warehouse}/${bin}`

/** The walking rank that other cells of each bin have; a bin that nothing is known of is not in it. */
const ranksOfBins = Effect.fnUntraced(function* (
  opened: ReadonlyArray<CellEffect>,
): Effect.fn.Return<BinRanks, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const bins = new Map(opened.map(({ location }) => [binOf(location), location]))
  const found = yield* Effect.forEach(
    bins,
    ([name, { warehouse, bin }]) =>
      Effect.map(
        store.find(StockBalances, "bin", { equals: { warehouse, bin }, limit: 1 }),
        ({ items }) => items.map(({ value }) => [name, value.pickSequence] as const),
      ),
    { concurrency: BINS_AT_ONCE },
  ).pipe(Effect.catchTag("InvalidCursor", Effect.die))
  return new Map(found.flat())
})

/** Bins that are looked at at the same time. */
const BINS_AT_ONCE = 16
