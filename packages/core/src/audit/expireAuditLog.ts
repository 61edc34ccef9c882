import * as Effect from "effect/Effect"
import { now } from "../kernel/index.ts"
import {
  CurrentPartition,
  remove,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import {
  AuditLogBroken,
  type BreakKind,
  judgeDigest,
  judgeEvents,
  unreadable,
} from "./AuditBreak.ts"
import type { AuditChain, AuditDigest } from "./AuditDigest.ts"
import type { AuditEvent } from "./AuditEvent.ts"
import { AuditRetention, expiryOf } from "./AuditRetention.ts"
import { GENESIS } from "./digest.ts"
import { hasChainMoved, readChain, readDigest, readEventsOf } from "./readSealed.ts"

/** What expiry removed. */
export interface ExpiryReport {
  readonly digests: number
  readonly events: number
}

/**
 * Removes digests whose newest event has reached the host's retention (`AuditRetention`, 366 days or more), oldest
 * first and each with all its events in one batch. The last one stays as the chain's anchor, so that the rest still
 * verifies (I11). Of two at once each does what the other has not; an unsealed event never goes (R44).
 *
 * Fails with `AuditLogBroken` at a digest that is not as it was sealed, and removes nothing from there on.
 */
export const expireAuditLog: Effect.Effect<
  ExpiryReport,
  AuditLogBroken | StoreUnavailable,
  Store | CurrentPartition
> = Effect.gen(function* () {
  const report = { digests: 0, events: 0 }
  for (;;) {
    const removed = yield* expireNext
    if (removed === undefined) return report
    if (removed === 0) continue
    report.digests += 1
    report.events += removed
  }
}).pipe(Effect.withSpan("expireAuditLog"))

/** Removes the oldest digest: how many events it had, 0 when another sweep was first, nothing when none is due. */
const expireNext = Effect.gen(function* () {
  const chain = yield* readChain
  if (chain === unreadable) return yield* new AuditLogBroken({ digest: 0, what: "bad_head" })
  if (chain === undefined) return undefined
  const next = yield* findExpired(chain.value)
  if (next === undefined) return undefined
  if (typeof next !== "string") return (yield* removeDigest(chain, next)) ? next.events.length : 0
  if (yield* hasChainMoved(chain)) return 0
  return yield* new AuditLogBroken({ digest: (chain.value.anchor?.n ?? 0) + 1, what: next })
})

interface Expired {
  readonly digest: Stored<AuditDigest>
  readonly events: ReadonlyArray<Stored<AuditEvent>>
}

/** The oldest digest if its time is over, what is wrong with it, or nothing where it stays. */
const findExpired = Effect.fnUntraced(function* ({
  anchor,
  head,
}: AuditChain): Effect.fn.Return<
  Expired | BreakKind | undefined,
  StoreUnavailable,
  Store | CurrentPartition
> {
  const { id: partition } = yield* CurrentPartition
  const place = { n: (anchor?.n ?? 0) + 1, previous: anchor?.hash ?? GENESIS }
  if (place.n > head.n) return undefined
  const digest = yield* readDigest(place.n)
  // Signatures are left to the check of the log: expiry needs no key ring.
  const what = judgeDigest(partition, place, digest)
  if (what !== undefined || digest === undefined || digest === unreadable)
    return what ?? "missing_digest"
  if (expiryOf(digest.value.newest, yield* AuditRetention) > (yield* now)) return undefined
  const events = yield* readEventsOf(place.n)
  const amiss = judgeEvents(digest.value, events)
  if (amiss !== undefined || events === unreadable) return amiss ?? "edited_event"
  return { digest, events }
})

/** Whether it was this sweep that removed the digest. */
const removeDigest = Effect.fnUntraced(function* (
  chain: Stored<AuditChain>,
  { digest, events }: Expired,
) {
  const removing = (yield* Store).commit([
    replace(chain, { ...chain.value, anchor: digest.value }),
    remove(digest),
    ...events.map((event) => remove(event)),
  ])
  return yield* removing.pipe(
    Effect.as(true),
    Effect.catchTags({
      Conflict: () => Effect.succeed(false),
      Duplicate: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
})
