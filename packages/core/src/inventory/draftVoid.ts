import * as Effect from "effect/Effect"
import type { Ids, Quantity, Timestamp, Units } from "../kernel/index.ts"
import {
  add,
  type CurrentPartition,
  type Entry,
  replace,
  type Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { Allocation } from "./Allocation.ts"
import type { Commitment } from "./Commitment.ts"
import { findLiveAllocations } from "./findCommitments.ts"
import { sumByCommitment } from "./requirePending.ts"
import { StockBalances } from "./StockBalance.ts"
import { StockPools } from "./StockPool.ts"
import { firstUnits, releasedAt, splitAllocation } from "./splitAllocation.ts"
import { CommitmentResolved } from "./stockErrors.ts"

/** Units of one commitment: all of them when no quantity is given. */
export interface CommitmentTake {
  readonly commitment: Stored<Commitment>
  readonly quantity?: Quantity | undefined
}

/** Promised units given back, as entries of a batch. */
export interface VoidDraft {
  readonly entries: ReadonlyArray<Entry>
  /** The commitments as they are afterwards: resolved, or shrunk and still pending. */
  readonly commitments: ReadonlyArray<Commitment>
  /** The allocations that ended on the way; of a part, a record of that part. */
  readonly released: ReadonlyArray<Allocation>
}

/**
 * Drafts the return of promised units to availability: cancelled, amended or expired ones. Their allocations are
 * released first, the newest before older ones; a commitment that gives back a part shrinks and stays pending.
 *
 * Fails with `CommitmentResolved` for one that is not pending (R6). More units than a commitment has is a defect
 * of the caller.
 *
 * @param takes what to give back; several takes of one commitment count as their sum
 * @param options.state what a commitment becomes that gives back everything
 * @param options.first which units of a partial take go first: `allocated` (when left out) or `unallocated` ones
 */
export const draftVoid = Effect.fnUntraced(function* (
  takes: ReadonlyArray<CommitmentTake>,
  options: {
    readonly at: Timestamp
    readonly state: "voided" | "expired"
    readonly first?: "allocated" | "unallocated" | undefined
  },
): Effect.fn.Return<
  VoidDraft,
  CommitmentResolved | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const entries: Array<Entry> = []
  const commitments: Array<Commitment> = []
  const released: Array<Allocation> = []
  const live = yield* findLiveAllocations(
    takes.flatMap(({ commitment: { value } }) => (value.allocated > 0 ? [value] : [])),
  )
  for (const { commitment, quantity } of sumByCommitment(takes, (each) => each.quantity)) {
    const { id, state, pool, allocated, unallocated } = commitment.value
    if (state !== "pending") return yield* new CommitmentResolved({ commitment: id, state })
    const fromAllocated =
      options.first === "unallocated"
        ? Math.max(0, quantity - unallocated)
        : Math.min(quantity, allocated)
    if (fromAllocated > 0) {
      const newestFirst = (live.get(id) ?? []).toReversed()
      for (const part of firstUnits(newestFirst, fromAllocated)) {
        const split = yield* splitAllocation(part, releasedAt(options.at))
        entries.push(...split.entries, unpin(split.resolved))
        released.push(split.resolved)
      }
    }
    const after = shrink(commitment.value, quantity, fromAllocated, options)
    commitments.push(after)
    entries.push(
      replace(commitment, after),
      add(StockPools, pool, { committed: -quantity, uncommitted: quantity }, { committed: 0 }),
    )
  }
  return { entries, commitments, released }
})

/** Gives the units of an allocation back to its cell. */
export const unpin = ({ cell, quantity }: Allocation): Entry =>
  add(StockBalances, cell, { allocated: -quantity, unallocated: quantity }, { allocated: 0 })

/** The commitment without `quantity` of its units, of which `fromAllocated` were pinned; resolved when none is left. */
const shrink = (
  commitment: Commitment,
  quantity: number,
  fromAllocated: number,
  options: { readonly at: Timestamp; readonly state: "voided" | "expired" },
): Commitment => {
  const allocated = (commitment.allocated - fromAllocated) as Units
  const unallocated = (commitment.unallocated - (quantity - fromAllocated)) as Units
  if (quantity < commitment.quantity) {
    const left = (commitment.quantity - quantity) as Quantity
    return { ...commitment, quantity: left, allocated, unallocated }
  }
  const { expiresAt: _, ...resolved } = commitment
  return { ...resolved, allocated, unallocated, state: options.state, resolvedAt: options.at }
}
