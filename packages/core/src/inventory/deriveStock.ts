import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Sku, sumUnits } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Cursor,
  type InvalidCursor,
  MAX_PAGE,
  type Page,
  readEveryPage,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { Allocations } from "./Allocation.ts"
import type { CellId } from "./Cell.ts"
import { type Commitment, Commitments } from "./Commitment.ts"
import {
  type BalanceFigures,
  type CommitmentFigures,
  commitmentFigures,
  type PoolFigures,
} from "./LedgerDrift.ts"
import { type Replayed, type ReplayedCell, startReplay } from "./replay.ts"
import { lotIdOf, StockLots } from "./StockLot.ts"
import { type StockMovement, StockMovements } from "./StockMovement.ts"
import type { PoolId } from "./StockPool.ts"
import { type SerialId, serialIdOf } from "./StockSerial.ts"

type Read<A> = Effect.Effect<A, StoreUnavailable, Store | CurrentPartition>

/** A record as stored, or none, and what it must say. Both are of one instant. */
export interface Steady<A, D> {
  readonly stored: Stored<A> | undefined
  readonly derived: D
}

const MAX_LOOKS = 8

/**
 * Reads a record, derives what it must say, and reads it again, until nothing moved between: whatever changes what
 * is derived also moves the record, in the same batch. None, when others keep writing to it.
 */
export const steadily = Effect.fnUntraced(function* <A, D>(
  read: Read<Option.Option<Stored<A>>>,
  derive: (stored: A | undefined) => Read<D>,
): Effect.fn.Return<Option.Option<Steady<A, D>>, StoreUnavailable, Store | CurrentPartition> {
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const stored = Option.getOrUndefined(yield* read)
    const derived = yield* derive(stored?.value)
    const again = Option.getOrUndefined(yield* read)
    if (stored?.version === again?.version) return Option.some({ stored, derived })
  }
  return Option.none()
})

/** What a balance must say, with what is needed to write it anew where it is missing. */
export interface DerivedBalance {
  readonly figures: BalanceFigures
  readonly cell: ReplayedCell | undefined
}

/** Derives a balance from the cell's movements, its live allocations and its lot. */
export const deriveBalance = Effect.fnUntraced(function* (
  id: CellId,
): Effect.fn.Return<DerivedBalance, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const page = { limit: MAX_PAGE }
  const replay = startReplay()
  yield* eachMovement(replay.add, (after) =>
    store.find(StockMovements, "from", { equals: { fromCell: id }, ...page, after }),
  )
  yield* eachMovement(replay.add, (after) =>
    store.find(StockMovements, "to", { equals: { toCell: id }, ...page, after }),
  )
  const live = yield* readEveryPage((after) =>
    store.find(Allocations, "cell", { equals: { cell: id, state: "live" }, ...page, after }),
  )
  const cell = replay.result.cells.get(id)
  const lot =
    cell?.lot === undefined
      ? Option.none()
      : yield* store.get(StockLots, lotIdOf(cell.sku, cell.lot))
  const onHand = cell?.onHand ?? 0
  const allocated = sumUnits(live.map(({ value }) => value.quantity))
  const figures = {
    onHand,
    allocated,
    unallocated: onHand - allocated,
    expiresAt: Option.isSome(lot) ? lot.value.value.expiresAt : undefined,
  }
  return { figures: figures as BalanceFigures, cell }
})

/** Derives a pool from the movements of its SKU and its pending commitments. */
export const derivePool = Effect.fnUntraced(function* (
  id: PoolId,
  sku: Sku,
): Effect.fn.Return<PoolFigures, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const pool = (yield* replaySku(sku)).pools.get(id)
  const pending = yield* readEveryPage((after) =>
    store.find(Commitments, "pool", {
      equals: { pool: id, state: "pending" },
      after,
      limit: MAX_PAGE,
    }),
  )
  const committed = sumUnits(pending.map(({ value }) => value.quantity - value.posted))
  const sellable = pool?.sellable ?? 0
  return {
    onHand: pool?.onHand ?? 0,
    sellable,
    committed,
    uncommitted: sellable - committed,
  } as PoolFigures
})

/** Derives the pinned part of a commitment from its live allocations. */
export const deriveCommitment = Effect.fnUntraced(function* (
  commitment: Commitment,
): Effect.fn.Return<CommitmentFigures, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const live = yield* readEveryPage((after) =>
    store.find(Allocations, "commitment", {
      equals: { commitment: commitment.id, state: "live" },
      after,
      limit: MAX_PAGE,
    }),
  )
  return commitmentFigures(commitment, sumUnits(live.map(({ value }) => value.quantity)))
})

/** Derives from the movements of its SKU the places that hold a serial. */
export const derivePlaces = Effect.fnUntraced(function* (
  id: SerialId,
  sku: Sku,
): Effect.fn.Return<ReadonlyMap<string, number>, StoreUnavailable, Store | CurrentPartition> {
  const replayed = yield* replaySku(
    sku,
    ({ serial }) => serial !== undefined && serialIdOf(sku, serial) === id,
  )
  return replayed.serials.get(id) ?? new Map()
})

const replaySku = Effect.fnUntraced(function* (
  sku: Sku,
  wanted: (movement: StockMovement) => boolean = () => true,
): Effect.fn.Return<Replayed, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const replay = startReplay()
  yield* eachMovement(
    (movement) => {
      if (wanted(movement)) replay.add(movement)
    },
    (after) => store.find(StockMovements, "sku", { equals: { sku }, after, limit: MAX_PAGE }),
  )
  return replay.result
})

/** Walks over pages without keeping them: a SKU's journal may be long. */
const eachMovement = Effect.fnUntraced(function* <R>(
  visit: (movement: StockMovement) => void,
  read: (
    after: Cursor | undefined,
  ) => Effect.Effect<Page<StockMovement>, InvalidCursor | StoreUnavailable, R>,
): Effect.fn.Return<void, StoreUnavailable, R> {
  let after: Cursor | undefined
  do {
    const page = yield* Effect.catchTag(read(after), "InvalidCursor", Effect.die)
    for (const { value } of page.items) visit(value)
    after = page.next
  } while (after !== undefined)
})
