import * as Effect from "effect/Effect"
import type { Sku } from "../kernel/index.ts"
import {
  type CurrentPartition,
  MAX_PAGE,
  readEveryPage,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { LotCode, WarehouseId } from "./Cell.ts"
import { type StockBalance, StockBalances } from "./StockBalance.ts"
import { type LotId, lotIdOf, type StockLot, StockLots } from "./StockLot.ts"

/** Lots as read, by their ids. */
export type LotsById = ReadonlyMap<LotId, Stored<StockLot>>

/** All sellable cells of a SKU in a warehouse as read, empty ones too. */
export const lookUpSellableCells = (
  warehouse: WarehouseId,
  sku: Sku,
): Effect.Effect<ReadonlyArray<Stored<StockBalance>>, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    readEveryPage((after) =>
      store.find(StockBalances, "sku", {
        equals: { warehouse, sku, condition: "sellable" },
        after,
        limit: MAX_PAGE,
      }),
    ),
  )

/** The lots that units belong to, by their ids: those of them that are recorded, read at once. */
export const lookUpLots = (
  units: Iterable<{ readonly sku: Sku; readonly lot?: LotCode }>,
): Effect.Effect<LotsById, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    store.getMany(
      StockLots,
      Array.from(units).flatMap(({ sku, lot }) => (lot === undefined ? [] : [lotIdOf(sku, lot)])),
    ),
  )
