import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { ObjectRef } from "../audit/index.ts"
import { command, type InvalidInput, invalidField } from "../command/index.ts"
import { Quantity } from "../kernel/index.ts"
import { type CurrentPartition, Store, type StoreUnavailable } from "../store/index.ts"
import { AllocationId, Allocations } from "./Allocation.ts"
import { type AllocationGive, draftDeallocate } from "./draftDeallocate.ts"
import { findAllocations } from "./findCommitments.ts"
import { loadPending, oneOf, repeatedAt } from "./loadCommitments.ts"
import { ReleasedUnits, releasedUnits } from "./releaseCommitment.ts"
import type { CommitmentResolved } from "./stockErrors.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

const Chosen = Schema.Struct({ id: AllocationId, quantity: Schema.optionalKey(Quantity) })

/** The units that are not pinned any more. They are still promised. */
export const AllocationsReleased = Schema.Struct({ released: Schema.Array(ReleasedUnits) })
export type AllocationsReleased = typeof AllocationsReleased.Type

/**
 * Unpins units: they go back to their cells and stay promised, so that other cells can be chosen for them, or their
 * own be moved.
 *
 * Fails with `NotFound` for an unknown document or allocation, and `AllocationResolved` for what is not pinned any
 * more.
 *
 * @param input.document whose live allocations are all released; or
 * @param input.allocations which ones, and how many units of each: all, when left out
 */
export const releaseAllocation = command({
  action: "releaseAllocation",
  input: Schema.Struct({
    document: Schema.optionalKey(ObjectRef),
    allocations: Schema.optionalKey(
      Schema.NonEmptyArray(Chosen).check(
        Schema.makeFilter((items: ReadonlyArray<typeof Chosen.Type>) => {
          const again = repeatedAt(items.map(({ id }) => id))
          return again < 0 ? undefined : { path: [again, "id"], issue: "named before" }
        }),
      ),
    ),
  }).check(oneOf("allocations")),
  answer: AllocationsReleased,
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ document, allocations = [] }, { at }) {
    const gives = document === undefined ? yield* loadNamed(allocations) : yield* loadLive(document)
    const draft = yield* draftDeallocate(gives, { at })
    const answer: AllocationsReleased = { released: releasedUnits(draft.released) }
    return {
      about: document ?? { kind: "allocation", id: gives[0]?.allocation.id ?? "" },
      entries: draft.entries,
      answer,
    }
  }),
})

const loadNamed = Effect.fnUntraced(function* (
  chosen: ReadonlyArray<typeof Chosen.Type>,
): Effect.fn.Return<
  ReadonlyArray<AllocationGive>,
  NotFound | InvalidInput | StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  const gives: Array<AllocationGive> = []
  const found = yield* store.getMany(
    Allocations,
    chosen.map(({ id }) => id),
  )
  for (const [place, { id, quantity }] of chosen.entries()) {
    const allocation = found.get(id)
    if (allocation === undefined) return yield* new NotFound({ kind: "allocation", id })
    const units = allocation.value.quantity
    if (quantity !== undefined && quantity > units)
      return yield* invalidField(
        "releaseAllocation",
        `allocations[${place}].quantity`,
        `more than the ${units} units that it has`,
      )
    gives.push({ allocation, quantity })
  }
  return gives
})

const loadLive = Effect.fnUntraced(function* (
  document: ObjectRef,
): Effect.fn.Return<
  ReadonlyArray<AllocationGive>,
  NotFound | CommitmentResolved | StoreUnavailable,
  Store | CurrentPartition
> {
  const pending = new Set((yield* loadPending(document)).map(({ value }) => value.id))
  const live = yield* findAllocations(document.id, "live")
  return live
    .filter(({ value }) => pending.has(value.commitment))
    .map((allocation) => ({ allocation }))
})
