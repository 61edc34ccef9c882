import * as Effect from "effect/Effect"
import type { Entry } from "../store/index.ts"

/** Entries that a batch of an order may take, with room for what every command adds. */
const ROOM = 2400

/**
 * Drafts for as many items as fit into one batch, from the first on. The largest order known has 1,114 lines: it is
 * promised in one batch, but its units are pinned, sent and cancelled in several commands.
 *
 * @returns the draft, the items that it covers, and how many are left for the next command
 */
export const draftWithin = Effect.fnUntraced(function* <
  Item,
  D extends { readonly entries: ReadonlyArray<Entry> },
  E,
  R,
>(
  items: ReadonlyArray<Item>,
  draft: (items: ReadonlyArray<Item>) => Effect.Effect<D, E, R>,
): Effect.fn.Return<
  { readonly draft: D; readonly covered: ReadonlyArray<Item>; readonly left: number },
  E,
  R
> {
  let covered = items
  for (;;) {
    const made = yield* draft(covered)
    const size = made.entries.length
    if (size <= ROOM || covered.length <= 1)
      return { draft: made, covered, left: items.length - covered.length }
    covered = covered.slice(0, Math.max(1, Math.floor((covered.length * ROOM * 0.9) / size)))
  }
})
