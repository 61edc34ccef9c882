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
import { lotIdOf, type StockLot, StockLots } from "./StockLot.ts"

/** The lots of some cells, by their code. */
export type LotsByCode = ReadonlyMap<LotCode, Stored<StockLot>>

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

/** The records of the named lots of a SKU, each read once. */
export const lookUpLots = Effect.fnUntraced(function* (
  sku: Sku,
  codes: Iterable<LotCode | undefined>,
): Effect.fn.Return<LotsByCode, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const lots = new Map<LotCode, Stored<StockLot>>()
  for (const lot of new Set(codes)) {
    if (lot === undefined) continue
    const stored = yield* store.get(StockLots, lotIdOf(sku, lot))
    if (stored._tag === "Some") lots.set(lot, stored.value)
  }
  return lots
})

/** Those of the lots that are recalled. */
export const recalledAmong = (lots: LotsByCode): ReadonlySet<LotCode> =>
  new Set([...lots].flatMap(([code, { value }]) => (value.recalledAt === undefined ? [] : [code])))
