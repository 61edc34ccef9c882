import { describe, expect, it } from "@effect/vitest"
import { BigDecimal, Schema } from "effect"
import { lineTotal } from "../../src/slice/lineTotal.ts"

const priced = (quantity: number, price: string) =>
  lineTotal(quantity, BigDecimal.fromStringUnsafe(price))

describe("what a line costs", () => {
  it.each([
    [10, "7.08", 7080n],
    [1, "50.0", 5000n],
    [3, "0.1", 30n], // 0.30000000000000004 in floating point
    [80995, "2.08", 16_846_960n],
    [1, "0.0", 0n],
  ])("%i units at %s are %i pence, exactly", (quantity, price, pence) => {
    expect(priced(quantity, price)).toBe(pence)
  })

  it.each([
    [1, "0.001", 0n],
    [4, "0.001", 0n],
    [5, "0.001", 1n],
    [1, "0.005", 1n],
    [-5, "0.001", -1n],
    [3, "1.255", 377n], // 3.765: rounded once, not unit by unit
  ])("%i units at %s are %i pence, half a penny away from zero", (quantity, price, pence) => {
    expect(priced(quantity, price)).toBe(pence)
  })

  const count = Schema.Int.check(Schema.isBetween({ minimum: -100_000, maximum: 100_000 }))
  const thousandths = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000_000 }))

  it.prop("is never half a penny off", { count, thousandths }, ({ count, thousandths }) => {
    const exact = BigInt(count) * BigInt(thousandths)
    const off = lineTotal(count, BigDecimal.make(BigInt(thousandths), 3)) * 10n - exact
    expect(off <= 5n && off >= -5n).toBe(true)
  })
})
