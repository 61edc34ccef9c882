import * as Schema from "effect/Schema"
import { ActorRef, ObjectRef } from "../audit/index.ts"
import { IdempotencyKey } from "../integration/index.ts"
import { Quantity, Sku, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { Location, LotCode, SerialNumber } from "./Cell.ts"

export const MovementId = Uuid.pipe(Schema.brand("MovementId"))
export type MovementId = typeof MovementId.Type

/** Why units moved: a closed list, and codes of a merchant's own as `own:...` (domain 1.6). */
export const ReasonCode = Schema.Union([
  Schema.Literals([
    "receipt",
    "putaway",
    "relocation",
    "condition_change",
    "count_variance",
    "lost",
    "found",
    "damaged",
    "expired",
    "recall",
    "sample",
    "mis_ship",
    "supplier_short",
    "kitting",
    "write_off",
    "transfer",
    "dispatch",
    "return",
    "correction",
    "integration",
  ]),
  Schema.String.check(Schema.isPattern(/^own:[a-z][a-z0-9_]{0,40}$/u)).pipe(
    Schema.brand("OwnReasonCode"),
  ),
])
export type ReasonCode = typeof ReasonCode.Type

/**
 * Units of one SKU and lot that went from one place to another: double entry, immutable. A mistake is corrected by
 * a new movement that names it in `corrects` (L4).
 */
export const StockMovement = Schema.Struct({
  id: MovementId,
  sku: Sku,
  lot: Schema.optionalKey(LotCode),
  serial: Schema.optionalKey(SerialNumber),
  from: Location,
  to: Location,
  quantity: Quantity,
  reason: ReasonCode,
  /** What caused it: an order, an ASN, a count, a transfer. */
  document: Schema.optionalKey(ObjectRef),
  corrects: Schema.optionalKey(MovementId),
  key: IdempotencyKey,
  actor: ActorRef,
  /** When it happened in the warehouse, as told; a backdated movement rewrites no earlier balance. */
  occurredAt: Timestamp,
  /** When it was written down: balances change at this instant. */
  recordedAt: Timestamp,
})
export type StockMovement = typeof StockMovement.Type

/** The journal. Nothing in it is ever replaced or removed while its merchant exists. */
export const StockMovements = Collection.make("stock_movements", {
  schema: StockMovement,
  key: (movement) => movement.id,
  indexes: {
    time: index("recordedAt"),
    sku: index("sku", "recordedAt"),
    correction: index("corrects"),
  },
})
