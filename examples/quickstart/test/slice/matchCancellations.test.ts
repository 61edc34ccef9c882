import { describe, expect, it } from "@effect/vitest"
import { BigDecimal } from "effect"
import { matchCancellations } from "../../src/slice/matchCancellations.ts"
import type { InvoiceLine } from "../../src/slice/readSlice.ts"

const line = (given: Partial<InvoiceLine>): InvoiceLine => ({
  invoice: "570001",
  code: "22086",
  description: "",
  quantity: 6,
  clock: "2011-10-10 10:00:00",
  price: BigDecimal.fromStringUnsafe("2.95"),
  customer: "15193",
  country: "United Kingdom",
  ...given,
})
const sale = line({})
const credit = line({ invoice: "C570009", quantity: -6, clock: "2011-10-10 11:00:00" })
const found = (sales: ReadonlyArray<InvoiceLine>, credits: ReadonlyArray<InvoiceLine>) =>
  matchCancellations(sales, credits).map((match) => match.sale)

describe("pairing cancellations with sales", () => {
  it("finds the sale with the same buyer, code and number of units", () => {
    expect(found([sale], [credit])).toEqual([sale])
  })

  it.each([
    ["buyer", line({ customer: "15194" }), credit],
    ["code", line({ code: "22087" }), credit],
    ["letter case of the code", line({ code: "85123A" }), line({ ...credit, code: "85123a" })],
    ["number of units", line({ quantity: 7 }), credit],
  ])("finds nothing when the %s differs", (_name, other, asked) => {
    expect(found([other], [asked])).toEqual([undefined])
  })

  it("finds nothing for a buyer without a number", () => {
    expect(found([line({ customer: "" })], [line({ ...credit, customer: "" })])).toEqual([
      undefined,
    ])
  })

  it("does not look into the future", () => {
    const later = line({ clock: "2011-10-10 11:01:00" })
    const sameMinute = line({ clock: "2011-10-10 11:00:00" })
    expect(found([later], [credit])).toEqual([undefined])
    expect(found([sameMinute], [credit])).toEqual([sameMinute])
  })

  it("prefers the latest sale, and takes each one back once", () => {
    const first = line({ invoice: "570001" })
    const second = line({ invoice: "570002", clock: "2011-10-10 10:30:00" })
    expect(found([second, first], [credit, credit, credit])).toEqual([second, first, undefined])
  })
})
