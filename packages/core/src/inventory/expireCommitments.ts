import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Timestamp } from "../kernel/index.ts"
import { Store } from "../store/index.ts"
import { type Commitment, CommitmentId, Commitments } from "./Commitment.ts"
import { draftVoid } from "./draftVoid.ts"
import { ReleasedUnits, releasedUnits } from "./releaseCommitment.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

/** Whether a sweep may end the commitment: it is pending, and its time is over. */
export const isOverdue = (
  { state, expiresAt }: Pick<Commitment, "state" | "expiresAt">,
  at: Timestamp,
): boolean => state === "pending" && expiresAt !== undefined && expiresAt <= at

/** The commitments that lapsed, and the pinned units that went back to their cells. */
export const CommitmentsExpired = Schema.Struct({
  expired: Schema.Array(CommitmentId),
  released: Schema.Array(ReleasedUnits),
})
export type CommitmentsExpired = typeof CommitmentsExpired.Type

/**
 * Ends commitments whose time is over; their units are available again. A sweep finds them by `expiresAt` and names
 * them here. What is not due, was resolved meanwhile, or does not exist is left alone: a sweep may run late, twice,
 * or beside another.
 *
 * @param input.commitments 1 to 500 of them
 */
export const expireCommitments = stockCommand({
  action: "expireCommitments",
  input: Schema.Struct({
    commitments: Schema.NonEmptyArray(CommitmentId).check(Schema.isMaxLength(500)),
  }),
  answer: CommitmentsExpired,
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ commitments }, { at }) {
    const store = yield* Store
    const found = yield* store.getMany(Commitments, commitments)
    const overdue = [...found.values()]
      .filter(({ value }) => isOverdue(value, at))
      .map((commitment) => ({ commitment }))
    const draft = yield* draftVoid(overdue, { at, state: "expired" })
    const answer: CommitmentsExpired = {
      expired: draft.commitments.map(({ id }) => id),
      released: releasedUnits(draft.released),
    }
    return {
      about: { kind: "commitment", id: commitments[0] },
      entries: draft.entries,
      answer,
    }
  }),
})
