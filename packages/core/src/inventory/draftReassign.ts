import * as Effect from "effect/Effect"
import type { ObjectRef } from "../audit/index.ts"
import { type Ids, NO_UNITS, nextId, type Quantity, type Units } from "../kernel/index.ts"
import { type Entry, insert, replace } from "../store/index.ts"
import { type Commitment, CommitmentId, Commitments } from "./Commitment.ts"
import type { CommitmentTake } from "./draftVoid.ts"
import { CommitmentResolved } from "./stockErrors.ts"

/** Promises that go over to another document, as entries of a batch. */
export interface ReassignDraft {
  readonly entries: ReadonlyArray<Entry>
  /** The commitments of the other document. */
  readonly commitments: ReadonlyArray<Commitment>
}

/**
 * Drafts the handing over of promised units to the same lines of another document, as when an order is split or merged.
 * No pool changes: the units stay promised all the time, and keep the age of their promise. Units that are pinned to
 * cells do not go over: naming more than a commitment has loose, or naming one twice, is a defect of the caller.
 *
 * Fails with `CommitmentResolved` for one that is not pending (R6).
 *
 * @param takes which units: all that are loose when no quantity is given
 * @param heir the document that gets them
 */
export const draftReassign = Effect.fnUntraced(function* (
  takes: ReadonlyArray<CommitmentTake>,
  heir: ObjectRef,
): Effect.fn.Return<ReassignDraft, CommitmentResolved, Ids> {
  const entries: Array<Entry> = []
  const commitments: Array<Commitment> = []
  for (const { commitment, quantity } of takes) {
    const { id, state, unallocated } = commitment.value
    if (state !== "pending") return yield* new CommitmentResolved({ commitment: id, state })
    const units = quantity ?? unallocated
    if (units === 0 || units > unallocated)
      throw new RangeError(`commitment ${id} has no ${units} loose units to hand over`)
    const whole = units === commitment.value.quantity
    const handed: Commitment = {
      ...commitment.value,
      id: whole ? id : yield* nextId(CommitmentId),
      documentKind: heir.kind,
      documentId: heir.id,
      quantity: units as Quantity,
      allocated: NO_UNITS,
      unallocated: units as Units,
    }
    commitments.push(handed)
    if (whole) {
      entries.push(replace(commitment, handed))
      continue
    }
    const rest: Commitment = {
      ...commitment.value,
      quantity: (commitment.value.quantity - units) as Quantity,
      unallocated: (unallocated - units) as Units,
    }
    entries.push(replace(commitment, rest), insert(Commitments, handed))
  }
  return { entries, commitments }
})
