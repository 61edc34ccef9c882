import * as Effect from "effect/Effect"
import {
  AuditChains,
  AuditDigests,
  AuditLogBroken,
  drawDigest,
  hashBytes,
  MAX_SEALED,
  readChain,
  readUnsealed,
  unreadable,
} from "../audit/index.ts"
import { now } from "../kernel/index.ts"
import { CurrentPartition, insert, replace, Store, type StoreUnavailable } from "../store/index.ts"
import { KeyRing, type KeyRingUnavailable } from "./KeyRing.ts"

/** What one sealing did in one partition. */
export interface SealReport {
  readonly digests: number
  readonly events: number
  /** Whether others kept sealing the same events first: what is left is theirs, or the next sealing's. */
  readonly overtaken: boolean
}

/** Races with another sealer that a sealing loses before it leaves the rest to it. */
const MAX_TRIES = 8

/**
 * Seals the audit events of the current partition that no digest covers yet, at most 2,000 to a digest (I11). A digest,
 * the chain's new end and the mark on each event are one batch: whatever breaks off, and however many seal at once,
 * each event is in exactly one digest and no number is left out. An event that was written late goes into the next one.
 *
 * Each digest's number and hash is logged too: a log stream is the second place where the log's own administrator
 * cannot change it (`verifyAuditLog`, `marks`).
 *
 * Fails with `KeyRingUnavailable` while digests cannot be signed; the events wait. Fails with `AuditLogBroken` where
 * the chain's record or an event that waits is damaged.
 *
 * @param options.limit events a digest, 1 to 2,000; 2,000 when left out
 */
export const sealAuditLog: (options?: {
  readonly limit?: number
}) => Effect.Effect<
  SealReport,
  KeyRingUnavailable | AuditLogBroken | StoreUnavailable,
  Store | CurrentPartition | KeyRing
> = Effect.fn("sealAuditLog")(function* ({ limit = MAX_SEALED } = {}) {
  const most = Math.min(MAX_SEALED, Math.max(1, Math.trunc(limit) || 1))
  let [digests, events, lost] = [0, 0, 0]
  while (lost < MAX_TRIES) {
    const sealed = yield* sealNext(most)
    if (sealed === undefined) {
      lost += 1
      continue
    }
    if (sealed > 0) [digests, events] = [digests + 1, events + sealed]
    // What came since is the next sealing's: otherwise a busy log would get a digest for each event.
    if (sealed < most) return { digests, events, overtaken: false }
  }
  return { digests, events, overtaken: true }
})

/** Draws, signs and writes the next digest. How many events it sealed, or nothing when it lost a race. */
const sealNext = Effect.fnUntraced(function* (most: number) {
  const store = yield* Store
  const { id: partition } = yield* CurrentPartition
  const chain = yield* readChain
  if (chain === unreadable) return yield* new AuditLogBroken({ digest: 0, what: "bad_head" })
  const waiting = yield* readUnsealed(most)
  if (waiting === unreadable) {
    const digest = (chain?.value.head.n ?? 0) + 1
    return yield* new AuditLogBroken({ digest, what: "edited_event" })
  }
  const [first, ...rest] = waiting.map(({ value }) => value)
  if (first === undefined) return 0
  const unsigned = drawDigest(partition, chain?.value, [first, ...rest], yield* now)
  const signature = yield* (yield* KeyRing).sign(hashBytes(unsigned.hash))
  const { n, hash, newest } = unsigned
  const next = { ...chain?.value, id: "chain" as const, head: { n, hash }, newest }
  const sealing = store.commit([
    chain === undefined ? insert(AuditChains, next) : replace(chain, next),
    insert(AuditDigests, { ...unsigned, signature }),
    ...waiting.map((event) => replace(event, { ...event.value, digest: n })),
  ])
  const won = yield* sealing.pipe(
    Effect.as(true),
    Effect.catchTags({
      Conflict: () => Effect.succeed(false),
      Duplicate: () => Effect.succeed(false),
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
  if (!won) return undefined
  yield* Effect.logInfo("audit digest sealed").pipe(
    Effect.annotateLogs({ partition, digest: n, hash }),
  )
  return waiting.length
})
