import { createHash } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  AuditChains,
  AuditDigests,
  AuditLog,
  auditEvent,
  digestId,
  expireAuditLog,
} from "../../src/audit/index.ts"
import { exportAuditLog } from "../../src/command/index.ts"
import { now, type Timestamp } from "../../src/kernel/index.ts"
import { memoryKeyRingWith } from "../../src/memory/index.ts"
import { sealAuditLog } from "../../src/privacy/index.ts"
import { Driver, insert, Store } from "../../src/store/index.ts"
import { inside, MERCHANT_A, MERCHANT_B } from "../world.ts"
import { inAudit, verified, write } from "./auditWorld.ts"

const writeMany = Effect.fnUntraced(function* (count: number) {
  const store = yield* Store
  const at = yield* now
  for (let done = 0; done < count; done += 500)
    yield* store.commit(
      yield* Effect.forEach(Array.from({ length: Math.min(500, count - done) }), () =>
        Effect.map(
          auditEvent({
            at,
            actor: { kind: "system", id: "law" },
            action: "recordPick",
            object: { kind: "order", id: "o" },
            outcome: "done",
          }),
          (event) => insert(AuditLog, event),
        ),
      ),
    )
})

const chain = Effect.flatMap(Store, (store) => store.get(AuditChains, "chain"))

describe("sealing", () => {
  it.effect("leaves an empty log alone", () =>
    Effect.gen(function* () {
      expect(yield* sealAuditLog()).toEqual({ digests: 0, events: 0, overtaken: false })
      expect((yield* chain)._tag).toBe("None")
      expect(yield* verified).toMatchObject({ digests: 0, broken: undefined, head: undefined })
    }).pipe(inAudit),
  )

  it.effect("puts at most 2,000 events into a digest, and all that wait into digests", () =>
    Effect.gen(function* () {
      yield* writeMany(4_500)
      expect((yield* verified).unsealed.count).toBe(4_500)
      expect(yield* sealAuditLog()).toEqual({ digests: 3, events: 4_500, overtaken: false })
      expect(yield* verified).toMatchObject({
        digests: 3,
        events: 4_500,
        broken: undefined,
        unsealed: { count: 0, oldestMillis: undefined },
      })
      const digests = yield* Effect.flatMap(Store, (store) => store.find(AuditDigests, "chain", {}))
      expect(digests.items.map(({ value }) => value.count)).toEqual([2_000, 2_000, 500])
    }).pipe(inAudit),
  )

  it.effect("does not make a digest for each event that comes while it works", () =>
    Effect.gen(function* () {
      yield* writeMany(3)
      expect(yield* sealAuditLog({ limit: 2 })).toMatchObject({ digests: 2, events: 3 })
      yield* writeMany(2)
      expect(yield* sealAuditLog({ limit: 2 })).toMatchObject({ digests: 1, events: 2 })
    }).pipe(inAudit),
  )

  it.effect("puts an event that was written late into the next digest", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000)
      yield* write()
      yield* sealAuditLog()
      yield* write({ at: 400_000 as Timestamp })
      expect((yield* verified).unsealed).toEqual({ count: 1, oldestMillis: 600_000 })
      yield* sealAuditLog()
      const store = yield* Store
      const second = yield* store.get(AuditDigests, digestId(2))
      expect(second).toMatchObject({
        value: { value: { from: 400_000, to: 400_000, newest: 1_000_000 } },
      })
      expect(yield* verified).toMatchObject({ digests: 2, broken: undefined })
    }).pipe(inAudit),
  )

  it.effect("waits for the key ring, and writes nothing meanwhile", () => {
    const ring = memoryKeyRingWith()
    return Effect.gen(function* () {
      yield* write()
      ring.break("unavailable", "sign")
      expect(yield* Effect.flip(sealAuditLog())).toMatchObject({ _tag: "KeyRingUnavailable" })
      expect((yield* chain)._tag).toBe("None")
      ring.mend()
      expect(yield* sealAuditLog()).toMatchObject({ digests: 1 })
      ring.rotate()
      yield* write()
      yield* sealAuditLog()
      expect(yield* verified).toMatchObject({ digests: 2, broken: undefined })
    }).pipe(Effect.provide(ring.layer), inAudit)
  })

  it.effect("binds a log to its partition: another's does not pass for it", () =>
    Effect.gen(function* () {
      yield* write().pipe(inside(MERCHANT_B))
      yield* sealAuditLog().pipe(inside(MERCHANT_B))
      const driver = yield* Driver
      for (const collection of [AuditLog, AuditDigests, AuditChains])
        for (const { id, body } of yield* driver.scan(collection, MERCHANT_B, undefined, 10))
          yield* driver.commit(MERCHANT_A, [{ kind: "insert", collection, id, body }])
      expect((yield* verified.pipe(inside(MERCHANT_B))).broken).toBeUndefined()
      expect((yield* verified).broken).toEqual({ digest: 1, what: "edited_digest" })
    }).pipe(inAudit),
  )
})

describe("an export", () => {
  it.effect("holds the very bytes that were sealed", () =>
    Effect.gen(function* () {
      for (const id of ["o-1", "o-2", "o-3"]) yield* write({ object: { kind: "order", id } })
      yield* sealAuditLog({ limit: 2 })
      const first = yield* exportAuditLog({})
      const [opening, digest, ...events] = first.lines
      expect(JSON.parse(opening ?? "")).toEqual({ export: { version: 1, partition: MERCHANT_A } })
      const hash = createHash("sha256")
      for (const line of events) hash.update(`${line}\n`)
      expect(JSON.parse(digest ?? "").digest).toMatchObject({
        n: 1,
        count: 2,
        events: hash.digest("hex"),
      })
      expect(Object.keys(JSON.parse(events[0] ?? ""))).toEqual([
        "action",
        "actor",
        "at",
        "id",
        "object",
        "outcome",
      ])
      expect(first.next).toBe(1)
      const second = yield* exportAuditLog({ after: 1 })
      expect(second).toMatchObject({ digest: 2, next: undefined })
      expect(second.lines).toHaveLength(2)
    }).pipe(inAudit),
  )

  it.effect("says that nothing is sealed", () =>
    Effect.gen(function* () {
      const page = yield* exportAuditLog({})
      expect(page).toMatchObject({ digest: undefined, next: undefined })
      expect(page.lines).toHaveLength(1)
    }).pipe(inAudit),
  )

  it.effect("begins anew behind the anchor where digests expired meanwhile", () =>
    Effect.gen(function* () {
      for (let count = 0; count < 3; count++) {
        yield* write()
        yield* sealAuditLog()
        yield* TestClock.adjust("1 day")
      }
      expect(yield* exportAuditLog({})).toMatchObject({ digest: 1, next: 1 })
      yield* TestClock.adjust("399 days")
      expect(yield* expireAuditLog).toEqual({ digests: 3, events: 3 })
      yield* write()
      yield* sealAuditLog()
      const page = yield* exportAuditLog({ after: 1 })
      expect(page.digest).toBe(4)
      expect(JSON.parse(page.lines[0] ?? "")).toMatchObject({ export: { anchor: { n: 3 } } })
    }).pipe(inAudit),
  )
})
