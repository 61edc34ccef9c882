import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Collection, CollectionShape } from "./Collection.ts"
import type { CurrentPartition } from "./CurrentPartition.ts"
import { replace, type Stored } from "./Entry.ts"
import { Store } from "./Store.ts"
import type { Duplicate, StoreUnavailable, TooLarge } from "./storeErrors.ts"

/** How far a rewriting has come in one partition. */
export interface FormatRewrite {
  /** Records that were looked at. */
  readonly seen: number
  /** Records of an old format that are in the newest now. */
  readonly rewritten: number
  /** Records that moved meanwhile: mostly in the newest format by that. Run it again to be sure. */
  readonly skipped: number
}

/** Records that are written as one. */
const CHUNK = 100

/**
 * Writes the current partition's records of old formats in the newest one, so that fields which an upcast adds are
 * found by their indexes. Reading never needs it. Values do not change; versions count up, as by any write. It may run
 * beside working hosts, be stopped at any point, and run again: what is in the newest format is left alone.
 *
 * Fails with `Duplicate` where two old records come to hold the same values of a unique index, and `TooLarge` where one
 * outgrows a record's limit: what came before them is done.
 *
 * @param options.onProgress told after each hundred records
 */
export const rewriteOldFormats = Effect.fn("rewriteOldFormats")(function* <
  A,
  I extends CollectionShape["indexes"],
>(
  collection: Collection<A, I>,
  options: { readonly onProgress?: (progress: FormatRewrite) => void } = {},
): Effect.fn.Return<
  FormatRewrite,
  Duplicate | TooLarge | StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  return yield* store.scan(collection).pipe(
    Stream.grouped(CHUNK),
    Stream.runFoldEffect(
      (): FormatRewrite => ({ seen: 0, rewritten: 0, skipped: 0 }),
      (before, chunk) =>
        Effect.map(
          rewrite(chunk.filter(({ format }) => format < collection.format)),
          ({ rewritten, skipped }) => {
            const progress: FormatRewrite = {
              seen: before.seen + chunk.length,
              rewritten: before.rewritten + rewritten,
              skipped: before.skipped + skipped,
            }
            options.onProgress?.(progress)
            return progress
          },
        ),
    ),
  )
})

type Rewritten = Omit<FormatRewrite, "seen">

/** All at once; one by one where one of them moved. */
const rewrite = <A>(
  old: ReadonlyArray<Stored<A>>,
): Effect.Effect<Rewritten, Duplicate | TooLarge | StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    store.commit(old.map((stored) => replace(stored, stored.value))).pipe(
      Effect.as({ rewritten: old.length, skipped: 0 }),
      Effect.catchTag("Insufficient", Effect.die),
      Effect.catchTag("Conflict", () =>
        old.length === 1
          ? Effect.succeed({ rewritten: 0, skipped: 1 })
          : Effect.map(
              Effect.forEach(old, (stored) => rewrite([stored])),
              (each) => ({
                rewritten: each.filter(({ rewritten }) => rewritten === 1).length,
                skipped: each.filter(({ skipped }) => skipped === 1).length,
              }),
            ),
      ),
    ),
  )
