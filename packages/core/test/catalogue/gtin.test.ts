import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { Barcode, checkDigitOf, Gtin, isGtin } from "../../src/catalogue/index.ts"

const decode = Schema.decodeUnknownResult(Barcode)
const stored = (text: string) => Result.getOrThrow(decode(text))

describe("a barcode", () => {
  it("of each GTIN length is taken when its check digit is right", () => {
    expect(isGtin("96385074")).toBe(true)
    expect(isGtin("036000291452")).toBe(true)
    expect(isGtin("4006381333931")).toBe(true)
    expect(isGtin("9780306406157")).toBe(true)
    expect(isGtin("10614141000415")).toBe(true)
  })

  it("is stored as 14 digits, so that UPC-A and EAN-13 of one number are one", () => {
    expect(stored("96385074")).toBe("00000096385074")
    expect(stored("036000291452")).toBe("00036000291452")
    expect(stored("0036000291452")).toBe(stored("036000291452"))
    expect(stored("10614141000415")).toBe("10614141000415")
  })

  it("is refused with a wrong check digit, a wrong length, or anything but digits", () => {
    const wrong = [
      "4006381333930",
      "400638133393",
      "12345670901",
      "",
      "00000000",
      "00000000000000",
      "4006381333931 ",
      "４006381333931",
      "X001ABCDEF",
      4006381333931,
      null,
    ]
    for (const text of wrong) expect(Result.isFailure(decode(text)), String(text)).toBe(true)
  })

  it("has only one stored form", () => {
    expect(Schema.is(Gtin)("00036000291452")).toBe(true)
    expect(Schema.is(Gtin)("036000291452")).toBe(false)
  })

  it("has the check digit of the GS1 example", () => {
    expect(checkDigitOf("629104150021")).toBe(3)
  })
})
