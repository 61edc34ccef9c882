import { Effect, Layer, Logger } from "effect"
import {
  type AuditEvent,
  type AuditFacts,
  AuditLog,
  auditEvent,
  verifyDigests,
} from "../../src/audit/index.ts"
import { Ids, now } from "../../src/kernel/index.ts"
import { memoryKeyRingWith, storeDriver } from "../../src/memory/index.ts"
import { KeyRing } from "../../src/privacy/index.ts"
import { insert, Store } from "../../src/store/index.ts"
import { inside, MERCHANT_A } from "../world.ts"

const SEED = new Uint8Array(32).fill(7)

/** A store whose driver is at hand, and a key ring; quiet, because each digest is logged. */
const auditWorld = Layer.mergeAll(
  Store.layer([]).pipe(Layer.provideMerge(storeDriver)),
  Ids.layer,
  Layer.suspend(() => memoryKeyRingWith({ seed: SEED }).layer),
).pipe(Layer.provideMerge(Logger.layer([])))

/** Runs work in merchant A of a new world. */
export const inAudit = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  work.pipe(inside(MERCHANT_A), Effect.provide(auditWorld, { local: true }))

/** Writes an event of now; its facts as given, the rest as anything. */
export const write = Effect.fnUntraced(function* (facts: Partial<AuditFacts> = {}) {
  const event: AuditEvent = yield* auditEvent({
    at: yield* now,
    actor: { kind: "user", id: "u-1" },
    action: "recordPick",
    object: { kind: "order", id: "o-1" },
    outcome: "done",
    ...facts,
  })
  yield* (yield* Store).commit([insert(AuditLog, event)])
  return event
})

/** Checks the log of the current partition. */
export const verified = Effect.flatMap(KeyRing, ({ verify }) => verifyDigests({ signed: verify }))
