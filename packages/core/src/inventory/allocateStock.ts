import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { command } from "../command/index.ts"
import { Quantity, Sku, Timestamp, Units } from "../kernel/index.ts"
import { AllocationId } from "./Allocation.ts"
import { CellId, LotCode } from "./Cell.ts"
import { CommitmentId } from "./Commitment.ts"
import { draftAllocate } from "./draftAllocate.ts"
import { commitmentFields, loadCommitments, oneOf } from "./loadCommitments.ts"
import { OwnDocument } from "./OwnDocument.ts"
import { RemovalStrategy } from "./RemovalStrategy.ts"
import { Days } from "./StockSettings.ts"

/** Units pinned to a cell. */
export const AllocatedUnits = Schema.Struct({
  allocation: AllocationId,
  commitment: CommitmentId,
  cell: CellId,
  lot: Schema.optionalKey(LotCode),
  line: Schema.String,
  sku: Sku,
  quantity: Quantity,
})

/** What was pinned, and what no cell could give. */
export const AllocationsMade = Schema.Struct({
  allocations: Schema.Array(AllocatedUnits),
  short: Schema.Array(Schema.Struct({ line: Schema.String, sku: Sku, missing: Units })),
})
export type AllocationsMade = typeof AllocationsMade.Type

/**
 * Pins promised units to cells, by a removal strategy (domain 1.5): never units that are expired, recalled, not
 * sellable, or too old for their delivery date (R10). What no cell can give is told in `short`; it stays promised.
 *
 * Fails with `NotFound` for an unknown document or commitment, and `CommitmentResolved` for what was resolved or
 * has lapsed (R6).
 *
 * @param input.document whose pending commitments are all allocated; or
 * @param input.commitments which ones, and how many units of each: all that are not pinned, when left out
 * @param input.strategy in which order cells give; the merchant's setting, when left out
 * @param input.deliverBy when the units are promised to arrive; now, when left out
 * @param input.minShelfLifeDays days of life that this customer wants left on arrival
 */
export const allocateStock = command({
  action: "allocateStock",
  input: Schema.Struct({
    ...commitmentFields,
    document: Schema.optionalKey(OwnDocument),
    strategy: Schema.optionalKey(RemovalStrategy),
    deliverBy: Schema.optionalKey(Timestamp),
    minShelfLifeDays: Schema.optionalKey(Days),
  }).check(oneOf("commitments")),
  answer: AllocationsMade,
  decide: Effect.fnUntraced(function* (input, { at }) {
    const { strategy, deliverBy, minShelfLifeDays } = input
    const wants = yield* loadCommitments(input, "allocateStock", ({ unallocated }) => unallocated)
    const draft = yield* draftAllocate(wants, { at, strategy, deliverBy, minShelfLifeDays })
    const answer: AllocationsMade = {
      allocations: draft.allocations.map(
        ({ id: allocation, commitment, cell, lot, line, sku, quantity }) => ({
          allocation,
          commitment,
          cell,
          ...(lot !== undefined && { lot }),
          line,
          sku,
          quantity,
        }),
      ),
      short: draft.short,
    }
    return {
      about: input.document ?? { kind: "commitment", id: wants[0]?.commitment.id ?? "" },
      entries: draft.entries,
      answer,
    }
  }),
})
