import * as Schema from "effect/Schema"
import { ActorRef, ObjectRef } from "../audit/index.ts"
import { IdempotencyKey } from "../integration/index.ts"
import { Quantity, Sku, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, index, unique } from "../store/index.ts"
import { CellId, Location, LotCode, SerialNumber } from "./Cell.ts"

export const MovementId = Uuid.pipe(Schema.brand("MovementId"))
export type MovementId = typeof MovementId.Type

/** A merchant's own reason, as `own:...`. */
export const OwnReasonCode = Schema.String.check(
  Schema.isPattern(/^own:[a-z][a-z0-9_]{0,40}$/u),
).pipe(Schema.brand("OwnReasonCode"))

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
  OwnReasonCode,
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
  /** The cells of its two sides, where a side is a bin: `cellIdOf` of the location and the content. */
  fromCell: Schema.optionalKey(CellId),
  toCell: Schema.optionalKey(CellId),
  quantity: Quantity,
  reason: ReasonCode,
  /** What caused it: an order, an ASN, a count, a transfer. */
  document: Schema.optionalKey(ObjectRef),
  /** The movement that this one takes back, all or in part, and which of its corrections this is, from 1. */
  corrects: Schema.optionalKey(MovementId),
  correction: Schema.optionalKey(Schema.Int),
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
    from: index("fromCell", "recordedAt"),
    to: index("toCell", "recordedAt"),
    // Two corrections that were decided on the same earlier ones cannot both be written (L4).
    correction: unique("corrects", "correction"),
  },
})
