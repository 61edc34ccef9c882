import { describe, expect, it } from "@effect/vitest"
import { BigDecimal, Effect } from "effect"
import { type InvoiceLine, readSlice } from "../../src/slice/readSlice.ts"
import { isProductCode } from "../../src/slice/toOrders.ts"

const rows = Effect.runSync(readSlice)
const isSale = ({ invoice }: InvoiceLine) => /^\d/u.test(invoice)
const sales = rows.filter(isSale)
const countOf = <A>(all: ReadonlyArray<A>, key: (each: A) => string) =>
  [...Map.groupBy(all, key)].map(([name, group]) => ({ name, count: group.length }))

describe("the slice of Online Retail", () => {
  it("holds two busy days", () => {
    const days = Map.groupBy(sales, ({ clock }) => clock.slice(0, 10))
    const invoices = [...days].map(([day, lines]) => [
      day,
      new Set(lines.map(({ invoice }) => invoice)).size,
    ])
    expect(invoices).toEqual([
      ["2011-10-10", 110],
      ["2011-10-12", 98],
    ])
    expect(rows).toHaveLength(3232 + 2193)
  })

  it("holds cancellations", () => {
    const credits = rows.filter(({ invoice }) => invoice.startsWith("C"))
    expect(new Set(credits.map(({ invoice }) => invoice)).size).toBe(41)
    expect(credits.every(({ quantity }) => quantity < 0)).toBe(true)
  })

  it("holds invoices with one code on two lines, and rows that are alike in every column", () => {
    const pairs = countOf(sales, ({ invoice, code }) => `${invoice} ${code}`)
    expect(pairs.filter(({ count }) => count > 1).length).toBeGreaterThan(100)
    const alike = countOf(rows, (row) =>
      JSON.stringify({ ...row, price: BigDecimal.format(row.price) }),
    )
    expect(alike.filter(({ count }) => count > 1).length).toBeGreaterThan(0)
  })

  it("holds codes that differ only by case", () => {
    const codes = [...new Set(sales.map(({ code }) => code))]
    const shared = countOf(codes, (code) => code.toLowerCase()).filter(({ count }) => count > 1)
    expect(shared).toHaveLength(11)
    expect(codes).toEqual(expect.arrayContaining(["85123A", "85123a"]))
  })

  it("holds codes that are no products", () => {
    const others = new Set(rows.map(({ code }) => code).filter((code) => !isProductCode(code)))
    expect([...others].sort()).toEqual(["BANK CHARGES", "C2", "CRUK", "DOT", "M", "POST", "S"])
  })

  it("holds prices of zero, and quantities below zero that cancel nothing", () => {
    expect(rows.filter(({ price }) => BigDecimal.isZero(price))).toHaveLength(20)
    expect(sales.filter(({ quantity }) => quantity < 0)).toHaveLength(11)
  })

  it("holds lines without a buyer, and more than one country", () => {
    expect(sales.some(({ customer }) => customer === "")).toBe(true)
    expect(new Set(rows.map(({ country }) => country)).size).toBe(9)
  })

  it("holds an invoice of hundreds of lines", () => {
    const longest = Math.max(...countOf(sales, ({ invoice }) => invoice).map(({ count }) => count))
    expect(longest).toBe(353)
  })
})
