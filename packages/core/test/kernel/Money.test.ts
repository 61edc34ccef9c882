import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { add, allocate, Currency, formatMoney, Money } from "../../src/kernel/index.ts"

const of = (code: string, minor: bigint): Money => ({ currency: Currency.make(code), minor })
const decode = Schema.decodeUnknownResult(Money)
const encode = Schema.encodeSync(Money)

describe("money", () => {
  it.each<[bigint, Array<bigint>, Array<bigint>]>([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [5n, [3n, 0n, 7n], [2n, 0n, 3n]],
    [1n, [1n, 1n], [1n, 0n]],
    [0n, [1n, 2n], [0n, 0n]],
    [10n, [999n], [10n]],
    [1000n, [1n, 999n], [1n, 999n]],
  ])("shares %s over %s as %s", (total, weights, shares) => {
    const result = Result.getOrThrow(allocate(of("GBP", total), weights))
    expect(result).toEqual(shares.map((share) => of("GBP", share)))
  })

  it.each<[string, Array<bigint>]>([
    ["no weights", []],
    ["negative weight", [1n, -1n, 5n]],
    ["all weights are zero", [0n, 0n]],
  ])("is not shared out over %s", (reason, weights) => {
    const refused = Result.getOrThrow(Result.flip(allocate(of("GBP", 1n), weights)))
    expect(refused).toMatchObject({ _tag: "BadAllocation", reason })
  })

  it("of two currencies is not added", () => {
    const refused = Result.getOrThrow(Result.flip(add(of("GBP", 1n), of("EUR", 1n))))
    expect(refused).toMatchObject({ _tag: "CurrencyMismatch", left: "GBP", right: "EUR" })
  })

  it.each([
    [of("GBP", 1250n), "12.50 GBP"],
    [of("GBP", 5n), "0.05 GBP"],
    [of("GBP", -5n), "-0.05 GBP"],
    [of("GBP", 0n), "0.00 GBP"],
    [of("JPY", 1200n), "1200 JPY"],
    [of("JPY", -7n), "-7 JPY"],
    [of("KWD", 1n), "0.001 KWD"],
    [of("KWD", -1234n), "-1.234 KWD"],
  ])("prints with the digits of its currency: %o as %s", (amount, text) => {
    expect(formatMoney(amount)).toBe(text)
  })

  it("stands in a record as a string of digits, and comes back exactly", () => {
    const amount = of("GBP", -999_999_999_999_999n)
    expect(encode(amount)).toEqual({ currency: "GBP", minor: "-999999999999999" })
    expect(Result.getOrThrow(decode(encode(amount)))).toEqual(amount)
  })

  it.each([
    ["a fraction", { currency: "GBP", minor: "1.5" }],
    ["no digits", { currency: "GBP", minor: "" }],
    ["spaces", { currency: "GBP", minor: " 1" }],
    ["hexadecimal", { currency: "GBP", minor: "0x10" }],
    ["a number", { currency: "GBP", minor: 100 }],
    ["above the limit", { currency: "GBP", minor: String(10n ** 15n + 1n) }],
    ["below the limit", { currency: "GBP", minor: String(-(10n ** 15n) - 1n) }],
    ["an unknown currency", { currency: "GPB", minor: "1" }],
    ["no currency", { minor: "1" }],
  ])("is refused at the border with %s", (_, input) => {
    expect(Result.isFailure(decode(input))).toBe(true)
  })

  it.each([10n ** 15n, -(10n ** 15n), 0n])(
    "is taken at the border up to its limit: %s",
    (minor) => {
      expect(Result.getOrThrow(decode({ currency: "GBP", minor: String(minor) })).minor).toBe(minor)
    },
  )
})
