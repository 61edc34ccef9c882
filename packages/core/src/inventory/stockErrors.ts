import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"
import { Sku } from "../kernel/index.ts"
import { CellId, Location, LotCode, SerialNumber, WarehouseId } from "./Cell.ts"

/** A line that could not be promised, with what was there when it was looked at. */
export const ShortLine = Schema.Struct({
  line: Schema.String,
  sku: Sku,
  warehouse: WarehouseId,
  requested: Schema.Int,
  available: Schema.Int,
})
export type ShortLine = typeof ShortLine.Type

/** Not enough is available for a request that wants all or nothing. Nothing was committed. */
export class InsufficientStock extends Schema.TaggedError<InsufficientStock>()(
  "InsufficientStock",
  { short: Schema.Array(ShortLine) },
) {
  override get message() {
    const lines = this.short.map(
      ({ sku, requested, available }) => `${sku}: ${requested} wanted, ${available} available`,
    )
    return `not enough stock (${lines.join("; ")})`
  }
}

/** The cell holds fewer units than the movement takes. Count the cell, or move less. */
export class CellShort extends Schema.TaggedError<CellShort>()("CellShort", {
  cell: CellId,
  wanted: Schema.Int,
  onHand: Schema.Int,
}) {}

/** The units are there, but pinned to documents. Release those allocations first. */
export class StockAllocated extends Schema.TaggedError<StockAllocated>()("StockAllocated", {
  cell: CellId,
  wanted: Schema.Int,
  unallocated: Schema.Int,
  documents: Schema.Array(ObjectRef),
}) {}

/** The movement breaks the product's policy for lots, expiry or serials. `field` says what is missing or too much. */
export class TrackingRefused extends Schema.TaggedError<TrackingRefused>()("TrackingRefused", {
  sku: Sku,
  field: Schema.Literals(["lot", "expiresAt", "serial", "quantity"]),
  reason: Schema.String,
}) {}

/** The commitment was resolved before; a promise resolves at most once (R6). */
export class CommitmentResolved extends Schema.TaggedError<CommitmentResolved>()(
  "CommitmentResolved",
  { commitment: Schema.String, state: Schema.String },
) {}

/** The lot was recalled or has expired: its units do not become sellable. Receive or move them into that condition. */
export class LotRefused extends Schema.TaggedError<LotRefused>()("LotRefused", {
  sku: Sku,
  lot: LotCode,
  reason: Schema.Literals(["recalled", "expired"]),
}) {}

/** The serial is not where the movement takes it from (L5). `location` says where it is, if it is known at all. */
export class SerialElsewhere extends Schema.TaggedError<SerialElsewhere>()("SerialElsewhere", {
  sku: Sku,
  serial: SerialNumber,
  location: Schema.optionalKey(Location),
}) {}

/** The allocation ended before: its units were released or have left. */
export class AllocationResolved extends Schema.TaggedError<AllocationResolved>()(
  "AllocationResolved",
  { allocation: Schema.String, state: Schema.String },
) {}

/** A line is to leave with more units than are pinned for it. Allocate them first, or dispatch fewer. */
export class NotAllocated extends Schema.TaggedError<NotAllocated>()("NotAllocated", {
  line: Schema.String,
  sku: Sku,
  wanted: Schema.Int,
  allocated: Schema.Int,
}) {
  override get message() {
    return `line ${this.line}: ${this.wanted} of ${this.sku} wanted, ${this.allocated} allocated`
  }
}
