import * as Schema from "effect/Schema"
import type { PartitionId, Stored } from "../store/index.ts"
import { type AuditDigest, digestId, type Sha256 } from "./AuditDigest.ts"
import type { AuditEvent } from "./AuditEvent.ts"
import { hashDigest, hashEvents } from "./digest.ts"

/** What is wrong with the log at one place. */
export const BreakKind = Schema.Literals([
  /** A digest that the chain counts is not there. */
  "missing_digest",
  /** A digest does not have the hash of what it says, or is another one's in its place. */
  "edited_digest",
  /** A digest stands outside of the chain. */
  "inserted_digest",
  /** A digest does not hold the hash of the one before. */
  "broken_chain",
  /** The key ring did not sign the digest. */
  "bad_signature",
  /** A digest has fewer events than it sealed. */
  "dropped_event",
  /** It has more, or an event names a digest that is not in the chain. */
  "inserted_event",
  /** It has as many, and other ones: an event was changed, or two changed places. */
  "edited_event",
  /** What is left of the expired digests is not what was signed, or they went too early. */
  "bad_anchor",
  /** The chain's own record is damaged, or does not end with its last digest. */
  "bad_head",
  /** The digest is not the one that was written down in a second place. */
  "unlike_mark",
])
export type BreakKind = typeof BreakKind.Type

/** The first place at which a log is not what was sealed: the number of the digest, and what is wrong. */
export const AuditBreak = Schema.Struct({ digest: Schema.Int, what: BreakKind })
export type AuditBreak = typeof AuditBreak.Type

/** The log is not what was sealed. Nothing was removed: what is left is evidence. */
export class AuditLogBroken extends Schema.TaggedError<AuditLogBroken>()("AuditLogBroken", {
  digest: Schema.Int,
  what: BreakKind,
}) {
  override get message() {
    return `the audit log is not as it was sealed, from digest ${this.digest}: ${this.what}`
  }
}

/** A record that its own schema refuses: the store gives a defect for it. */
export const unreadable = Symbol("unreadable")

/** What is wrong with a digest beside its signature and its events, if anything. */
export const judgeDigest = (
  partition: PartitionId,
  place: { readonly n: number; readonly previous: Sha256 },
  stored: Pick<Stored<AuditDigest>, "id" | "value"> | typeof unreadable | undefined,
): BreakKind | undefined => {
  if (stored === undefined) return "missing_digest"
  if (stored === unreadable) return "edited_digest"
  const { id, value: digest } = stored
  if (digest.n !== place.n || id !== digestId(place.n)) return "edited_digest"
  if (hashDigest(partition, digest) !== digest.hash) return "edited_digest"
  return digest.previous === place.previous ? undefined : "broken_chain"
}

/** What is wrong with the events of a digest, if anything. They are all that name it, in order. */
export const judgeEvents = (
  digest: AuditDigest,
  events: ReadonlyArray<Pick<Stored<AuditEvent>, "id" | "value">> | typeof unreadable,
): BreakKind | undefined => {
  if (events === unreadable) return "edited_event"
  if (events.length < digest.count) return "dropped_event"
  if (events.length > digest.count) return "inserted_event"
  const moved = events.some(({ id, value }) => id !== value.id)
  return moved || hashEvents(events.map(({ value }) => value)) !== digest.events
    ? "edited_event"
    : undefined
}
