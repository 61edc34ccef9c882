import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Quantity, Sku } from "../kernel/index.ts"
import { type Allocation, AllocationId } from "./Allocation.ts"
import { CellId } from "./Cell.ts"
import { CommitmentId, CommitmentState } from "./Commitment.ts"
import { draftVoid } from "./draftVoid.ts"
import { commitmentFields, loadCommitments, oneOf } from "./loadCommitments.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

/** Units that are no longer pinned to a cell. */
export const ReleasedUnits = Schema.Struct({
  allocation: AllocationId,
  cell: CellId,
  line: Schema.String,
  sku: Sku,
  quantity: Quantity,
})
export type ReleasedUnits = typeof ReleasedUnits.Type

/** Tells of allocations that ended. */
export const releasedUnits = (
  allocations: ReadonlyArray<Allocation>,
): ReadonlyArray<ReleasedUnits> =>
  allocations.map(({ id: allocation, cell, line, sku, quantity }) => ({
    allocation,
    cell,
    line,
    sku,
    quantity,
  }))

/** The commitments as they are now, and the pinned units that went back to their cells. */
export const CommitmentsReleased = Schema.Struct({
  commitments: Schema.Array(
    Schema.Struct({
      commitment: CommitmentId,
      line: Schema.String,
      sku: Sku,
      /** What a pending one still promises; of a resolved one, what it promised. */
      quantity: Quantity,
      state: CommitmentState,
    }),
  ),
  released: Schema.Array(ReleasedUnits),
})
export type CommitmentsReleased = typeof CommitmentsReleased.Type

/**
 * Gives promised units back: they are available again, and what was pinned for them goes back to its cells (R4).
 * A commitment that gives back a part stays pending with the rest.
 *
 * Fails with `NotFound` for an unknown document or commitment, and `CommitmentResolved` for what was resolved
 * before (R6).
 *
 * @param input.document whose pending commitments are all released; or
 * @param input.commitments which ones, and how many units of each: all, when left out
 */
export const releaseCommitment = stockCommand({
  action: "releaseCommitment",
  input: Schema.Struct(commitmentFields).check(oneOf("commitments")),
  answer: CommitmentsReleased,
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* (input, { at }) {
    const takes = yield* loadCommitments(input, "releaseCommitment", ({ quantity }) => quantity)
    const draft = yield* draftVoid(takes, { at, state: "voided" })
    const answer: CommitmentsReleased = {
      commitments: draft.commitments.map(({ id: commitment, line, sku, quantity, state }) => ({
        commitment,
        line,
        sku,
        quantity,
        state,
      })),
      released: releasedUnits(draft.released),
    }
    return {
      about: input.document ?? { kind: "commitment", id: takes[0]?.commitment.id ?? "" },
      entries: draft.entries,
      answer,
    }
  }),
})
