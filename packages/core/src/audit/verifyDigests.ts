import * as Effect from "effect/Effect"
import { DAY_MILLIS, now } from "../kernel/index.ts"
import {
  CurrentPartition,
  type PartitionId,
  type Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { type AuditBreak, judgeDigest, judgeEvents, unreadable } from "./AuditBreak.ts"
import type { AuditChain, AuditDigest, DigestMark, DigestSignature, Sha256 } from "./AuditDigest.ts"
import { expiryOf, LEAST_LOG_DAYS, LogDays } from "./AuditRetention.ts"
import { GENESIS, hashBytes, hashDigest } from "./digest.ts"
import {
  countUnsealed,
  hasChainMoved,
  readChain,
  readDigest,
  readEventsOf,
  readStray,
} from "./readSealed.ts"

/** What a check of the log found. */
export interface AuditVerdict {
  /** Digests, and events in them, that are as they were sealed. */
  readonly digests: number
  readonly events: number
  /** The first place that is not, if any. Nothing behind it was looked at. */
  readonly broken: AuditBreak | undefined
  /** The last digest that has expired, from which the rest was checked. */
  readonly anchor: DigestMark | undefined
  /** The newest digest: write it down elsewhere, and give it to later checks as a mark. */
  readonly head: DigestMark | undefined
  /** Events that no digest covers yet, and the age of the oldest in milliseconds. */
  readonly unsealed: { readonly count: number; readonly oldestMillis: number | undefined }
}

/** What a check needs beside the log. */
export interface AuditProof<E, R> {
  /** Whether the key ring made the signature over these 32 bytes. */
  readonly signed: (
    hash: Uint8Array,
    signature: typeof DigestSignature.Type,
  ) => Effect.Effect<boolean, E, R>
  /** Digests that were written down in a second place. Those that have expired since are passed over. */
  readonly marks?: ReadonlyArray<DigestMark>
}

/**
 * Checks the log of the current partition from its anchor to its newest digest: each digest's hash, its place in the
 * chain, its signature and its events. It reports the first break. It reads one digest at a time, and may run while
 * others write, seal and expire.
 *
 * A store's administrator who takes out the newest digests with all that belongs to them, and sets the chain's record
 * back, leaves a log that is whole: that is found by a mark of one of them.
 */
export const verifyDigests = Effect.fn("verifyDigests")(function* <E, R>(
  proof: AuditProof<E, R>,
): Effect.fn.Return<AuditVerdict, E | StoreUnavailable, R | Store | CurrentPartition> {
  const { id: partition } = yield* CurrentPartition
  const marks = new Map((proof.marks ?? []).map(({ n, hash }) => [n, hash]))
  const walk: Walk<E, R> = {
    partition,
    signed: proof.signed,
    marks,
    place: { n: 0, previous: GENESIS },
    digests: 0,
    events: 0,
  }
  for (;;) {
    const read = yield* readChain
    if (read === unreadable)
      return yield* verdictOf(walk, undefined, { digest: walk.place.n, what: "bad_head" })
    const found = yield* advance(walk, read?.value)
    if (found === "end") return yield* verdictOf(walk, read?.value)
    if (found !== undefined && !(yield* hasChainMoved(read)))
      return yield* verdictOf(walk, read?.value, found)
  }
})

/** How far a check has come. */
interface Walk<E, R> {
  readonly partition: PartitionId
  readonly signed: AuditProof<E, R>["signed"]
  readonly marks: ReadonlyMap<number, Sha256>
  /** The last digest that was checked. */
  place: { readonly n: number; readonly previous: Sha256 }
  digests: number
  events: number
}

/** One step: over the anchor, over the next digest, or to the end. What is broken there, if anything. */
const advance = Effect.fnUntraced(function* <E, R>(
  walk: Walk<E, R>,
  chain: AuditChain | undefined,
): Effect.fn.Return<
  AuditBreak | "end" | undefined,
  E | StoreUnavailable,
  R | Store | CurrentPartition
> {
  const anchor = chain?.anchor
  if (anchor !== undefined && anchor.n > walk.place.n) {
    if (!(yield* holdsAnchor(walk, anchor))) return { digest: anchor.n, what: "bad_anchor" }
    walk.place = { n: anchor.n, previous: anchor.hash }
    return undefined
  }
  if (walk.place.n >= (chain?.head.n ?? 0)) return (yield* judgeEnd(walk, chain)) ?? "end"
  const next = yield* checkDigest(walk)
  if (typeof next === "string") return { digest: walk.place.n + 1, what: next }
  walk.place = { n: next.n, previous: next.hash }
  walk.digests += 1
  walk.events += next.count
  return undefined
})

/** By how much a clock may have been set back since something expired: a day (chosen). */
const LEEWAY_MILLIS = DAY_MILLIS

const holdsAnchor = Effect.fnUntraced(function* <E, R>(walk: Walk<E, R>, anchor: AuditDigest) {
  if (hashDigest(walk.partition, anchor) !== anchor.hash) return false
  if ((walk.marks.get(anchor.n) ?? anchor.hash) !== anchor.hash) return false
  const least = expiryOf(anchor.newest, LogDays.make(LEAST_LOG_DAYS))
  if (least > (yield* now) + LEEWAY_MILLIS) return false
  return yield* walk.signed(hashBytes(anchor.hash), anchor.signature)
})

/** The next digest if it is as it was sealed, or what is wrong with it. */
const checkDigest = Effect.fnUntraced(function* <E, R>({
  partition,
  place,
  marks,
  signed,
}: Walk<E, R>) {
  const n = place.n + 1
  const stored = yield* readDigest(n)
  const what = judgeDigest(partition, { n, previous: place.previous }, stored)
  if (what !== undefined || stored === undefined || stored === unreadable)
    return what ?? "missing_digest"
  const digest = stored.value
  if (!(yield* signed(hashBytes(digest.hash), digest.signature))) return "bad_signature"
  if ((marks.get(n) ?? digest.hash) !== digest.hash) return "unlike_mark"
  return judgeEvents(digest, yield* readEventsOf(n)) ?? digest
})

/** What is wrong with the end of the chain, and outside of it. */
const judgeEnd = Effect.fnUntraced(function* <E, R>(
  { place, marks }: Walk<E, R>,
  chain: AuditChain | undefined,
) {
  const { n, hash } = chain?.head ?? { n: 0, hash: GENESIS }
  const before = yield* readStray({ lt: (chain?.anchor?.n ?? 0) + 1 })
  const stray = before ?? (yield* readStray({ gt: n }))
  if (stray !== undefined)
    return { digest: stray.digest, what: `inserted_${stray.what}` } satisfies AuditBreak
  if (place.n !== n || place.previous !== hash)
    return { digest: n, what: "bad_head" } satisfies AuditBreak
  const cut = [...marks.keys()].filter((mark) => mark > n).sort((a, b) => a - b)[0]
  return cut === undefined
    ? undefined
    : ({ digest: cut, what: "missing_digest" } satisfies AuditBreak)
})

const verdictOf = Effect.fnUntraced(function* <E, R>(
  { digests, events }: Walk<E, R>,
  chain: AuditChain | undefined,
  found?: AuditBreak,
): Effect.fn.Return<AuditVerdict, StoreUnavailable, Store | CurrentPartition> {
  const at = yield* now
  const { anchor, head } = chain ?? {}
  const waiting = yield* countUnsealed
  const damaged: AuditBreak = { digest: (head?.n ?? 0) + 1, what: "edited_event" }
  const { count, oldest } = waiting === unreadable ? { count: 0, oldest: undefined } : waiting
  return {
    digests,
    events,
    broken: found ?? (waiting === unreadable ? damaged : undefined),
    anchor: anchor && { n: anchor.n, hash: anchor.hash },
    head,
    unsealed: { count, oldestMillis: oldest === undefined ? undefined : Math.max(0, at - oldest) },
  }
})
