import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"
import { topic } from "../integration/index.ts"
import { Sku } from "../kernel/index.ts"
import { WarehouseId } from "./Cell.ts"
import { PoolId } from "./StockPool.ts"

/** A line of a document whose promised units are no longer all there. */
export const AtRisk = Schema.Struct({
  document: ObjectRef,
  line: Schema.String,
  quantity: Schema.Int,
})
export type AtRisk = typeof AtRisk.Type

/**
 * Promised units that a physical fact took away (domain 1.3). It names the lines whose promises it breaks, the
 * newest promise first: who was promised first keeps. Units pinned to cells are not at risk.
 */
export const Shortfall = Schema.Struct({
  pool: PoolId,
  warehouse: WarehouseId,
  sku: Sku,
  /** committed - sellable of the pool after the movement. */
  missing: Schema.Int,
  atRisk: Schema.Array(AtRisk),
  /** Missing units beyond the first 1,000 lines, which are not named one by one. */
  unnamed: Schema.Int,
})
export type Shortfall = typeof Shortfall.Type

/**
 * What can be promised of these SKUs in these warehouses changed: who publishes it reads it again. One message for each
 * command, however many pools it changed.
 */
export const StockChanged = topic(
  "stock.changed",
  Schema.Struct({
    pools: Schema.NonEmptyArray(Schema.Struct({ warehouse: WarehouseId, sku: Sku })),
  }),
)

/** Promised stock is gone: somebody must find other stock or tell the buyers. */
export const StockShortfall = topic("stock.shortfall", Shortfall)
