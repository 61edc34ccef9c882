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

/** The live allocations of one commitment as read, oldest first. */
export const findLiveAllocations = (
  commitment: CommitmentId,
): Effect.Effect<ReadonlyArray<Stored<Allocation>>, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    Effect.map(
      readEveryPage((after) =>
        store.find(Allocations, "commitment", {
          equals: { commitment, state: "live" },
          after,
          limit: MAX_PAGE,
        }),
      ),
      (allocations) => allocations.toSorted(byAge),
    ),
  )

/** Ids sort by the order in which they were made. */
const byAge = ({ value: a }: Stored<Allocation>, { value: b }: Stored<Allocation>): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)
