import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { CountryCode, Sku } from "../../src/kernel/index.ts"
import {
  type Availability,
  chooseWarehouses,
  LineId,
  type OrderSettings,
} from "../../src/order/index.ts"
import { CLOSED_SHOP, LEEDS, LONDON, SHOP } from "./orderWorld.ts"

const to = (country: string, connection = SHOP) => ({
  connection,
  country: CountryCode.make(country),
})
const wanted = (...lines: ReadonlyArray<readonly [sku: string, quantity: number]>) =>
  lines.map(([sku, quantity], place) => ({
    id: LineId.make(String(place + 1)),
    sku: Sku.make(sku),
    quantity,
  }))
const settings = (
  more: Partial<OrderSettings> = {},
): Pick<OrderSettings, "rules" | "warehouses" | "splitAcrossWarehouses"> => ({
  rules: [],
  warehouses: [LONDON, LEEDS],
  splitAcrossWarehouses: true,
  ...more,
})
/** Stock as `{ SKU: [in London, in Leeds] }`. */
const stock =
  (units: { readonly [sku: string]: readonly [number, number] }): Availability =>
  (warehouse, sku) =>
    units[sku]?.[warehouse === LONDON ? 0 : 1] ?? 0

const chosen = (...args: Parameters<typeof chooseWarehouses>) =>
  [...chooseWarehouses(...args).warehouses.values()].map((each) =>
    each === LONDON ? "London" : "Leeds",
  )

describe("brokering", () => {
  const two = wanted(["MUG", 2], ["TEA", 2])

  it("gives all lines to the first warehouse that has them all", () => {
    const here = stock({ MUG: [2, 2], TEA: [2, 2] })
    expect(chosen(two, to("GB"), settings(), here)).toEqual(["London", "London"])
    const there = stock({ MUG: [9, 2], TEA: [1, 2] })
    expect(chosen(two, to("GB"), settings(), there)).toEqual(["Leeds", "Leeds"])
  })

  it("splits the lines when none has them all, as far as the merchant lets it", () => {
    const apart = stock({ MUG: [2, 0], TEA: [0, 2] })
    expect(chosen(two, to("GB"), settings(), apart)).toEqual(["London", "Leeds"])
    const never = settings({ splitAcrossWarehouses: false })
    expect(chosen(two, to("GB"), never, apart)).toEqual(["London", "London"])
    const mostly = stock({ MUG: [1, 2], TEA: [0, 1] })
    expect(chosen(two, to("GB"), never, mostly)).toEqual(["Leeds", "Leeds"])
  })

  it("counts units of one SKU on two lines once", () => {
    const same = wanted(["MUG", 2], ["MUG", 2])
    expect(chosen(same, to("GB"), settings(), stock({ MUG: [3, 4] }))).toEqual(["Leeds", "Leeds"])
    expect(chosen(same, to("GB"), settings(), stock({ MUG: [3, 2] }))).toEqual(["London", "Leeds"])
  })

  it("sends what nobody has to where most of it is, the preferred one among equals", () => {
    expect(chosen(wanted(["MUG", 9]), to("GB"), settings(), stock({ MUG: [1, 4] }))).toEqual([
      "Leeds",
    ])
    expect(chosen(wanted(["MUG", 9]), to("GB"), settings(), stock({}))).toEqual(["London"])
  })

  it("asks the first rule whose every condition holds", () => {
    const full = stock({ MUG: [9, 9], "COLD-1": [9, 9] })
    const rules = [
      { skuPrefixes: ["COLD-"], countries: [CountryCode.make("GB")], warehouses: [LEEDS] },
      { countries: [CountryCode.make("IE")], warehouses: [LEEDS, LONDON] },
      { connections: [CLOSED_SHOP], warehouses: [LEEDS] },
    ] as const
    const ruled = settings({ rules })
    const both = wanted(["MUG", 1], ["COLD-1", 1])
    expect(chosen(both, to("GB"), ruled, full)).toEqual(["London", "Leeds"])
    expect(chosen(both, to("IE"), ruled, full)).toEqual(["Leeds", "Leeds"])
    expect(chosen(both, to("FR"), ruled, full)).toEqual(["London", "London"])
    expect(chosen(both, to("FR", CLOSED_SHOP), ruled, full)).toEqual(["Leeds", "Leeds"])
    expect(chosen(wanted(["cold-1", 1]), to("GB"), ruled, full)).toEqual(["London"])
  })

  it("names the lines that no warehouse may serve", () => {
    const nowhere = settings({ warehouses: [] })
    expect(chooseWarehouses(two, to("GB"), nowhere, stock({})).unserved).toEqual(["1", "2"])
  })

  it("never takes a warehouse that cannot when another can, and answers every line once", () => {
    const units = fc.nat({ max: 5 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("MUG", "TEA", "CUP"), fc.integer({ min: 1, max: 4 })), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.record({
          MUG: fc.tuple(units, units),
          TEA: fc.tuple(units, units),
          CUP: fc.tuple(units, units),
        }),
        fc.boolean(),
        (list, held, splitAcrossWarehouses) => {
          const lines = wanted(...list)
          const available = stock(held)
          const { warehouses, unserved } = chooseWarehouses(
            lines,
            to("GB"),
            settings({ splitAcrossWarehouses }),
            available,
          )
          expect(unserved).toEqual([])
          expect([...warehouses.keys()].sort()).toEqual(lines.map(({ id }) => id).sort())
          const used = new Set(warehouses.values())
          if (!splitAcrossWarehouses) expect(used.size).toBe(1)
          const can = (warehouse: typeof LONDON) =>
            ["MUG", "TEA", "CUP"].every(
              (sku) =>
                lines.reduce((sum, line) => (line.sku === sku ? sum + line.quantity : sum), 0) <=
                available(warehouse, Sku.make(sku)),
            )
          if (can(LONDON)) expect([...used]).toEqual([LONDON])
          else if (can(LEEDS)) expect([...used]).toEqual([LEEDS])
        },
      ),
      { numRuns: 1000 },
    )
  })
})
