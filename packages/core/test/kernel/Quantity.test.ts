import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { MAX_UNITS, Quantity, SignedUnits, sumUnits, Units } from "../../src/kernel/index.ts"

const takes = (schema: Schema.Codec<number, number>, input: unknown): boolean =>
  Result.isSuccess(Schema.decodeUnknownResult(schema)(input))

/** What is no whole number at all. */
const never = [
  0.5,
  1.0000001,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MAX_SAFE_INTEGER + 1,
  Number.MIN_SAFE_INTEGER - 1,
  1e300,
  "1",
  "",
  1n,
  true,
  null,
  undefined,
  [1],
  {},
  new Number(1),
]

describe("a quantity", () => {
  it.each([1, 2, 1114, MAX_UNITS])("may be %s", (input) => {
    expect(takes(Quantity, input)).toBe(true)
  })

  it.each([0, -0, -1, -5, MAX_UNITS + 1, ...never])("may not be %s", (input) => {
    expect(takes(Quantity, input)).toBe(false)
  })
})

describe("units that are there", () => {
  it.each([0, 1, MAX_UNITS, Number.MAX_SAFE_INTEGER])("may be %s", (input) => {
    expect(takes(Units, input)).toBe(true)
  })

  it.each([-1, ...never])("may not be %s", (input) => {
    expect(takes(Units, input)).toBe(false)
  })

  it("sum up, none of them to none", () => {
    expect(sumUnits([3, 4, 5])).toBe(12)
    expect(sumUnits([])).toBe(0)
  })
})

describe("units that may be in debt", () => {
  it.each([0, -5, 5, Number.MIN_SAFE_INTEGER])("may be %s", (input) => {
    expect(takes(SignedUnits, input)).toBe(true)
  })

  it.each(never)("may not be %s", (input) => {
    expect(takes(SignedUnits, input)).toBe(false)
  })
})
