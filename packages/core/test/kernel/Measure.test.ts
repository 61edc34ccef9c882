import { Result, Schema } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  Dimensions,
  Grams,
  lengthAndGirthOf,
  Millimetres,
  Parcel,
  volumeOf,
} from "../../src/kernel/index.ts"

const takes = (schema: Schema.Codec<unknown, unknown>, input: unknown) =>
  Result.isSuccess(Schema.decodeUnknownResult(schema)(input))
const size = (length: number, width: number, height: number) =>
  Schema.decodeUnknownSync(Dimensions)({ length, width, height })

describe("a measure", () => {
  it("of weight is whole grams up to 30 tonnes", () => {
    for (const good of [1, 500, 30_000_000]) expect(takes(Grams, good)).toBe(true)
    for (const bad of [0, -1, 0.5, 30_000_001, Number.NaN, "1"])
      expect(takes(Grams, bad)).toBe(false)
  })

  it("of length is whole millimetres up to 20 metres", () => {
    for (const good of [1, 20_000]) expect(takes(Millimetres, good)).toBe(true)
    for (const bad of [0, -1, 1.5, 20_001, Number.POSITIVE_INFINITY, "1"])
      expect(takes(Millimetres, bad)).toBe(false)
  })

  it("of a parcel is its gross weight and its outer size", () => {
    const good = { weight: 1200, size: { length: 300, width: 200, height: 100 } }
    expect(takes(Parcel, good)).toBe(true)
    expect(takes(Parcel, { ...good, weight: 0 })).toBe(false)
    expect(takes(Parcel, { ...good, size: { length: 300, width: 200 } })).toBe(false)
  })

  it("of volume is the product of the sides, exact for the largest box", () => {
    expect(volumeOf(size(300, 200, 100))).toBe(6_000_000)
    expect(volumeOf(size(20_000, 20_000, 20_000))).toBe(8e12)
  })

  it("of length and girth is the longest side and twice the other two, however the box lies", () => {
    expect(lengthAndGirthOf(size(300, 200, 100))).toBe(900)
    const side = fc.integer({ min: 1, max: 20_000 })
    fc.assert(
      fc.property(side, side, side, (a, b, c) => {
        const expected = Math.max(a, b, c) + 2 * (a + b + c - Math.max(a, b, c))
        for (const [x, y, z] of [
          [a, b, c],
          [c, a, b],
          [b, c, a],
          [c, b, a],
        ] as const)
          expect(lengthAndGirthOf(size(x, y, z))).toBe(expected)
      }),
    )
  })
})
