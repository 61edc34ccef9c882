import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import {
  AuditDigests,
  AuditLog,
  AuditRetention,
  LogDays,
  ReviewEvery,
  ReviewInterval,
} from "../../src/audit/index.ts"
import { recordSecurityReview } from "../../src/command/index.ts"
import {
  auditKeeper,
  expireAudit,
  SEAL_AFTER_MILLIS,
  sealAudit,
  watchAudit,
} from "../../src/host/index.ts"
import { evaluateAlerts, Outbox } from "../../src/integration/index.ts"
import { now, plusMillis } from "../../src/kernel/index.ts"
import { memoryKeyRingWith } from "../../src/memory/index.ts"
import { remove, Store } from "../../src/store/index.ts"
import { inAudit, verified, write } from "../audit/auditWorld.ts"
import { inside, MERCHANT_A, MERCHANT_B, opened } from "../world.ts"

const DAY = 86_400_000

const alertsOf = (rule: string) =>
  Effect.map(
    Effect.flatMap(Store, (store) => store.find(Outbox, "order", { limit: 1000 })),
    ({ items }) =>
      items.filter(({ value }) => (value.body as { rule: string }).rule === rule).length,
  )

describe("a pass over the audit logs", () => {
  it.effect(
    "seals a log when its oldest event has waited 15 minutes, with all that came since",
    () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(DAY)
        yield* write()
        yield* TestClock.adjust(SEAL_AFTER_MILLIS - 1)
        yield* write()
        expect(yield* sealAudit).toMatchObject({ digests: 0, events: 0 })
        yield* TestClock.adjust(1)
        expect(yield* sealAudit).toEqual({ digests: 1, events: 2, alerts: 0, refused: [] })
        expect(yield* sealAudit).toMatchObject({ digests: 0 })
      }).pipe(inAudit),
  )

  it.effect("does so in each partition, and runs the alert rules over each at once", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write()
      yield* TestClock.adjust(SEAL_AFTER_MILLIS)
      yield* write({ action: "enterPartition", outcome: "refused", reason: "NotFound" }).pipe(
        inside(MERCHANT_B),
      )
      expect(yield* sealAudit).toEqual({ digests: 1, events: 1, alerts: 1, refused: [] })
      expect(yield* alertsOf("cross_merchant_attempt").pipe(inside(MERCHANT_B))).toBe(1)
      expect(yield* alertsOf("cross_merchant_attempt")).toBe(0)
    }).pipe(inAudit),
  )

  it.effect("seals what is ahead of a clock that was set right", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write({ at: plusMillis(yield* now, DAY) })
      expect(yield* sealAudit).toMatchObject({ digests: 1, events: 1 })
    }).pipe(inAudit),
  )

  it.effect("comes back to a log that could not be signed, and goes on to the others", () => {
    const ring = memoryKeyRingWith()
    return Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write()
      yield* write().pipe(inside(MERCHANT_B))
      yield* TestClock.adjust(SEAL_AFTER_MILLIS)
      ring.break("disabled", "sign")
      const report = yield* sealAudit
      expect(report).toMatchObject({ digests: 0, refused: [{ reason: "KeyRingUnavailable" }, {}] })
      ring.mend()
      expect(yield* sealAudit).toMatchObject({ digests: 2, refused: [] })
    }).pipe(Effect.provide(ring.layer), inAudit)
  })
})

describe("the keeper of the audit logs", () => {
  it.effect("seals every minute, and goes on after a failure", () => {
    const ring = memoryKeyRingWith()
    return Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write()
      ring.break("unavailable", "verify")
      const keeping = yield* Effect.forkChild(auditKeeper)
      yield* TestClock.adjust(SEAL_AFTER_MILLIS + 60_000)
      expect(yield* verified.pipe(Effect.flip)).toMatchObject({ _tag: "KeyRingUnavailable" })
      ring.mend()
      expect(yield* verified).toMatchObject({ digests: 1, unsealed: { count: 0 } })
      yield* write({ action: "breakGlass" })
      yield* TestClock.adjust("1 hour")
      expect(yield* verified).toMatchObject({ digests: 2, unsealed: { count: 0 } })
      expect(yield* alertsOf("break_glass")).toBe(1)
      yield* Fiber.interrupt(keeping)
    }).pipe(Effect.provide(ring.layer), inAudit)
  })
})

describe("a watch over the audit logs", () => {
  it.effect("tells of a log that is not as it was sealed, once", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write()
      yield* TestClock.adjust(SEAL_AFTER_MILLIS)
      yield* sealAudit
      expect(yield* watchAudit).toEqual({ partitions: 1, alerts: 0, broken: [] })
      const store = yield* Store
      const [event] = (yield* store.find(AuditLog, "time", {})).items
      if (event !== undefined) yield* store.commit([remove(event)])
      expect(yield* watchAudit).toEqual({ partitions: 1, alerts: 1, broken: [MERCHANT_A] })
      expect(yield* watchAudit).toEqual({ partitions: 1, alerts: 0, broken: [MERCHANT_A] })
      expect(yield* alertsOf("log_broken")).toBe(1)
    }).pipe(inAudit),
  )

  it.effect("tells of events that wait too long", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write()
      yield* TestClock.adjust(SEAL_AFTER_MILLIS)
      yield* sealAudit
      yield* write()
      yield* TestClock.adjust(1_800_000)
      expect(yield* watchAudit).toMatchObject({ alerts: 0 })
      yield* TestClock.adjust(1)
      expect(yield* watchAudit).toMatchObject({ alerts: 1 })
      expect(yield* alertsOf("log_unsealed")).toBe(1)
    }).pipe(inAudit),
  )

  it.effect.each([
    [14 * DAY, undefined],
    [3.5 * DAY, ReviewInterval.make(3.5 * DAY)],
  ] as const)("tells of a review that is overdue by a millisecond after %d ms", ([millis, every]) =>
    Effect.gen(function* () {
      yield* opened()
      yield* TestClock.setTime(DAY)
      yield* write()
      yield* TestClock.adjust(SEAL_AFTER_MILLIS)
      yield* sealAudit
      yield* TestClock.setTime(DAY + millis)
      yield* watchAudit
      expect(yield* alertsOf("security_review_overdue")).toBe(0)
      yield* TestClock.adjust(1)
      yield* watchAudit
      expect(yield* alertsOf("security_review_overdue")).toBe(1)
      yield* recordSecurityReview({ key: "r", from: DAY, to: DAY + millis, findings: [] })
      yield* TestClock.adjust(millis - 1)
      yield* watchAudit
      expect(yield* alertsOf("security_review_overdue")).toBe(1)
      yield* TestClock.adjust(1)
      yield* watchAudit
      expect(yield* alertsOf("security_review_overdue")).toBe(2)
    }).pipe(
      Effect.provide(every === undefined ? Layer.empty : Layer.succeed(ReviewEvery, every)),
      inAudit,
    ),
  )
})

describe("expiry of the audit logs", () => {
  it.effect.each([
    [400, undefined],
    [366, LogDays.make(366)],
    [500, LogDays.make(500)],
  ] as const)("comes after %d days, not a millisecond before", ([days, setting]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write()
      yield* TestClock.adjust(SEAL_AFTER_MILLIS)
      yield* sealAudit
      yield* TestClock.setTime(DAY + days * DAY - 1)
      expect(yield* expireAudit).toEqual({ digests: 0, events: 0, alerts: 0, broken: [] })
      yield* TestClock.adjust(1)
      expect(yield* expireAudit).toEqual({ digests: 1, events: 1, alerts: 0, broken: [] })
      expect(yield* verified).toMatchObject({ digests: 0, broken: undefined, anchor: { n: 1 } })
    }).pipe(
      Effect.provide(setting === undefined ? Layer.empty : Layer.succeed(AuditRetention, setting)),
      inAudit,
    ),
  )

  it.effect("stops at a log that was tampered with, and goes on with the others", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write()
      yield* write().pipe(inside(MERCHANT_B))
      yield* TestClock.adjust(SEAL_AFTER_MILLIS)
      yield* sealAudit
      const store = yield* Store
      const [event] = (yield* store.find(AuditLog, "time", {})).items
      if (event !== undefined) yield* store.commit([remove(event)])
      yield* TestClock.setTime(500 * DAY)
      expect(yield* expireAudit).toMatchObject({ digests: 1, events: 1, broken: [MERCHANT_A] })
      expect((yield* store.find(AuditDigests, "chain", {})).items).toHaveLength(1)
    }).pipe(inAudit),
  )

  it.effect("forgets alerts that are long over", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DAY)
      yield* write({ action: "enterPartition", outcome: "refused", reason: "NotFound" })
      yield* evaluateAlerts
      yield* TestClock.adjust("35 days")
      expect(yield* expireAudit).toMatchObject({ alerts: 0 })
      yield* TestClock.adjust("1 hour")
      expect(yield* expireAudit).toMatchObject({ alerts: 1 })
    }).pipe(inAudit),
  )

  it("cannot be set to less than 366 days (T3)", () => {
    for (const days of [365, 0, -1, 366.5, Number.NaN]) expect(() => LogDays.make(days)).toThrow()
  })
})
