import type { KeyObject } from "node:crypto"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { type Ids, nextId, now } from "../kernel/index.ts"
import {
  CurrentPartition,
  type Entry,
  insert,
  type PartitionId,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { KeyCache } from "./KeyCache.ts"
import {
  type KeyContext,
  type KeyRefused,
  KeyRing,
  type KeyRingUnavailable,
  type KeyUse,
} from "./KeyRing.ts"
import { type MerchantKey, MerchantKeyId, MerchantKeys } from "./MerchantKey.ts"
import { recordTampering } from "./recordTampering.ts"
import { takeKey } from "./sealedFormat.ts"

/** Why a merchant key is not to be had. */
export type KeyFailure = KeyRingUnavailable | KeyRefused | StoreUnavailable

/** A merchant key that is ready for use. */
export interface ReadyKey {
  readonly id: MerchantKeyId
  readonly key: KeyObject
}

/** The partition has no key of this id for this use: never had, or it was deleted. */
export class NoSuchKey extends Schema.TaggedError<NoSuchKey>()("NoSuchKey", {
  id: MerchantKeyId,
}) {}

type Surroundings = Store | Ids | KeyRing

/**
 * The keys of merchants, between the ring that wraps them and the orders whose keys they wrap. Plain ones are kept for
 * five minutes; the ring is asked once for all who want one meanwhile.
 */
export class KeyTree {
  private readonly keys: KeyCache<KeyObject, KeyFailure | NoSuchKey>
  private readonly newest: KeyCache<MerchantKeyId, KeyFailure>
  private readonly surroundings: Context.Context<Surroundings>

  constructor(scope: Scope.Scope, surroundings: Context.Context<Surroundings>) {
    this.keys = new KeyCache(scope)
    this.newest = new KeyCache(scope)
    this.surroundings = surroundings
  }

  /** The key that seals for a use at present. A partition's first one is made and stored when it is asked for. */
  current(use: KeyUse): Effect.Effect<ReadyKey, KeyFailure, CurrentPartition> {
    return Effect.flatMap(CurrentPartition, ({ id: partition }) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const id = this.newest.peek(`${partition}/${use}`, now)
        const key = id && this.keys.peek(`${partition}/${id}/${use}`, now)
        return id && key ? Effect.succeed({ id, key }) : this.load(partition, use)
      }),
    )
  }

  /** The key of this id. */
  named(
    id: MerchantKeyId,
    use: KeyUse,
  ): Effect.Effect<KeyObject, KeyFailure | NoSuchKey, CurrentPartition> {
    return Effect.flatMap(CurrentPartition, ({ id: partition }) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const name = `${partition}/${id}/${use}`
        const key = this.keys.peek(name, now)
        return key === undefined
          ? this.keys.get(name, this.with(unwrapStored(id, { partition, use })))
          : Effect.succeed(key)
      }),
    )
  }

  /** Puts a new key in the place of the present one, which then opens only. Of two at once one does it. */
  rotate(use: KeyUse): Effect.Effect<MerchantKeyId, KeyFailure, CurrentPartition> {
    return Effect.flatMap(CurrentPartition, ({ id: partition }) =>
      Effect.flatMap(this.with(readNewest(use)), (newest) =>
        Effect.tap(this.with(this.make(use, Option.getOrUndefined(newest))), () =>
          Effect.sync(() => this.newest.drop(`${partition}/${use}`)),
        ),
      ),
    )
  }

  /** Forgets the plain keys of the current partition. */
  get forget(): Effect.Effect<void, never, CurrentPartition> {
    return Effect.map(CurrentPartition, ({ id: partition }) => {
      this.keys.drop(`${partition}/`)
      this.newest.drop(`${partition}/`)
    })
  }

  private load(
    partition: PartitionId,
    use: KeyUse,
  ): Effect.Effect<ReadyKey, KeyFailure, CurrentPartition> {
    const name = `${partition}/${use}`
    return this.newest.get(name, this.with(this.findOrMake(use))).pipe(
      Effect.flatMap((id) => Effect.map(this.named(id, use), (key) => ({ id, key }))),
      // The keys were deleted since: whatever is sealed from now on is sealed under a new one.
      Effect.catchTag("NoSuchKey", () => {
        this.newest.drop(name)
        return this.current(use)
      }),
      Effect.withSpan("Vault.merchantKey", { attributes: { use } }),
    )
  }

  private with<A, E>(
    work: Effect.Effect<A, E, Surroundings | CurrentPartition>,
  ): Effect.Effect<A, E, CurrentPartition> {
    return Effect.provideContext(work, this.surroundings)
  }

  private findOrMake(use: KeyUse) {
    return Effect.flatMap(readNewest(use), (newest) =>
      Option.isSome(newest) ? Effect.succeed(newest.value.value.id) : this.make(use, undefined),
    )
  }

  /** Makes and stores the key that follows `before`. Another host may be faster: then its key it is. */
  private make(
    use: KeyUse,
    before: Stored<MerchantKey> | undefined,
  ): Effect.Effect<MerchantKeyId, KeyFailure, Surroundings | CurrentPartition> {
    const { keys } = this
    return Effect.gen({ self: this }, function* () {
      const { id: partition } = yield* CurrentPartition
      const { plain, wrapped } = yield* (yield* KeyRing).newKey({ partition, use })
      const id = yield* nextId(MerchantKeyId)
      const createdAt = yield* now
      const generation = (before?.value.generation ?? 0) + 1
      const won = yield* tryCommit([
        insert(MerchantKeys, { id, use, generation, wrapped, createdAt }),
        ...(before === undefined ? [] : [replace(before, { ...before.value, retired: createdAt })]),
      ])
      if (!won) return yield* this.findOrMake(use)
      yield* keys.put(`${partition}/${id}/${use}`, takeKey(Redacted.value(plain)))
      return id
    })
  }
}

const readNewest = (use: KeyUse) =>
  Effect.flatMap(Store, (store) =>
    store.find(MerchantKeys, "generation", { equals: { use }, order: "descending", limit: 1 }).pipe(
      Effect.map(({ items }) => Option.fromUndefinedOr(items[0])),
      // Nothing asked for a page behind another.
      Effect.catchTag("InvalidCursor", Effect.die),
    ),
  )

/** Whether a batch was committed; not, where another host was faster. */
const tryCommit = (
  batch: ReadonlyArray<Entry>,
): Effect.Effect<boolean, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) => store.commit(batch)).pipe(
    Effect.as(true),
    Effect.catchTags({
      Duplicate: () => Effect.succeed(false),
      Conflict: () => Effect.succeed(false),
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )

const unwrapStored = Effect.fnUntraced(function* (id: MerchantKeyId, context: KeyContext) {
  const stored = yield* (yield* Store).get(MerchantKeys, id)
  if (Option.isNone(stored) || stored.value.value.use !== context.use)
    return yield* new NoSuchKey({ id })
  const plain = yield* (yield* KeyRing)
    .unwrap(context, stored.value.value.wrapped)
    .pipe(
      Effect.tapErrorTag("KeyRefused", () =>
        recordTampering({ kind: "merchant_key", id }, "KeyRefused"),
      ),
    )
  return takeKey(Redacted.value(plain))
})
