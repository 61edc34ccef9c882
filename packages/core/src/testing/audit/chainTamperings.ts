import {
  type AuditDigest,
  AuditDigests,
  hashDigest,
  hashEvents,
  Sha256,
} from "../../audit/index.ts"
import type { Timestamp } from "../../kernel/index.ts"
import { insert, remove, replace } from "../../store/index.ts"
import { eventsOf } from "./sealedLog.ts"
import { anyDigest, anyEvent, ends, oneOf, type Scene, type WayToTamper } from "./Tampering.ts"

const OTHER = Sha256.make("5".repeat(64))
const later = (at: Timestamp) => (at + 1) as Timestamp

const edits: ReadonlyArray<(digest: AuditDigest) => AuditDigest> = [
  (digest) => ({ ...digest, from: later(digest.from) }),
  (digest) => ({ ...digest, to: later(digest.to) }),
  (digest) => ({ ...digest, newest: later(digest.newest) }),
  (digest) => ({ ...digest, count: digest.count + 1 }),
  (digest) => ({ ...digest, events: OTHER }),
  (digest) => ({ ...digest, previous: OTHER }),
  (digest) => ({ ...digest, sealedAt: later(digest.sealedAt) }),
  (digest) => ({ ...digest, hash: OTHER }),
]

const rehashed = (scene: Scene, digest: AuditDigest): AuditDigest => ({
  ...digest,
  hash: hashDigest(scene.world.partition, digest),
})

/** What can be done to digests and to the chain's own record, without the key that signs. */
export const chainTamperings: ReadonlyArray<WayToTamper> = [
  {
    name: "a field of a digest was changed",
    tamper: (scene) => {
      const digest = anyDigest(scene)
      return {
        batches: [[replace(digest, oneOf(scene, edits)(digest.value))]],
        finds: { digest: digest.value.n, what: "edited_digest" },
      }
    },
  },
  {
    name: "a digest was changed and hashed anew",
    tamper: (scene) => {
      const digest = anyDigest(scene)
      const sealedAt = later(digest.value.sealedAt)
      return {
        batches: [[replace(digest, rehashed(scene, { ...digest.value, sealedAt }))]],
        finds: { digest: digest.value.n, what: "bad_signature" },
      }
    },
  },
  {
    name: "a digest was hung on another one and hashed anew",
    tamper: (scene) => {
      const digest = anyDigest(scene)
      return {
        batches: [[replace(digest, rehashed(scene, { ...digest.value, previous: OTHER }))]],
        finds: { digest: digest.value.n, what: "broken_chain" },
      }
    },
  },
  {
    name: "a signature was changed",
    tamper: (scene) => {
      const digest = anyDigest(scene)
      const { key, value } = digest.value.signature
      const flipped = `${value.startsWith("A") ? "B" : "A"}${value.slice(1)}`
      return {
        batches: [[replace(digest, { ...digest.value, signature: { key, value: flipped } })]],
        finds: { digest: digest.value.n, what: "bad_signature" },
      }
    },
  },
  {
    name: "an event was changed, and all digests from there on made anew without the key",
    tamper: (scene) => {
      const { chain, digests } = scene.log
      if (chain === undefined) return undefined
      const { event, n } = anyEvent(scene)
      const changed = { ...event.value, action: "readOrder" }
      let previous: Sha256 | undefined
      const forged = digests.flatMap((digest) => {
        if (digest.value.n < n) return []
        const events = eventsOf(scene.log, digest.value.n).map(({ value }) =>
          value.id === changed.id ? changed : value,
        )
        const next = rehashed(scene, {
          ...digest.value,
          events: hashEvents(events),
          previous: previous ?? digest.value.previous,
        })
        previous = next.hash
        return [replace(digest, next)]
      })
      const head = { n: chain.value.head.n, hash: previous ?? OTHER }
      return {
        batches: [[replace(event, changed), replace(chain, { ...chain.value, head }), ...forged]],
        finds: { digest: n, what: "bad_signature" },
      }
    },
  },
  {
    name: "a digest was taken out, with or without its events",
    tamper: (scene) => {
      const digest = anyDigest(scene)
      const events = scene.pick(2) === 0 ? [] : eventsOf(scene.log, digest.value.n)
      return {
        batches: [[remove(digest), ...events.map((event) => remove(event))]],
        finds: { digest: digest.value.n, what: "missing_digest" },
      }
    },
  },
  {
    name: "two digests changed places",
    tamper: (scene) => {
      const [one, two] = [anyDigest(scene), anyDigest(scene)]
      if (one.id === two.id) return undefined
      const swapped = [
        replace(one, { ...two.value, n: one.value.n }),
        replace(two, { ...one.value, n: two.value.n }),
      ]
      return {
        batches: [swapped],
        finds: { digest: Math.min(one.value.n, two.value.n), what: "edited_digest" },
      }
    },
  },
  {
    name: "a digest was put behind the last one",
    tamper: (scene) => {
      const n = ends(scene).last + 1
      const forged = rehashed(scene, { ...anyDigest(scene).value, n })
      return {
        batches: [[insert(AuditDigests, forged)]],
        finds: { digest: n, what: "inserted_digest" },
      }
    },
  },
  {
    name: "a digest was put among the expired ones",
    tamper: (scene) => {
      const { first } = ends(scene)
      if (first === 1) return undefined
      const n = 1 + scene.pick(first - 1)
      return {
        batches: [[insert(AuditDigests, rehashed(scene, { ...anyDigest(scene).value, n }))]],
        finds: { digest: n, what: "inserted_digest" },
      }
    },
  },
  {
    name: "the newest digest was cut off with all that belongs to it",
    tamper: (scene) => {
      const { chain, digests } = scene.log
      const [before, last] = digests.slice(-2)
      if (chain === undefined || before === undefined || last === undefined) return undefined
      const { n, hash, newest } = before.value
      return {
        batches: [
          [
            remove(last),
            ...eventsOf(scene.log, last.value.n).map((event) => remove(event)),
            replace(chain, { ...chain.value, head: { n, hash }, newest }),
          ],
        ],
        marks: [{ n: last.value.n, hash: last.value.hash }],
        finds: { digest: last.value.n, what: "missing_digest" },
      }
    },
  },
  {
    name: "the oldest digests were let expire too early",
    tamper: (scene) => {
      const { chain } = scene.log
      const { first, last } = ends(scene)
      const n = first + scene.pick(last - first + 1)
      const gone = scene.log.digests.filter(({ value }) => value.n <= n)
      const anchor = gone[gone.length - 1]?.value
      const young = (anchor?.newest ?? 0) + 365 * 86_400_000 > scene.world.millis
      if (chain === undefined || anchor === undefined || !young) return undefined
      return {
        batches: [
          [
            replace(chain, { ...chain.value, anchor }),
            ...gone.map((digest) => remove(digest)),
            ...gone.flatMap(({ value }) =>
              eventsOf(scene.log, value.n).map((each) => remove(each)),
            ),
          ],
        ],
        finds: { digest: n, what: "bad_anchor" },
      }
    },
  },
  {
    name: "the anchor was changed",
    tamper: (scene) => {
      const { chain } = scene.log
      const anchor = chain?.value.anchor
      if (chain === undefined || anchor === undefined) return undefined
      const changed = oneOf(scene, edits)(anchor)
      return {
        batches: [[replace(chain, { ...chain.value, anchor: changed })]],
        finds: { digest: anchor.n, what: "bad_anchor" },
      }
    },
  },
  {
    name: "the anchor was taken away",
    tamper: ({ log: { chain } }) => {
      if (chain?.value.anchor === undefined) return undefined
      const { anchor: _, ...bare } = chain.value
      return {
        batches: [[replace(chain, bare)]],
        finds: { digest: 1, what: "missing_digest" },
      }
    },
  },
  {
    name: "the chain's record was taken away",
    tamper: (scene) => {
      const { chain } = scene.log
      if (chain === undefined) return undefined
      return {
        batches: [[remove(chain)]],
        finds: { digest: ends(scene).first, what: "inserted_event" },
      }
    },
  },
  {
    name: "the chain's record was set back or on",
    tamper: (scene) => {
      const { chain } = scene.log
      const { last } = ends(scene)
      if (chain === undefined) return undefined
      const on = scene.pick(2) === 0
      const head = { n: on ? last + 1 : last, hash: OTHER }
      return {
        batches: [[replace(chain, { ...chain.value, head })]],
        finds: on
          ? { digest: last + 1, what: "missing_digest" }
          : { digest: last, what: "bad_head" },
      }
    },
  },
  {
    name: "a digest is not the one that was written down",
    tamper: (scene) => {
      const { n } = anyDigest(scene).value
      return {
        batches: [],
        marks: [{ n, hash: OTHER }],
        finds: { digest: n, what: "unlike_mark" },
      }
    },
  },
]
