import { type AuditEvent, AuditEventId, AuditLog, canonicalEvent } from "../../audit/index.ts"
import type { Timestamp } from "../../kernel/index.ts"
import { insert, remove, replace } from "../../store/index.ts"
import { anyDigest, anyEvent, ends, oneOf, type Scene, type WayToTamper } from "./Tampering.ts"

const edits: ReadonlyArray<(event: AuditEvent) => AuditEvent> = [
  (event) => ({ ...event, actor: { ...event.actor, id: `${event.actor.id}x` } }),
  (event) => ({ ...event, actor: { kind: "system", id: event.actor.id } }),
  (event) => ({ ...event, action: "readOrder" }),
  (event) => ({ ...event, object: { ...event.object, id: "order-none" } }),
  (event) => ({ ...event, object: { ...event.object, kind: "parcel" } }),
  (event) => ({ ...event, outcome: event.outcome === "done" ? "refused" : "done" }),
  (event) => ({ ...event, reason: "NotFound" }),
  (event) => ({ ...event, purpose: event.purpose === "security" ? "account" : "security" }),
  (event) => ({ ...event, correlation: "key-none" }),
  ({ correlation: _, ...event }) => event,
  (event) => ({ ...event, at: (event.at + 1) as Timestamp }),
]

/** A last id of all: a version 7 id that sorts behind every other. */
const FORGED = AuditEventId.make("ffffffff-ffff-7fff-bfff-ffffffffffff")

const forged = (scene: Scene, digest: number): AuditEvent => {
  const { event } = anyEvent(scene)
  return { ...event.value, id: FORGED, digest }
}

/** What can be done to sealed events. */
export const eventTamperings: ReadonlyArray<WayToTamper> = [
  {
    name: "a field of an event was changed",
    tamper: (scene) => {
      const { event, n } = anyEvent(scene)
      const next = oneOf(scene, edits)(event.value)
      return {
        batches: [[replace(event, next)]],
        finds: { digest: n, what: "edited_event" },
      }
    },
  },
  {
    name: "an event was taken out",
    tamper: (scene) => {
      const { event, n } = anyEvent(scene)
      return { batches: [[remove(event)]], finds: { digest: n, what: "dropped_event" } }
    },
  },
  {
    name: "an event was made unsealed again",
    tamper: (scene) => {
      const { event, n } = anyEvent(scene)
      const { digest: _, ...unsealed } = event.value
      return { batches: [[replace(event, unsealed)]], finds: { digest: n, what: "dropped_event" } }
    },
  },
  {
    name: "an event was put into a digest",
    tamper: (scene) => {
      const { n } = anyDigest(scene).value
      return {
        batches: [[insert(AuditLog, forged(scene, n))]],
        finds: { digest: n, what: "inserted_event" },
      }
    },
  },
  {
    name: "an event was put behind the last digest",
    tamper: (scene) => {
      const digest = ends(scene).last + 1 + scene.pick(3)
      return {
        batches: [[insert(AuditLog, forged(scene, digest))]],
        finds: { digest, what: "inserted_event" },
      }
    },
  },
  {
    name: "an event was put among the expired ones",
    tamper: (scene) => {
      const { first } = ends(scene)
      if (first === 1) return undefined
      const digest = 1 + scene.pick(first - 1)
      return {
        batches: [[insert(AuditLog, forged(scene, digest))]],
        finds: { digest, what: "inserted_event" },
      }
    },
  },
  {
    name: "an event was moved to another digest",
    tamper: (scene) => {
      const { event, n } = anyEvent(scene)
      const others = scene.log.digests.filter(({ value }) => value.n !== n)
      if (others.length === 0) return undefined
      const to = oneOf(scene, others).value.n
      return {
        batches: [[replace(event, { ...event.value, digest: to })]],
        finds:
          n < to ? { digest: n, what: "dropped_event" } : { digest: to, what: "inserted_event" },
      }
    },
  },
  {
    name: "an event was taken out and another put in its place",
    tamper: (scene) => {
      const { event, n } = anyEvent(scene)
      return {
        batches: [[remove(event), insert(AuditLog, { ...event.value, id: FORGED })]],
        finds: { digest: n, what: "edited_event" },
      }
    },
  },
  {
    name: "two events changed places",
    tamper: (scene) => {
      const [one, two] = [anyEvent(scene), anyEvent(scene)]
      const swapped = [
        { ...two.event.value, id: one.event.value.id, digest: one.n },
        { ...one.event.value, id: two.event.value.id, digest: two.n },
      ] as const
      if (canonicalEvent(swapped[0]) === canonicalEvent(one.event.value)) return undefined
      return {
        batches: [[replace(one.event, swapped[0]), replace(two.event, swapped[1])]],
        finds: { digest: Math.min(one.n, two.n), what: "edited_event" },
      }
    },
  },
]
