import { it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect } from "vitest"
import { clampToPresent, DAY_MILLIS, now, plusMillis, Timestamp } from "../../src/kernel/index.ts"

const takes = (input: unknown) => Result.isSuccess(Schema.decodeUnknownResult(Timestamp)(input))
const at = (millis: number) => Timestamp.make(millis)
const LATEST = 8_640_000_000_000_000

describe("an instant", () => {
  it("is whole milliseconds since 1970 that a date can hold", () => {
    for (const good of [0, 1, 1_764_000_000_000, LATEST]) expect(takes(good)).toBe(true)
    for (const bad of [-1, 0.5, LATEST + 1, Number.NaN, "0", new Date(0), null])
      expect(takes(bad)).toBe(false)
  })

  it.effect("is read from the clock, in whole milliseconds (T4)", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1000.75)
      expect(yield* now).toBe(1000)
    }),
  )

  it("moves by elapsed time and stays inside its range (T1)", () => {
    expect(plusMillis(at(1000), 500)).toBe(1500)
    expect(plusMillis(at(1000), -500)).toBe(500)
    expect(plusMillis(at(1000), -5000)).toBe(0)
    expect(plusMillis(at(LATEST), DAY_MILLIS)).toBe(LATEST)
    expect(plusMillis(at(0), 1.9)).toBe(1)
  })

  it("given from outside is never later than the present (T4)", () => {
    expect(clampToPresent(at(5), at(10))).toBe(5)
    expect(clampToPresent(at(10), at(10))).toBe(10)
    expect(clampToPresent(at(11), at(10))).toBe(10)
  })
})
