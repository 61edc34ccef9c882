import * as Effect from "effect/Effect"
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
  const commitments = yield* store.getMany(
    Commitments,
    page.items.map(({ value }) => value.commitment),
  )
  for (const { value } of commitments.values()) {
    const { documentKind: kind, documentId: id } = value
    documents.set(`${kind}/${id}`, { kind, id })
  }
  return [...documents.values()]
})
