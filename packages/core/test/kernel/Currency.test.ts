import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { Currency, minorDigits } from "../../src/kernel/index.ts"

const decode = Schema.decodeUnknownResult(Currency)

describe("a currency", () => {
  it.each([
    ["GBP", 2],
    ["EUR", 2],
    ["USD", 2],
    ["PLN", 2],
    ["XCG", 2],
    ["JPY", 0],
    ["KRW", 0],
    ["CLP", 0],
    ["ISK", 0],
    ["VND", 0],
    ["BHD", 3],
    ["KWD", 3],
    ["TND", 3],
    ["UYW", 4],
  ])("%s has %i digits", (code, digits) => {
    expect(minorDigits(Result.getOrThrow(decode(code)))).toBe(digits)
  })

  it.each([
    ["lower case", "gbp"],
    ["a space", "GBP "],
    ["two letters", "GB"],
    ["nothing", ""],
    ["a symbol", "£"],
    ["a number", 826],
    ["a code that no country ever had", "ABC"],
    ["a currency that is gone", "DEM"],
    ["one that the euro replaced", "BGN"],
    ["a metal", "XAU"],
    ["a fund", "CLF"],
    ["the testing code", "XTS"],
    ["a name of every object", "constructor"],
  ])("is refused: %s", (_, code) => {
    expect(Result.isFailure(decode(code))).toBe(true)
  })

  it("is known for every country that has one", () => {
    const known = Intl.supportedValuesOf("currency").filter((code) =>
      Result.isSuccess(decode(code)),
    )
    expect(known.length).toBeGreaterThan(145)
  })
})
