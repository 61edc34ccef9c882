import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
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
import {
  type AnyCollection,
  type CurrentPartition,
  type RecordOf,
  Store,
  type StoreUnavailable,
} from "../../store/index.ts"

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
  Effect.gen(function* () {
    const versions = new Map<string, number>()
    const all = <C extends AnyCollection>(collection: C) =>
      Effect.map(
        Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(collection))),
        (found): ReadonlyArray<RecordOf<C>> =>
          found.map(({ id, version, value }) => {
            versions.set(`${collection.name} ${id}`, version)
            return value as RecordOf<C>
          }),
      )
    const records = yield* Effect.all(
      {
        movements: all(StockMovements),
        balances: all(StockBalances),
        pools: all(StockPools),
        commitments: all(Commitments),
        allocations: all(Allocations),
        serials: all(StockSerials),
        lots: all(StockLots),
        transfers: all(StockTransfers),
        counts: all(StockCounts),
      },
      { concurrency: 9 },
    )
    return { ...records, versions }
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

/** Whether nothing at all was written between two moments. */
export const isUntouched = (before: StockLedger, after: StockLedger): boolean =>
  before.versions.size === after.versions.size &&
  [...before.versions].every(([name, version]) => after.versions.get(name) === version)

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
