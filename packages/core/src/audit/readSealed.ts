import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Cursor,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { unreadable } from "./AuditBreak.ts"
import {
  type AuditChain,
  AuditChains,
  type AuditDigest,
  AuditDigests,
  digestId,
  MAX_SEALED,
} from "./AuditDigest.ts"
import { type AuditEvent, AuditLog } from "./AuditEvent.ts"

type Reading<A> = Effect.Effect<A, StoreUnavailable, Store | CurrentPartition>

/** A damaged record of the log is a finding, not the end of the search. */
const orUnreadable = <A, E>(
  reading: Effect.Effect<A, E, Store | CurrentPartition>,
): Effect.Effect<A | typeof unreadable, E, Store | CurrentPartition> =>
  Effect.catchDefect(reading, () => Effect.succeed(unreadable))

/** The chain's record, if the partition has one. */
export const readChain: Reading<Stored<AuditChain> | typeof unreadable | undefined> = orUnreadable(
  Effect.flatMap(Store, (store) =>
    Effect.map(store.get(AuditChains, "chain"), Option.getOrUndefined),
  ),
)

/** Whether others sealed or let expire since the chain was read: what looked broken may have been on the move. */
export const hasChainMoved = (read: Stored<AuditChain> | undefined): Reading<boolean> =>
  Effect.map(
    readChain,
    (again) =>
      again !== unreadable && again !== undefined && again.version !== (read?.version ?? 0),
  )

/** The digest of a number. */
export const readDigest = (
  n: number,
): Reading<Stored<AuditDigest> | typeof unreadable | undefined> =>
  orUnreadable(
    Effect.flatMap(Store, (store) =>
      Effect.map(store.get(AuditDigests, digestId(n)), Option.getOrUndefined),
    ),
  )

/** The events that name a digest, in order: all of them, or more than a digest can have. */
export const readEventsOf = (
  n: number,
): Reading<ReadonlyArray<Stored<AuditEvent>> | typeof unreadable> =>
  orUnreadable(
    Effect.gen(function* () {
      const store = yield* Store
      const found: Array<Stored<AuditEvent>> = []
      let after: Cursor | undefined
      do {
        const query = { equals: { digest: n }, limit: 1000, after }
        const page = yield* store.find(AuditLog, "digest", query)
        found.push(...page.items)
        after = page.next
      } while (after !== undefined && found.length <= MAX_SEALED)
      return found
    }).pipe(Effect.catchTag("InvalidCursor", Effect.die)),
  )

/** Unsealed events in the order in which they are sealed, at most `limit`. */
export const readUnsealed = (
  limit: number,
): Reading<ReadonlyArray<Stored<AuditEvent>> | typeof unreadable> =>
  orUnreadable(
    Effect.gen(function* () {
      const store = yield* Store
      const found: Array<Stored<AuditEvent>> = []
      let after: Cursor | undefined
      do {
        const left = Math.min(limit - found.length, 1000)
        const page = yield* store.find(AuditLog, "unsealed", { limit: left, after })
        found.push(...page.items)
        after = page.next
      } while (after !== undefined && found.length < limit)
      return found
    }).pipe(Effect.catchTag("InvalidCursor", Effect.die)),
  )

/** How many events no digest covers yet, and the instant of the first of them. */
export const countUnsealed: Reading<
  { readonly count: number; readonly oldest: Timestamp | undefined } | typeof unreadable
> = orUnreadable(
  Effect.gen(function* () {
    const store = yield* Store
    let page = yield* store.find(AuditLog, "unsealed", { limit: 1000 })
    const oldest = page.items[0]?.value.at
    let count = page.items.length
    while (page.next !== undefined) {
      page = yield* store.find(AuditLog, "unsealed", { limit: 1000, after: page.next })
      count += page.items.length
    }
    return { count, oldest }
  }).pipe(Effect.catchTag("InvalidCursor", Effect.die)),
)

/** The first thing in a range of digests where nothing should be: a digest's number, or the one that an event names. */
export const readStray = (
  range: { readonly lt: number } | { readonly gt: number },
): Reading<{ readonly digest: number; readonly what: "digest" | "event" } | undefined> =>
  Effect.gen(function* () {
    const store = yield* Store
    const nearest = "lt" in range ? range.lt - 1 : range.gt + 1
    const events = yield* orUnreadable(store.find(AuditLog, "digest", { range, limit: 1 }))
    const event = events === unreadable ? nearest : events.items[0]?.value.digest
    if (event !== undefined) return { digest: event, what: "event" } as const
    const digests = yield* orUnreadable(store.find(AuditDigests, "chain", { range, limit: 1 }))
    const digest = digests === unreadable ? nearest : digests.items[0]?.value.n
    return digest === undefined ? undefined : ({ digest, what: "digest" } as const)
  }).pipe(Effect.catchTag("InvalidCursor", Effect.die))
