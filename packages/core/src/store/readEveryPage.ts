import * as Effect from "effect/Effect"
import type { Stored } from "./Entry.ts"
import type { Cursor, Page } from "./Query.ts"
import type { InvalidCursor, StoreUnavailable } from "./storeErrors.ts"

/**
 * All records of one section of an index, for a decision that needs it as a whole: a document's commitments, the
 * cells of a SKU in a warehouse.
 *
 * @param read reads the page behind a cursor
 */
export const readEveryPage = Effect.fnUntraced(function* <A, R>(
  read: (after: Cursor | undefined) => Effect.Effect<Page<A>, InvalidCursor | StoreUnavailable, R>,
): Effect.fn.Return<ReadonlyArray<Stored<A>>, StoreUnavailable, R> {
  const all: Array<Stored<A>> = []
  let after: Cursor | undefined
  do {
    // The cursor is this walk's own, so it fits.
    const page = yield* Effect.catchTag(read(after), "InvalidCursor", Effect.die)
    all.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return all
})
