import * as Schema from "effect/Schema"
import { Quantity, Sku, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { CellId, LotCode } from "./Cell.ts"
import { CommitmentId } from "./Commitment.ts"

export const AllocationId = Uuid.pipe(Schema.brand("AllocationId"))
export type AllocationId = typeof AllocationId.Type

/** `live` pins units. `released` gave them back; `posted` saw them leave. */
export const AllocationState = Schema.Literals(["live", "released", "posted"])
export type AllocationState = typeof AllocationState.Type

/**
 * A hard reservation: units of one commitment pinned to one cell, chosen by a removal strategy. The sum of a
 * commitment's live allocations never exceeds the commitment.
 */
export const Allocation = Schema.Struct({
  id: AllocationId,
  commitment: CommitmentId,
  cell: CellId,
  sku: Sku,
  lot: Schema.optionalKey(LotCode),
  documentId: Schema.String,
  line: Schema.String,
  quantity: Quantity,
  state: AllocationState,
  createdAt: Timestamp,
  resolvedAt: Schema.optionalKey(Timestamp),
})
export type Allocation = typeof Allocation.Type

export const Allocations = Collection.make("allocations", {
  schema: Allocation,
  key: (allocation) => allocation.id,
  indexes: {
    commitment: index("commitment", "state"),
    document: index("documentId", "state", "line"),
    cell: index("cell", "state"),
  },
})
