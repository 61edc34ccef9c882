import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Ids, now } from "../kernel/index.ts"
import {
  type CurrentPartition,
  readEveryPage,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { KeyRing } from "./KeyRing.ts"
import type { KeyFailure } from "./KeyTree.ts"
import { MerchantKeys } from "./MerchantKey.ts"
import { OrderPiis } from "./OrderPii.ts"
import { recordTampering } from "./recordTampering.ts"
import { Vault } from "./Vault.ts"

/** What a rewrapping did in one partition. */
export interface KeyRewrap {
  /** Keys that the present key wraps now. */
  readonly rewrapped: number
  /** Records that somebody changed meanwhile: run it again for them. */
  readonly skipped: number
  /** Records that did not open; each is in the audit log. They are left as they are. */
  readonly refused: number
}

type Outcome = keyof KeyRewrap

/**
 * Wraps the current partition's merchant keys anew with the master key that the ring has now: after the ring's key was
 * replaced, or for a second region. No plain key is seen, and nothing that was sealed changes.
 */
export const rewrapMerchantKeys: Effect.Effect<
  KeyRewrap,
  KeyFailure,
  Store | Ids | KeyRing | CurrentPartition
> = Effect.gen(function* () {
  const store = yield* Store
  const ring = yield* KeyRing
  const outcomes = store.scan(MerchantKeys).pipe(
    Stream.mapEffect((stored) => {
      const { id, use, wrapped } = stored.value
      return ring.rewrap({ partition: stored.partition, use }, wrapped).pipe(
        Effect.flatMap((anew) => write(stored, { ...stored.value, wrapped: anew })),
        Effect.catchTag("KeyRefused", () =>
          Effect.as(recordTampering({ kind: "merchant_key", id }, "KeyRefused"), refused),
        ),
      )
    }),
  )
  return countOf(yield* Stream.runCollect(outcomes))
}).pipe(Effect.withSpan("rewrapMerchantKeys"))

/**
 * Wraps the current partition's order keys with the present merchant key, after `rotateMerchantKey`. Buyer data whose
 * deadline has come is left to the sweep. It may be stopped at any point and run again.
 */
export const rewrapOrderKeys: Effect.Effect<
  KeyRewrap,
  KeyFailure,
  Store | Vault | CurrentPartition
> = Effect.gen(function* () {
  const store = yield* Store
  const vault = yield* Vault
  const at = yield* now
  const keys = yield* Stream.runCollect(store.scan(MerchantKeys))
  const counts: Array<Outcome> = []
  for (const { value: key } of keys) {
    if (key.use !== "personal_data" || key.retired === undefined) continue
    const held = yield* readEveryPage((after) =>
      store.find(OrderPiis, "key", { equals: { key: key.id }, after, limit: 1000 }),
    )
    for (const stored of held) {
      if (stored.value.deadline <= at) continue
      const outcome = yield* vault.rewrap(stored.value).pipe(
        Effect.flatMap((anew) => write(stored, anew)),
        Effect.catchTag("Tampered", () => Effect.succeed(refused)),
      )
      counts.push(outcome)
    }
  }
  return countOf(counts)
}).pipe(Effect.withSpan("rewrapOrderKeys"))

const refused: Outcome = "refused"

const write = <A>(
  stored: Stored<A>,
  anew: A,
): Effect.Effect<Outcome, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) => store.commit([replace(stored, anew)])).pipe(
    Effect.as<Outcome>("rewrapped"),
    Effect.catchTags({
      Conflict: () => Effect.succeed<Outcome>("skipped"),
      Duplicate: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )

const countOf = (outcomes: ReadonlyArray<Outcome>): KeyRewrap => {
  const count = { rewrapped: 0, skipped: 0, refused: 0 }
  for (const outcome of outcomes) count[outcome] += 1
  return count
}
