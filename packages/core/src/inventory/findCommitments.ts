import * as Effect from "effect/Effect"
import {
  type CurrentPartition,
  MAX_PAGE,
  readEveryPage,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { type Allocation, type AllocationState, Allocations } from "./Allocation.ts"
import {
  type Commitment,
  type CommitmentId,
  type CommitmentState,
  Commitments,
} from "./Commitment.ts"

/** Documents that are looked at at the same time. */
const AT_ONCE = 16

/** All commitments of a document as read, by state and line: those in one state, or in any when it is left out. */
export const findCommitments = (
  documentId: string,
  state?: CommitmentState,
): Effect.Effect<ReadonlyArray<Stored<Commitment>>, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    readEveryPage((after) =>
      store.find(Commitments, "document", {
        equals: state === undefined ? { documentId } : { documentId, state },
        after,
        limit: MAX_PAGE,
      }),
    ),
  )

/** All allocations of a document as read, by state and line: those in one state, or in any when it is left out. */
export const findAllocations = (
  documentId: string,
  state?: AllocationState,
): Effect.Effect<ReadonlyArray<Stored<Allocation>>, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    readEveryPage((after) =>
      store.find(Allocations, "document", {
        equals: state === undefined ? { documentId } : { documentId, state },
        after,
        limit: MAX_PAGE,
      }),
    ),
  )

/**
 * The live allocations of commitments as read, oldest first: one look for all commitments of a document. A commitment
 * without any is not in the answer.
 */
export const findLiveAllocations = Effect.fnUntraced(function* (
  commitments: ReadonlyArray<Commitment>,
): Effect.fn.Return<
  ReadonlyMap<CommitmentId, ReadonlyArray<Stored<Allocation>>>,
  StoreUnavailable,
  Store | CurrentPartition
> {
  const documents = [...Map.groupBy(commitments, ({ documentId }) => documentId)]
  const live = yield* Effect.forEach(
    documents,
    ([documentId, [first, ...others]]) =>
      first !== undefined && others.length === 0
        ? findPinned(first.id)
        : findAllocations(documentId, "live"),
    { concurrency: AT_ONCE },
  )
  return Map.groupBy(live.flat().toSorted(byAge), ({ value }) => value.commitment)
})

const findPinned = (commitment: CommitmentId) =>
  Effect.flatMap(Store, (store) =>
    readEveryPage((after) =>
      store.find(Allocations, "commitment", {
        equals: { commitment, state: "live" },
        after,
        limit: MAX_PAGE,
      }),
    ),
  )

/** Ids sort by the order in which they were made. */
const byAge = ({ value: a }: Stored<Allocation>, { value: b }: Stored<Allocation>): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)
