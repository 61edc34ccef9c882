import * as Schema from "effect/Schema"
import { Sku, Timestamp } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { LotCode } from "./Cell.ts"

export const LotId = Schema.String.pipe(Schema.brand("LotId"))
export type LotId = typeof LotId.Type

export const lotIdOf = (sku: Sku, lot: LotCode): LotId => `${sku}/${lot}` as LotId

/** A group of units made together: its dates, and whether it was recalled. */
export const StockLot = Schema.Struct({
  id: LotId,
  sku: Sku,
  lot: LotCode,
  expiresAt: Schema.optionalKey(Timestamp),
  firstReceivedAt: Timestamp,
  recalledAt: Schema.optionalKey(Timestamp),
})
export type StockLot = typeof StockLot.Type

export const StockLots = Collection.make("stock_lots", {
  schema: StockLot,
  key: (lot) => lot.id,
  indexes: { sku: index("sku"), expiry: index("expiresAt") },
})
