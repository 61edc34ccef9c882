import { createHash } from "node:crypto"
import { canonical, type Timestamp } from "../kernel/index.ts"
import type { PartitionId } from "../store/index.ts"
import { type AuditChain, type AuditDigest, Sha256 } from "./AuditDigest.ts"
import type { AuditEvent } from "./AuditEvent.ts"

/** What the first digest of a partition has for the hash of the one before. */
export const GENESIS = Sha256.make("0".repeat(64))

/** An event as it is sealed and exported: its facts as JSON with sorted fields, without what sealing wrote on it. */
export const canonicalEvent = ({ digest: _, unsealedAt: __, ...facts }: AuditEvent): string =>
  canonical(facts)

/** SHA-256 over the canonical events, each followed by a line feed. */
export const hashEvents = (events: Iterable<AuditEvent>): Sha256 => {
  const hash = createHash("sha256")
  for (const event of events) hash.update(canonicalEvent(event)).update("\n")
  return hash.digest("hex") as Sha256
}

/** What a digest says, before it is signed. */
export type UnsignedDigest = Omit<AuditDigest, "signature">

/** SHA-256 over the partition and all that a digest says. */
export const hashDigest = (
  partition: PartitionId,
  { n, from, to, newest, count, events, previous, sealedAt }: Omit<UnsignedDigest, "hash">,
): Sha256 =>
  createHash("sha256")
    .update("oto-audit-digest-1\n")
    .update(canonical({ partition, n, from, to, newest, count, events, previous, sealedAt }))
    .digest("hex") as Sha256

/** The 32 bytes of a hash, as they are signed. */
export const hashBytes = (hash: Sha256): Uint8Array => Uint8Array.from(Buffer.from(hash, "hex"))

/**
 * The next digest of a chain, to be signed.
 *
 * @param chain the chain so far, none before the first digest
 * @param events one to `MAX_SEALED` unsealed events, in order
 */
export const drawDigest = (
  partition: PartitionId,
  chain: AuditChain | undefined,
  events: readonly [AuditEvent, ...ReadonlyArray<AuditEvent>],
  sealedAt: Timestamp,
): UnsignedDigest => {
  const instants = events.map(({ at }) => at)
  const to = latest(instants)
  const said = {
    n: (chain?.head.n ?? 0) + 1,
    from: Math.min(...instants) as Timestamp,
    to,
    newest: latest([to, chain?.newest ?? to]),
    count: events.length,
    events: hashEvents(events),
    previous: chain?.head.hash ?? GENESIS,
    sealedAt,
  }
  return { ...said, hash: hashDigest(partition, said) }
}

const latest = (instants: ReadonlyArray<Timestamp>): Timestamp => Math.max(...instants) as Timestamp
