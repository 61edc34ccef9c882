import * as Effect from "effect/Effect"
import {
  type Ids,
  NO_UNITS,
  nextId,
  type Quantity,
  type Timestamp,
  type Units,
} from "../kernel/index.ts"
import { add, type Entry, insert, replace, type Stored } from "../store/index.ts"
import type { Allocation } from "./Allocation.ts"
import { type Commitment, CommitmentId, Commitments } from "./Commitment.ts"
import { unpin } from "./draftVoid.ts"
import { StockPools } from "./StockPool.ts"
import { type AllocationPart, postedAt, releasedAt, splitAllocation } from "./splitAllocation.ts"

/**
 * What becomes of the units of a commitment that do not leave with the others. `keep`: a new pending commitment of
 * the same line takes them over, with the allocations that they have. `release`: they are available again.
 */
export type DispatchRest = "keep" | "release"

/** A commitment that was posted, with what became of its units. */
export interface CommitmentPost {
  readonly entries: ReadonlyArray<Entry>
  readonly commitment: Commitment
  readonly kept: Commitment | undefined
  readonly posted: ReadonlyArray<Allocation>
  readonly released: ReadonlyArray<Allocation>
}

/** Resolves the commitment with what leaves, and hands the rest on or back. */
export const postCommitment = Effect.fnUntraced(function* (
  stored: Stored<Commitment>,
  live: ReadonlyArray<Stored<Allocation>>,
  leaving: ReadonlyArray<AllocationPart>,
  { at, rest }: { readonly at: Timestamp; readonly rest: DispatchRest },
): Effect.fn.Return<CommitmentPost, never, Ids> {
  const units = leaving.reduce((sum, { quantity }) => sum + quantity, 0)
  const commitment = postedOf(stored.value, units, at)
  const left = commitment.quantity - units
  const kept =
    left > 0 && rest === "keep"
      ? keptOf(stored.value, units, yield* nextId(CommitmentId))
      : undefined
  const entries: Array<Entry> = [replace(stored, commitment)]
  if (kept !== undefined) entries.push(insert(Commitments, kept))
  else if (left > 0)
    entries.push(
      add(StockPools, commitment.pool, { committed: -left, uncommitted: left }, { committed: 0 }),
    )
  const allocations = yield* postAllocations(live, leaving, kept, at)
  return { ...allocations, entries: [...entries, ...allocations.entries], commitment, kept }
})

const postedOf = (before: Commitment, units: number, at: Timestamp): Commitment => {
  const { expiresAt: _, ...lasting } = before
  return {
    ...lasting,
    allocated: NO_UNITS,
    unallocated: NO_UNITS,
    posted: units as Units,
    state: "posted",
    resolvedAt: at,
  }
}

const keptOf = (before: Commitment, units: number, id: CommitmentId): Commitment => ({
  ...before,
  id,
  quantity: (before.quantity - units) as Quantity,
  allocated: (before.allocated - units) as Units,
})

/** Posts what leaves of a commitment's live allocations; the other units go to the heir, or back to their cells. */
const postAllocations = Effect.fnUntraced(function* (
  live: ReadonlyArray<Stored<Allocation>>,
  leaving: ReadonlyArray<AllocationPart>,
  heir: Commitment | undefined,
  at: Timestamp,
): Effect.fn.Return<Pick<CommitmentPost, "entries" | "posted" | "released">, never, Ids> {
  const entries: Array<Entry> = []
  const posted: Array<Allocation> = []
  const released: Array<Allocation> = []
  const fate: Partial<Allocation> = heir === undefined ? releasedAt(at) : { commitment: heir.id }
  for (const allocation of live) {
    const part = leaving.find((each) => each.allocation.id === allocation.id)
    if (part !== undefined) {
      const split = yield* splitAllocation(part, postedAt(at), fate)
      entries.push(...split.entries)
      posted.push(split.resolved)
    }
    const stays = allocation.value.quantity - (part?.quantity ?? 0)
    if (stays === 0) continue
    const after: Allocation = { ...allocation.value, ...fate, quantity: stays as Quantity }
    if (part === undefined) entries.push(replace(allocation, after))
    if (heir === undefined) {
      entries.push(unpin(after))
      released.push(after)
    }
  }
  return { entries, posted, released }
})
