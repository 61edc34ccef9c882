import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { add, allocate, Currency, type Money, negate, zero } from "../../src/kernel/index.ts"

const GBP = Currency.make("GBP")
const pence = (minor: bigint): Money => ({ currency: GBP, minor })

const anyMinor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })
const anyWeights = fc
  .array(fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 10n ** 15n })), {
    minLength: 1,
    maxLength: 60,
    size: "max",
  })
  .filter((weights) => weights.some((weight) => weight > 0n))

const sharesOf = (total: bigint, weights: ReadonlyArray<bigint>): ReadonlyArray<bigint> =>
  Result.getOrThrow(allocate(pence(total), weights)).map(({ minor }) => minor)

const sumOf = (list: ReadonlyArray<bigint>): bigint => list.reduce((sum, each) => sum + each, 0n)

const law = (name: string, holds: (total: bigint, weights: ReadonlyArray<bigint>) => void) =>
  it(name, () => {
    fc.assert(fc.property(anyMinor, anyWeights, holds), { numRuns: 2000 })
  })

describe("sharing money out", () => {
  law("loses and makes no penny: the shares sum to the total", (total, weights) => {
    const shares = sharesOf(total, weights)
    expect(shares).toHaveLength(weights.length)
    expect(sumOf(shares)).toBe(total)
  })

  law("gives each share within one minor unit of its exact part", (total, weights) => {
    const whole = sumOf(weights)
    for (const [i, share] of sharesOf(total, weights).entries()) {
      const off = share * whole - total * (weights[i] ?? 0n)
      expect(off < 0n ? -off : off).toBeLessThan(whole)
    }
  })

  law("gives nothing to a line of no weight", (total, weights) => {
    const shares = sharesOf(total, [...weights, 0n])
    expect(shares.at(-1)).toBe(0n)
  })

  law("is the same each time, and the same with every weight doubled", (total, weights) => {
    const shares = sharesOf(total, weights)
    expect(sharesOf(total, weights)).toEqual(shares)
    expect(
      sharesOf(
        total,
        weights.map((weight) => weight * 2n),
      ),
    ).toEqual(shares)
  })

  law("shares a refund as it shares the charge, with the other sign", (total, weights) => {
    expect(sharesOf(-total, weights)).toEqual(sharesOf(total, weights).map((share) => 0n - share))
  })

  law(
    "gives equal weights shares that differ by one unit at most, the larger first",
    (total, weights) => {
      const even = sharesOf(
        total < 0n ? -total : total,
        weights.map(() => 1n),
      )
      expect((even[0] ?? 0n) - (even.at(-1) ?? 0n)).toBeLessThanOrEqual(1n)
      expect(even).toEqual([...even].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0)))
    },
  )

  law("gives a heavier line no less than a lighter one", (total, weights) => {
    const size = total < 0n ? -total : total
    const shares = sharesOf(size, weights)
    const byWeight = weights.map((weight, i) => [weight, shares[i] ?? 0n] as const)
    byWeight.sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    for (let i = 1; i < byWeight.length; i++)
      expect(byWeight[i]?.[1]).toBeGreaterThanOrEqual(byWeight[i - 1]?.[1] ?? 0n)
  })
})

describe("adding money", () => {
  it("is exact, whatever the order, and takes itself back", () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, (a, b) => {
        const sum = Result.getOrThrow(add(pence(a), pence(b)))
        expect(sum).toEqual(pence(a + b))
        expect(Result.getOrThrow(add(pence(b), pence(a)))).toEqual(sum)
        expect(Result.getOrThrow(add(sum, negate(pence(b))))).toEqual(pence(a))
        expect(Result.getOrThrow(add(pence(a), zero(GBP)))).toEqual(pence(a))
      }),
    )
  })
})
