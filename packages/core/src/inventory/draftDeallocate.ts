import * as Effect from "effect/Effect"
import type { Ids, Timestamp, Units } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Entry,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { Allocation } from "./Allocation.ts"
import { type Commitment, Commitments } from "./Commitment.ts"
import { unpin } from "./draftVoid.ts"
import { releasedAt, splitAllocation } from "./splitAllocation.ts"
import { AllocationResolved } from "./stockErrors.ts"

/** Units of one live allocation to give back to their cell: all of them when no quantity is given. */
export interface AllocationGive {
  readonly allocation: Stored<Allocation>
  readonly quantity?: number | undefined
}

/** Pinned units given back to their cells, as entries of a batch. Their commitments stay. */
export interface DeallocateDraft {
  readonly entries: ReadonlyArray<Entry>
  /** The allocations that ended; of a part, a record of that part. */
  readonly released: ReadonlyArray<Allocation>
}

/**
 * Drafts the release of live allocations: their units are unallocated again, in the cell and in the commitment,
 * and still promised.
 *
 * Fails with `AllocationResolved` for one that is not live. More units than an allocation has is a defect of the
 * caller.
 */
export const draftDeallocate = Effect.fnUntraced(function* (
  gives: ReadonlyArray<AllocationGive>,
  options: { readonly at: Timestamp },
): Effect.fn.Return<
  DeallocateDraft,
  AllocationResolved | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const store = yield* Store
  const entries: Array<Entry> = []
  const released: Array<Allocation> = []
  const unpinned = new Map<string, number>()
  for (const { allocation, quantity = allocation.value.quantity } of gives) {
    const { id, state, commitment } = allocation.value
    if (state !== "live") return yield* new AllocationResolved({ allocation: id, state })
    if (quantity > allocation.value.quantity)
      throw new RangeError(`allocation ${id} has fewer than ${quantity} units to release`)
    const split = yield* splitAllocation({ allocation, quantity }, releasedAt(options.at))
    entries.push(...split.entries, unpin(split.resolved))
    released.push(split.resolved)
    unpinned.set(commitment, (unpinned.get(commitment) ?? 0) + quantity)
  }
  const commitments = yield* store.getMany(Commitments, unpinned.keys())
  for (const [id, units] of unpinned) {
    const commitment = commitments.get(id)
    if (commitment === undefined) throw new Error(`commitment ${id} is gone`)
    entries.push(replace(commitment, afterUnpinning(commitment.value, units)))
  }
  return { entries, released }
})

/**
 * The commitment with fewer pinned units. Where it has fewer than its allocations had when they were read, one of
 * those moved meanwhile: its entry refuses the batch, so the figure only has to be a figure.
 */
const afterUnpinning = (commitment: Commitment, units: number): Commitment => ({
  ...commitment,
  allocated: Math.max(0, commitment.allocated - units) as Units,
  unallocated: (commitment.unallocated + units) as Units,
})
