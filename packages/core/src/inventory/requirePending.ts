import * as Result from "effect/Result"
import type { Timestamp } from "../kernel/index.ts"
import type { Stored } from "../store/index.ts"
import type { Commitment } from "./Commitment.ts"
import { CommitmentResolved } from "./stockErrors.ts"

/**
 * The commitment, if it can still be used at the instant. From its expiry onwards it counts as expired, whether or
 * not a sweep has written that down yet (R6).
 */
export const requirePending = (
  commitment: Stored<Commitment>,
  at: Timestamp,
): Result.Result<Stored<Commitment>, CommitmentResolved> => {
  const { id, state, expiresAt } = commitment.value
  if (state !== "pending") return Result.fail(new CommitmentResolved({ commitment: id, state }))
  if (expiresAt !== undefined && expiresAt <= at)
    return Result.fail(new CommitmentResolved({ commitment: id, state: "expired" }))
  return Result.succeed(commitment)
}

/** Units of one commitment. */
export interface CommitmentUnits {
  readonly commitment: Stored<Commitment>
  readonly quantity: number
}

/**
 * One item for each commitment: several that name the same one count as their sum, because a batch writes a record
 * once. More units than the commitment has of the kind is a defect of the caller.
 *
 * @param unitsOf the units of the kind that is meant, and what an item without a quantity stands for
 */
export const sumByCommitment = (
  items: ReadonlyArray<{
    readonly commitment: Stored<Commitment>
    readonly quantity?: number | undefined
  }>,
  unitsOf: (commitment: Commitment) => number,
): ReadonlyArray<CommitmentUnits> => {
  const sums = new Map<string, CommitmentUnits>()
  for (const { commitment, quantity = unitsOf(commitment.value) } of items) {
    const sum = (sums.get(commitment.id)?.quantity ?? 0) + quantity
    if (sum > unitsOf(commitment.value))
      throw new RangeError(`commitment ${commitment.id} has fewer than ${sum} units to take`)
    sums.set(commitment.id, { commitment, quantity: sum })
  }
  return [...sums.values()]
}
