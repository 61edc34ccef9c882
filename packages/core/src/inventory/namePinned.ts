import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ObjectRef } from "../audit/index.ts"
import { type CurrentPartition, Store, type StoreUnavailable } from "../store/index.ts"
import { Allocations } from "./Allocation.ts"
import type { CellId } from "./Cell.ts"
import { Commitments } from "./Commitment.ts"

/** Documents that a refusal names at most. */
const MAX_NAMED = 100

/** The documents to which units of a cell are pinned by live allocations: the first 100, each once. */
export const namePinned = Effect.fnUntraced(function* (
  cell: CellId,
): Effect.fn.Return<ReadonlyArray<ObjectRef>, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const page = yield* store
    .find(Allocations, "cell", { equals: { cell, state: "live" }, limit: MAX_NAMED })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  const documents = new Map<string, ObjectRef>()
  for (const { value } of page.items) {
    const commitment = yield* store.get(Commitments, value.commitment)
    if (Option.isNone(commitment)) continue
    const { documentKind: kind, documentId: id } = commitment.value.value
    documents.set(`${kind}/${id}`, { kind, id })
  }
  return [...documents.values()]
})
