import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { Alert, AlertDue } from "../../src/audit/index.ts"
import {
  evaluateAlerts,
  LATE_MILLIS,
  notifyAlerts,
  Outbox,
  raiseAlerts,
  work,
} from "../../src/integration/index.ts"
import { now, plusMillis, type Timestamp } from "../../src/kernel/index.ts"
import { recordingNotifier } from "../../src/memory/index.ts"
import { Store } from "../../src/store/index.ts"
import { inAudit, write } from "../audit/auditWorld.ts"
import { MERCHANT_A } from "../world.ts"

const HOUR = 3_600_000

const failedSignIn = (late = 0) =>
  Effect.flatMap(now, (at) =>
    write({
      at: plusMillis(at, -late),
      action: "signIn",
      outcome: "refused",
      object: { kind: "address", id: "a-1" },
    }),
  )

const due: AlertDue = {
  rule: "sweep_backlog",
  subject: { kind: "audit_log", id: "partition" },
  window: { from: 0 as Timestamp, to: 1_000 as Timestamp },
  count: 1,
  quietMillis: HOUR,
}

describe("evaluation", () => {
  it.effect("finds what an event that came late completes, within 15 minutes", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10 * HOUR)
      for (let count = 0; count < 4; count++) yield* failedSignIn()
      expect(yield* evaluateAlerts).toEqual([])
      yield* TestClock.adjust(LATE_MILLIS - 60_000)
      expect(yield* evaluateAlerts).toEqual([])
      yield* failedSignIn(LATE_MILLIS - 60_000)
      yield* TestClock.adjust(1)
      expect(yield* evaluateAlerts).toMatchObject([{ rule: "failed_sign_ins", count: 5 }])
      expect(yield* evaluateAlerts).toEqual([])
    }).pipe(inAudit),
  )

  it.effect("goes through a long log in slices, and tells of the oldest too", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10 * HOUR)
      for (let day = 0; day < 3; day++) {
        for (let count = 0; count < 5; count++) yield* failedSignIn()
        yield* TestClock.adjust("10 days")
      }
      const alerts = yield* evaluateAlerts
      expect(alerts.map(({ window }) => window.to)).toEqual([10 * HOUR, 250 * HOUR, 490 * HOUR])
    }).pipe(inAudit),
  )

  it.effect("measures an actor against its own 14 days", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 5, 1, 6))
      const reveal = (order: string) =>
        write({ action: "revealForLabel", object: { kind: "order", id: order } })
      for (let hour = 0; hour < 24; hour++) {
        yield* reveal(`usual-${hour}`)
        yield* TestClock.adjust(hour % 8 === 7 ? "17 hours" : "1 hour")
        yield* evaluateAlerts
      }
      for (let count = 0; count < 9; count++) yield* reveal(`many-${count}`)
      expect(yield* evaluateAlerts).toEqual([])
      yield* reveal("many-9")
      yield* TestClock.adjust(1)
      expect(yield* evaluateAlerts).toMatchObject([{ rule: "reveals_above_pattern", count: 10 }])
    }).pipe(inAudit),
  )

  it.effect("has nothing to say of an empty log, and nothing new when the clock is set back", () =>
    Effect.gen(function* () {
      expect(yield* evaluateAlerts).toEqual([])
      yield* TestClock.setTime(10 * HOUR)
      yield* write({ action: "enterPartition", outcome: "refused", reason: "NotFound" })
      expect(yield* evaluateAlerts).toHaveLength(1)
      yield* TestClock.setTime(9 * HOUR)
      expect(yield* evaluateAlerts).toEqual([])
    }).pipe(inAudit),
  )
})

describe("an alert", () => {
  it.effect("is raised once in its quiet time, and again after it", () =>
    Effect.gen(function* () {
      const later = (millis: number): AlertDue => ({
        ...due,
        window: { from: due.window.from, to: (1_000 + millis) as Timestamp },
      })
      expect(yield* raiseAlerts([due, later(1)])).toHaveLength(1)
      expect(yield* raiseAlerts([later(HOUR - 1)])).toEqual([])
      expect(yield* raiseAlerts([later(HOUR)])).toHaveLength(1)
      expect(yield* raiseAlerts([{ ...due, rule: "log_silent" }])).toHaveLength(1)
    }).pipe(inAudit),
  )

  it.effect("is raised in any number at once", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 1_234 }, (_, n) => ({
        ...due,
        subject: { kind: "order", id: `o-${n}` },
      }))
      const alerts = yield* raiseAlerts(many)
      expect(new Set(alerts.map(({ subject }) => subject.id)).size).toBe(1_234)
      expect(alerts).toHaveLength(1_234)
    }).pipe(inAudit),
  )

  it.effect("reaches the notifier once it is up again", () => {
    const notifier = recordingNotifier()
    return Effect.gen(function* () {
      notifier.break()
      const [raised] = yield* raiseAlerts([due])
      const working = yield* Effect.forkChild(work([notifyAlerts]))
      for (let second = 0; second < 30; second++) yield* TestClock.adjust("1 second")
      expect(notifier.told).toEqual([])
      notifier.mend()
      for (let minute = 0; minute < 60 && notifier.told.length === 0; minute++)
        yield* TestClock.adjust("1 minute")
      yield* Fiber.interrupt(working)
      expect(notifier.told).toEqual([raised satisfies Alert | undefined])
      expect(raised).toMatchObject({ partition: MERCHANT_A, rule: "sweep_backlog" })
      const store = yield* Store
      expect((yield* store.find(Outbox, "order", {})).items).toEqual([])
    }).pipe(Effect.provide(notifier.layer), inAudit)
  })
})
