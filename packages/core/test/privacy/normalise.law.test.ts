import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { normalise } from "../../src/privacy/normalise.ts"

describe("the form by which a buyer is searched", () => {
  it.each([
    ["email", " Canary.Buyer@Example.COM\n", "canary.buyer@example.com"],
    ["email", "ｃａｎａｒｙ＠example.com", "canary@example.com"],
    ["email", "   ", ""],
    ["phone", "+44 (0)7700 900-123", "4407700900123"],
    ["phone", "+44 7700 900123", "447700900123"],
    ["phone", "0044 7700 900123", "447700900123"],
    ["phone", "４４７７００９００１２３", "447700900123"],
    ["phone", "07700 900123", "07700900123"],
    ["phone", "not given", ""],
  ] as const)("%s %s is %s", (field, value, form) => {
    expect(normalise(field, value)).toBe(form)
  })

  it("is its own form", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (value) => {
        const email = normalise("email", value)
        expect(normalise("email", email)).toBe(email)
      }),
      { numRuns: 500 },
    )
  })

  it("is the same however an address is capitalised or padded", () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.constantFrom("", " ", "\t\n"), (address, space) => {
        const form = normalise("email", address)
        expect(normalise("email", space + address.toUpperCase() + space)).toBe(form)
      }),
    )
  })

  it("is the same however a number is set", () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{6,14}$/u)
    fc.assert(
      fc.property(digits, fc.constantFrom(" ", "-", ".", " / ", ")("), (number, gap) => {
        expect(normalise("phone", `+${[...number].join(gap)}`)).toBe(number)
        expect(normalise("phone", `00${number}`)).toBe(number)
      }),
    )
  })
})
