import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { now } from "../kernel/index.ts"
import { remove, Store } from "../store/index.ts"
import { Receipts } from "./Receipt.ts"

/**
 * Removes receipts of the current partition that have lapsed. What is not due or gone already is left alone, so two
 * sweeps at once are as one.
 *
 * @returns how many were removed
 */
export const forgetReceipts = Effect.fn("forgetReceipts")(function* (keys: ReadonlyArray<string>) {
  const store = yield* Store
  const at = yield* now
  let removed = 0
  for (const key of keys) {
    const receipt = yield* store.get(Receipts, key)
    if (Option.isNone(receipt) || receipt.value.value.expiresAt > at) continue
    removed += yield* store.commit([remove(receipt.value)]).pipe(
      Effect.as(1),
      Effect.catchTags({
        Conflict: () => Effect.succeed(0),
        Duplicate: Effect.die,
        Insufficient: Effect.die,
        TooLarge: Effect.die,
      }),
    )
  }
  return removed
})
