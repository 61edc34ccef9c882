import * as Schema from "effect/Schema"
import { Sku, Timestamp, Units } from "../kernel/index.ts"
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
  /** Units that ever arrived in it; what was taken back by a correction is not deducted. */
  received: Units,
  /**
   * 1, and 0 from its recall on: the guard of every write that makes units of it sellable. Such a write adds to the
   * lot, so that the recall sees that stock moved under it, and writes of one lot never wait for each other.
   */
  cleared: Units,
  recalledAt: Schema.optionalKey(Timestamp),
})
export type StockLot = typeof StockLot.Type

export const StockLots = Collection.make("stock_lots", {
  schema: StockLot,
  key: (lot) => lot.id,
  indexes: { sku: index("sku"), expiry: index("expiresAt") },
})
