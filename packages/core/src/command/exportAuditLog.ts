import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  type AuditChain,
  AuditLogBroken,
  type BreakKind,
  canonicalEvent,
  DigestNumber,
  hasChainMoved,
  readChain,
  readDigest,
  readEventsOf,
  unreadable,
} from "../audit/index.ts"
import { canonical } from "../kernel/index.ts"
import { CurrentPartition, type PartitionId } from "../store/index.ts"
import { query } from "./query.ts"

/** The version of the export's format. A line's fields may become more under the same version, never fewer. */
export const AUDIT_EXPORT_VERSION = 1

/** One page of an export: a digest with its events, as lines of JSON. */
export interface AuditExport {
  readonly lines: ReadonlyArray<string>
  /** The digest whose events these are; none where nothing is sealed behind the page before. */
  readonly digest: number | undefined
  /** Give it as `after` to get the next page. Absent behind the last one. */
  readonly next: number | undefined
}

/**
 * Gives the sealed audit log of the current partition to an auditor, a digest a page, as lines of JSON without personal
 * data: on the first page, and wherever older digests have expired meanwhile, a line `{"export": ...}` with the version
 * of the format, the partition and the anchor; then a line `{"digest": ...}`; then each of its events.
 *
 * The event lines are the very bytes that were sealed: the SHA-256 over them, each with its line feed, is the digest's
 * `events`. Events that no digest covers yet are not in it.
 *
 * Fails with `AuditLogBroken` where a record of it is missing or damaged.
 *
 * @param input.after `next` of the page before
 */
export const exportAuditLog = query({
  action: "exportAuditLog",
  input: Schema.Struct({ after: Schema.optionalKey(DigestNumber) }),
  read: Effect.fnUntraced(function* ({ after = 0 }) {
    for (;;) {
      const page = yield* readPage(after)
      if (page !== undefined) return page
    }
  }),
})

const brokenAt = (digest: number, what: BreakKind) => new AuditLogBroken({ digest, what })

const openingLine = (partition: PartitionId, chain: AuditChain | undefined): string => {
  const { anchor } = chain ?? {}
  const begins = anchor && { anchor: { n: anchor.n, hash: anchor.hash } }
  return canonical({ export: { version: AUDIT_EXPORT_VERSION, partition, ...begins } })
}

/** The page behind a digest; nothing when it expired while it was read. */
const readPage = Effect.fnUntraced(function* (after: number) {
  const { id: partition } = yield* CurrentPartition
  const chain = yield* readChain
  if (chain === unreadable) return yield* brokenAt(0, "bad_head")
  const expired = chain?.value.anchor?.n ?? 0
  const head = chain?.value.head.n ?? 0
  const n = Math.max(after, expired) + 1
  const lines = after === 0 || after < expired ? [openingLine(partition, chain?.value)] : []
  if (n > head) return { lines, digest: undefined, next: undefined }
  const digest = yield* readDigest(n)
  const events = yield* readEventsOf(n)
  // Events that went while they were read went with their digest.
  if (yield* hasChainMoved(chain)) return undefined
  if (digest === undefined) return yield* brokenAt(n, "missing_digest")
  if (digest === unreadable) return yield* brokenAt(n, "edited_digest")
  if (events === unreadable) return yield* brokenAt(n, "edited_event")
  return {
    lines: [
      ...lines,
      canonical({ digest: digest.value }),
      ...events.map(({ value }) => canonicalEvent(value)),
    ],
    digest: n,
    next: n < head ? n : undefined,
  }
})
