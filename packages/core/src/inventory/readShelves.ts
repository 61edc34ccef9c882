import * as Effect from "effect/Effect"
import { lookUpProducts } from "../catalogue/index.ts"
import type { Timestamp } from "../kernel/index.ts"
import type { CurrentPartition, Store, StoreUnavailable } from "../store/index.ts"
import type { Commitment } from "./Commitment.ts"
import type { Fitness } from "./chooseCells.ts"
import { type LotsById, lookUpLots, lookUpSellableCells } from "./lookUpCells.ts"
import type { StockBalance } from "./StockBalance.ts"
import { lotIdOf } from "./StockLot.ts"
import type { PoolId } from "./StockPool.ts"
import type { StockSettings } from "./StockSettings.ts"

/** The sellable cells of one pool that have free units, and what may be taken of them. */
export interface Shelf {
  readonly cells: ReadonlyArray<StockBalance>
  readonly fitness: Fitness
  /** The lots of all shelves that were read. */
  readonly lots: LotsById
}

/** Pools whose cells are asked for at the same time. */
const AT_ONCE = 16

export interface ShelfOptions {
  readonly at: Timestamp
  /** When the units are promised to arrive; `at`, when left out. */
  readonly deliverBy?: Timestamp | undefined
  /** Days of life that this customer wants left on arrival, where that is more than product and merchant ask for. */
  readonly minShelfLifeDays?: number | undefined
}

/** The shelf of each pool that the commitments are promised from: one look at the cells of each, one at all their lots. */
export const readShelves = Effect.fnUntraced(function* (
  commitments: ReadonlyArray<Commitment>,
  settings: StockSettings,
  { at, deliverBy, minShelfLifeDays = 0 }: ShelfOptions,
): Effect.fn.Return<ReadonlyMap<PoolId, Shelf>, StoreUnavailable, Store | CurrentPartition> {
  const products = yield* lookUpProducts(commitments.map(({ sku }) => sku))
  const pools = new Map(commitments.map((commitment) => [commitment.pool, commitment]))
  const cells = new Map(
    yield* Effect.forEach(
      pools.values(),
      ({ pool, warehouse, sku }) =>
        Effect.map(
          lookUpSellableCells(warehouse, sku),
          (stored) =>
            [
              pool,
              stored.map(({ value }) => value).filter(({ unallocated }) => unallocated > 0),
            ] as const,
        ),
      { concurrency: AT_ONCE },
    ),
  )
  const lots = yield* lookUpLots([...cells.values()].flat())
  const isRecalled = ({ sku, lot }: StockBalance): boolean =>
    lot !== undefined && lots.get(lotIdOf(sku, lot))?.value.recalledAt !== undefined
  return new Map(
    [...pools.values()].map(({ pool, sku }) => {
      const own = products.get(sku)?.value.shelfLife
      const here = cells.get(pool) ?? []
      const fitness: Fitness = {
        at,
        deliverBy,
        minShelfLifeDays: Math.max(
          minShelfLifeDays,
          own?.minimumRemainingDays ?? 0,
          settings.minimumShelfLifeDays,
        ),
        doNotPickDays: Math.max(own?.doNotPickDays ?? 0, settings.doNotPickDays),
        recalledLots: new Set(
          here.filter(isRecalled).flatMap(({ lot }) => (lot === undefined ? [] : [lot])),
        ),
      }
      return [pool, { cells: here, fitness, lots }]
    }),
  )
})
