import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { SecurityReviews } from "../../src/audit/index.ts"
import { recordSecurityReview } from "../../src/command/index.ts"
import type { Timestamp } from "../../src/kernel/index.ts"
import { Store } from "../../src/store/index.ts"
import { write } from "../audit/auditWorld.ts"
import { inside, inWorld, MERCHANT_A } from "../world.ts"

const DAY = 86_400_000

const review = (key: string, from: number, to: number) =>
  recordSecurityReview({ key, from, to, findings: [] })

describe("a review of the security log", () => {
  it.effect("names its reviewer, its range and what was found", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(20 * DAY)
      yield* write({ at: (10 * DAY) as Timestamp })
      const findings = [{ code: "false_alarm", count: 2 }] as const
      const first = yield* recordSecurityReview({
        key: "r1",
        from: 10 * DAY,
        to: 20 * DAY,
        findings,
      }).pipe(inside(MERCHANT_A, ["auditor"]))
      expect(first).toMatchObject({
        n: 1,
        reviewer: { kind: "user", id: "tester" },
        from: 10 * DAY,
        to: 20 * DAY,
        findings,
        at: 20 * DAY,
      })
    }).pipe(inWorld),
  )

  it.effect("begins where the last one ended", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(20 * DAY)
      yield* write({ at: (10 * DAY) as Timestamp })
      yield* review("r1", 10 * DAY, 12 * DAY)
      for (const from of [12 * DAY - 1, 12 * DAY + 1])
        expect(yield* Effect.flip(review(`gap-${from}`, from, 20 * DAY))).toMatchObject({
          _tag: "ReviewRangeRefused",
          reason: "not_contiguous",
          expectedFrom: 12 * DAY,
        })
      expect(yield* review("r2", 12 * DAY, 20 * DAY)).toMatchObject({ n: 2 })
    }).pipe(inWorld),
  )

  it.effect("begins at the first event or before, when it is the first", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(20 * DAY)
      yield* write({ at: (10 * DAY) as Timestamp })
      expect(yield* Effect.flip(review("late", 10 * DAY + 1, 20 * DAY))).toMatchObject({
        reason: "not_contiguous",
        expectedFrom: 10 * DAY,
      })
      expect(yield* review("r1", 9 * DAY, 20 * DAY)).toMatchObject({ n: 1 })
    }).pipe(inWorld),
  )

  it.effect("covers something, and nothing that has not happened", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(20 * DAY)
      expect(yield* Effect.flip(review("e", DAY, DAY))).toMatchObject({ reason: "empty" })
      expect(yield* Effect.flip(review("b", DAY, DAY - 1))).toMatchObject({ reason: "empty" })
      expect(yield* Effect.flip(review("f", DAY, 20 * DAY + 1))).toMatchObject({ reason: "future" })
      expect(yield* review("r1", DAY, 20 * DAY)).toMatchObject({ n: 1 })
    }).pipe(inWorld),
  )

  it.effect("is one of two that are written at once", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(20 * DAY)
      const both = yield* Effect.all(
        [1, 2].map((n) => Effect.result(review(`r${n}`, n * DAY, 20 * DAY))),
        { concurrency: "unbounded" },
      )
      expect(both.map(({ _tag }) => _tag).sort()).toEqual(["Failure", "Success"])
      const { items } = yield* (yield* Store).find(SecurityReviews, "row", {})
      expect(items).toHaveLength(1)
    }).pipe(inWorld),
  )

  it.effect("takes codes and counts, no text", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(20 * DAY)
      for (const finding of [
        { code: "Canary Buyer was rude", count: 1 },
        { code: "false_alarm", count: 0 },
        { code: "false_alarm", count: 1, note: "canary" },
      ]) {
        const refused = yield* Effect.flip(
          recordSecurityReview({ key: "x", from: 0, to: DAY, findings: [finding as never] }),
        )
        expect(refused._tag).toBe("InvalidInput")
        expect(refused.message).not.toMatch(/canary/iu)
      }
    }).pipe(inWorld),
  )

  it.effect("is not for a picker", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(review("r1", 0, 0).pipe(inside(MERCHANT_A, ["picker"])))
      expect(refused._tag).toBe("Forbidden")
    }).pipe(inWorld),
  )
})
