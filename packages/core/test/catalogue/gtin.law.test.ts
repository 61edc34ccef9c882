import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { checkDigitOf, isGtin } from "../../src/catalogue/index.ts"

const digit = fc.integer({ min: 0, max: 9 })
const LENGTHS = [8, 12, 13, 14] as const

/** A GTIN of any length, with its last digit found by trial against the definition, not by the code under test. */
const gtin = fc
  .constantFrom(...LENGTHS)
  .chain((length) => fc.array(digit, { minLength: length - 1, maxLength: length - 1 }))
  .filter((digits) => digits.some((each) => each !== 0))
  .map((digits) => {
    for (let last = 0; last < 10; last++) {
      const whole = [...digits, last]
      const sum = whole
        .toReversed()
        .reduce((total, each, place) => total + each * (place % 2 === 0 ? 1 : 3), 0)
      if (sum % 10 === 0) return whole
    }
    throw new Error("some digit makes the sum a multiple of ten")
  })

const RUNS = { numRuns: 2000 }

describe("the check digit of GS1", () => {
  it("is the one that makes the weighted sum a multiple of ten", () => {
    fc.assert(
      fc.property(gtin, (digits) => {
        expect(isGtin(digits.join(""))).toBe(true)
        expect(checkDigitOf(digits.slice(0, -1).join(""))).toBe(digits.at(-1))
      }),
      RUNS,
    )
  })

  it("is the same with zeros in front", () => {
    fc.assert(
      fc.property(gtin, (digits) => {
        expect(isGtin(digits.join("").padStart(14, "0"))).toBe(true)
      }),
      RUNS,
    )
  })

  it("finds every single wrong digit", () => {
    fc.assert(
      fc.property(gtin, fc.nat(), digit, (digits, where, wrong) => {
        const place = where % digits.length
        fc.pre(digits[place] !== wrong)
        expect(isGtin(digits.with(place, wrong).join(""))).toBe(false)
      }),
      RUNS,
    )
  })

  it("finds a swap of two neighbours unless they differ by 5, as GS1 says", () => {
    fc.assert(
      fc.property(gtin, fc.nat(), (digits, where) => {
        const place = where % (digits.length - 1)
        const [left = 0, right = 0] = [digits[place], digits[place + 1]]
        fc.pre(left !== right)
        const swapped = digits.with(place, right).with(place + 1, left)
        expect(isGtin(swapped.join(""))).toBe(Math.abs(left - right) === 5)
      }),
      RUNS,
    )
  })
})
