import type * as Effect from "effect/Effect"
import {
  type Allocation,
  Allocations,
  type Commitment,
  Commitments,
  poolIdOf,
  type StockBalance,
  StockBalances,
  type StockCount,
  StockCounts,
  type StockLot,
  StockLots,
  type StockMovement,
  StockMovements,
  type StockPool,
  StockPools,
  type StockSerial,
  StockSerials,
  type StockTransfer,
  StockTransfers,
} from "../../inventory/index.ts"
import type { CurrentPartition, Store, StoreUnavailable } from "../../store/index.ts"
import { readRecords } from "../laws/readRecords.ts"

/** All records of one merchant's stock at one moment, by id. */
export interface StockLedger {
  readonly movements: ReadonlyArray<StockMovement>
  readonly balances: ReadonlyArray<StockBalance>
  readonly pools: ReadonlyArray<StockPool>
  readonly commitments: ReadonlyArray<Commitment>
  readonly allocations: ReadonlyArray<Allocation>
  readonly serials: ReadonlyArray<StockSerial>
  readonly lots: ReadonlyArray<StockLot>
  readonly transfers: ReadonlyArray<StockTransfer>
  readonly counts: ReadonlyArray<StockCount>
  /** Every record, named by collection and id, with its version: equal exactly while nothing was written. */
  readonly versions: ReadonlyMap<string, number>
}

/** Reads everything of the current partition. A record that its own schema refuses is a defect. */
export const readLedger: Effect.Effect<StockLedger, StoreUnavailable, Store | CurrentPartition> =
  readRecords({
    movements: StockMovements,
    balances: StockBalances,
    pools: StockPools,
    commitments: Commitments,
    allocations: Allocations,
    serials: StockSerials,
    lots: StockLots,
    transfers: StockTransfers,
    counts: StockCounts,
  })

/** The pool of a SKU in a warehouse; one that holds nothing where there is no record. */
export const poolIn = (
  { pools }: StockLedger,
  warehouse: string,
  sku: string,
): Pick<StockPool, "onHand" | "sellable" | "committed" | "uncommitted"> =>
  pools.find(({ id }) => id === poolIdOf(warehouse as never, sku as never)) ?? EMPTY_POOL

const EMPTY_POOL = { onHand: 0, sellable: 0, committed: 0, uncommitted: 0 } as Pick<
  StockPool,
  "onHand" | "sellable" | "committed" | "uncommitted"
>

/** Sums by a key. */
export const sumBy = <A>(
  items: Iterable<A>,
  keyOf: (item: A) => string,
  unitsOf: (item: A) => number,
): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>()
  for (const item of items) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? 0) + unitsOf(item))
  return sums
}
