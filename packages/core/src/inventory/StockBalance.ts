import * as Schema from "effect/Schema"
import { Sku, Timestamp } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { BinCode, CellId, Condition, LotCode, PackageCode, WarehouseId } from "./Cell.ts"
import { GuardedUnits } from "./GuardedUnits.ts"

/**
 * What one cell holds: a projection of movements and live allocations, kept in the batch that changes it and
 * rebuildable from them. `onHand = allocated + unallocated`, none below 0 (L3).
 */
export const StockBalance = Schema.Struct({
  id: CellId,
  warehouse: WarehouseId,
  bin: BinCode,
  package: Schema.optionalKey(PackageCode),
  sku: Sku,
  lot: Schema.optionalKey(LotCode),
  condition: Condition,
  onHand: GuardedUnits,
  allocated: GuardedUnits,
  unallocated: GuardedUnits,
  /** When the oldest units in it were received; orders FIFO and LIFO. */
  receivedAt: Timestamp,
  /** Expiry of its lot; orders FEFO. Absent: never expires. */
  expiresAt: Schema.optionalKey(Timestamp),
  /** Walking rank of its bin; orders `closest`. */
  pickSequence: Schema.Int,
})
export type StockBalance = typeof StockBalance.Type

export const StockBalances = Collection.make("stock_balances", {
  schema: StockBalance,
  key: (balance) => balance.id,
  indexes: {
    sku: index("warehouse", "sku", "condition"),
    lot: index("sku", "lot"),
    bin: index("warehouse", "bin"),
    expiry: index("condition", "expiresAt"),
  },
})
