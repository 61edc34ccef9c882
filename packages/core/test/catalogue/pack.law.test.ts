import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Pack, PackCode, toBaseUnits, toPacks } from "../../src/catalogue/index.ts"
import { MAX_UNITS, type Quantity } from "../../src/kernel/index.ts"

const product = (units: number): { readonly packs: ReadonlyArray<Pack> } => ({
  packs: [
    { code: PackCode.make("pair"), units: 2 as Quantity, barcodes: [] },
    { code: PackCode.make("case"), units: units as Quantity, barcodes: [] },
  ],
})
const units = fc.integer({ min: 2, max: 5000 })
const count = fc.integer({ min: 1, max: 100_000 }).map((each) => each as Quantity)

describe("packs", () => {
  it("converted to base units and back are the same packs", () => {
    fc.assert(
      fc.property(units, count, (perCase, packs) => {
        const base = Result.getOrThrow(toBaseUnits(product(perCase), "case", packs))
        expect(base).toBe(perCase * packs)
        expect(Result.getOrThrow(toPacks(product(perCase), "case", base))).toBe(packs)
      }),
    )
  })

  it("are refused where the units do not divide: nothing is rounded", () => {
    fc.assert(
      fc.property(units, count, (perCase, quantity) => {
        fc.pre(quantity % perCase !== 0)
        expect(
          Result.getOrThrow(Result.flip(toPacks(product(perCase), "case", quantity))),
        ).toMatchObject({
          _tag: "InvalidPack",
          reason: "does not divide",
          pack: "case",
          unitsPerPack: perCase,
          quantity,
        })
      }),
    )
  })

  it("that come to more units than a quantity holds are refused", () => {
    const packs = (MAX_UNITS / 2 + 1) as Quantity
    expect(Result.getOrThrow(Result.flip(toBaseUnits(product(2), "case", packs)))).toMatchObject({
      reason: "too many units",
    })
    expect(Result.getOrThrow(toBaseUnits(product(2), "case", (packs - 1) as Quantity))).toBe(
      MAX_UNITS,
    )
  })

  it("that a product does not have are refused both ways", () => {
    for (const convert of [toBaseUnits, toPacks])
      expect(
        Result.getOrThrow(Result.flip(convert(product(12), "pallet", 12 as Quantity))),
      ).toMatchObject({
        reason: "no such pack",
        pack: "pallet",
      })
  })
})
