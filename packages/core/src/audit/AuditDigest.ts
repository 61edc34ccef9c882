import * as Schema from "effect/Schema"
import { Timestamp } from "../kernel/index.ts"
import { Collection, due, unique } from "../store/index.ts"
import { DigestNumber } from "./AuditEvent.ts"

/** A SHA-256 in lower-case hex. */
export const Sha256 = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/u)).pipe(
  Schema.brand("Sha256"),
)
export type Sha256 = typeof Sha256.Type

/** Events in one digest: they are sealed by one batch, and expire by one. */
export const MAX_SEALED = 2000

/** A signature over a digest's hash and the name of the key that made it: a `Signature` of the `KeyRing`. */
export const DigestSignature = Schema.Struct({
  key: Schema.String.check(Schema.isPattern(/^[!-~]{1,512}$/u)),
  value: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9+/]{1,2048}={0,2}$/u)),
})

/**
 * The seal over a row of events of one partition (design 9). Each digest holds the hash of the one before, so that
 * nothing can be taken out, put in, moved or changed without a break; its own hash is signed, so that nobody without
 * the key can make the chain anew.
 */
export const AuditDigest = Schema.Struct({
  n: DigestNumber,
  /** The earliest and the latest instant of its events. */
  from: Timestamp,
  to: Timestamp,
  /** The latest instant of its events and of all events before: it expires by this, after all that came before. */
  newest: Timestamp,
  count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MAX_SEALED })),
  /** Over the canonical events, in the order of their instants, then of their ids. */
  events: Sha256,
  /** The hash of the digest before; of the first one, `GENESIS`. */
  previous: Sha256,
  sealedAt: Timestamp,
  /** Over the partition and all of the above. */
  hash: Sha256,
  signature: DigestSignature,
})
export type AuditDigest = typeof AuditDigest.Type

/** A digest's id: its number with leading zeros, so that ids sort as numbers do. */
export const digestId = (n: number): string => String(n).padStart(12, "0")

export const AuditDigests = Collection.make("audit_digests", {
  schema: AuditDigest,
  key: ({ n }) => digestId(n),
  indexes: { chain: unique("n"), expiry: due("newest") },
})

/** A digest by its number and hash: what to write down in a second place, out of reach of who can write to the store. */
export const DigestMark = Schema.Struct({ n: DigestNumber, hash: Sha256 })
export type DigestMark = typeof DigestMark.Type

/**
 * Where a partition's chain of digests begins and ends: one record. Sealing and expiry change it in the batch of what
 * they do, so of two at once one wins.
 */
export const AuditChain = Schema.Struct({
  id: Schema.Literal("chain"),
  /** The newest digest. */
  head: DigestMark,
  newest: Timestamp,
  /**
   * The last digest that has expired, as it was signed. Its events and all before are gone; the chain goes on from its
   * hash, and its signature proves that they were old enough to go.
   */
  anchor: Schema.optionalKey(AuditDigest),
})
export type AuditChain = typeof AuditChain.Type

export const AuditChains = Collection.make("audit_chains", {
  schema: AuditChain,
  key: ({ id }) => id,
  indexes: { known: due("newest") },
})
