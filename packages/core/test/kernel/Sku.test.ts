import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { Sku } from "../../src/kernel/index.ts"

const takes = (input: unknown) => Result.isSuccess(Schema.decodeUnknownResult(Sku)(input))

describe("a SKU", () => {
  it.each(["A", "85123A", "a", "M", "GIFT CARD 50", "ü-1", "x".repeat(64), "#", "東京"])(
    "may be %s",
    (input) => {
      expect(takes(input)).toBe(true)
    },
  )

  it.each(["", " ", " A", "A ", "A/B", "/", "A\nB", "A\u0000", "\tA", "x".repeat(65), 85123, null])(
    "may not be %s",
    (input) => {
      expect(takes(input)).toBe(false)
    },
  )

  it("keeps its case", () => {
    expect(Result.getOrThrow(Schema.decodeUnknownResult(Sku)("85123a"))).toBe("85123a")
  })
})
