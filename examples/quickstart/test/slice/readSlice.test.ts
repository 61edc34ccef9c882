import { describe, expect, it } from "@effect/vitest"
import { BigDecimal, Result } from "effect"
import { parseSlice } from "../../src/slice/readSlice.ts"

const header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
const row = '570247,21523,"DOORMAT, FANCY",10,2011-10-10 08:23:00,7.08,15193,United Kingdom'
const parse = (...rows: ReadonlyArray<string>) => parseSlice(`${[header, ...rows].join("\n")}\n`)

describe("reading the slice", () => {
  it("names and types the columns", () => {
    const [line] = Result.getOrThrow(parse(row))
    expect(line).toEqual({
      invoice: "570247",
      code: "21523",
      description: "DOORMAT, FANCY",
      quantity: 10,
      clock: "2011-10-10 08:23:00",
      price: BigDecimal.fromStringUnsafe("7.08"),
      customer: "15193",
      country: "United Kingdom",
    })
  })

  it.each([
    ["a fractional quantity", row.replace(",10,", ",1.5,"), "quantity"],
    ["a price that is no number", row.replace("7.08", "free"), "price"],
    ["a country that it does not know", row.replace("United Kingdom", "Atlantis"), "country"],
    ["a time in another form", row.replace("2011-10-10", "10/10/2011"), "clock"],
    ["a number that is no invoice's", row.replace("570247", "X1"), "invoice"],
    ["a row that ends too early", "570247,21523", "quantity"],
  ])("refuses %s and says in which row", (_name, bad, field) => {
    const refused = Result.getOrThrow(Result.flip(parse(row, bad)))
    expect(refused).toMatchObject({ _tag: "BadSlice", row: 2 })
    expect(refused.message).toContain(field)
  })

  it("refuses a file with other columns", () => {
    const refused = Result.getOrThrow(Result.flip(parseSlice("a,b\n1,2\n")))
    expect(refused.message).toContain("InvoiceNo,StockCode")
  })
})
