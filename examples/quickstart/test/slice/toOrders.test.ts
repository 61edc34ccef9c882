import { describe, expect, it } from "@effect/vitest"
import { BigDecimal, Effect } from "effect"
import { type InvoiceLine, readSlice } from "../../src/slice/readSlice.ts"
import { isProductCode, shopOf, toOrders } from "../../src/slice/toOrders.ts"

const row = (invoice: string, given: Partial<InvoiceLine> = {}): InvoiceLine => ({
  invoice,
  code: "22086",
  description: "PAPER CHAIN KIT 50'S CHRISTMAS",
  quantity: 6,
  clock: "2011-10-10 10:00:00",
  price: BigDecimal.fromStringUnsafe("2.95"),
  customer: "15193",
  country: "EIRE",
  ...given,
})
const free = BigDecimal.fromBigInt(0n)

describe("invoices as orders", () => {
  it("are numbered by line, priced in pence, and dated in UTC", () => {
    const { orders, leftOut } = toOrders([row("570001"), row("570001", { quantity: 2 })])
    expect(orders).toEqual([
      {
        shop: "harbour",
        invoice: "570001",
        placedAt: Date.UTC(2011, 9, 10, 9),
        country: "IE",
        lines: [
          { line: "1", code: "22086", description: row("").description, quantity: 6, total: 1770n },
          { line: "2", code: "22086", description: row("").description, quantity: 2, total: 590n },
        ],
        charges: 0n,
      },
    ])
    expect(leftOut).toEqual([])
  })

  it("go to a shop as a whole, by the last digit of their number", () => {
    expect(["570000", "570001", "570002", "570009"].map(shopOf)).toEqual([
      "northgate",
      "harbour",
      "northgate",
      "harbour",
    ])
  })

  it("come in the order in which they were placed", () => {
    const late = row("570001", { clock: "2011-10-10 12:00:00" })
    const { orders } = toOrders([late, row("570004"), row("570003")])
    expect(orders.map(({ invoice }) => invoice)).toEqual(["570003", "570004", "570001"])
  })

  it("carry postage as a charge, not as a line", () => {
    const post = row("570001", { code: "POST", price: BigDecimal.fromStringUnsafe("18.0") })
    const [order] = toOrders([post, row("570001")]).orders
    expect(order?.lines.map(({ line, code }) => [line, code])).toEqual([["1", "22086"]])
    expect(order?.charges).toBe(10_800n)
  })

  it("know which of their lines were taken back, and when", () => {
    const back = row("C570009", { quantity: -6, clock: "2011-10-10 11:00:00" })
    const [order] = toOrders([row("570001"), row("570001", { code: "22087" }), back]).orders
    expect(order?.lines.map(({ cancelledAt }) => cancelledAt)).toEqual([
      Date.UTC(2011, 9, 10, 10),
      undefined,
    ])
  })

  it("keep codes apart that differ only by case", () => {
    const [order] = toOrders([
      row("570001", { code: "85123A" }),
      row("570001", { code: "85123a" }),
    ]).orders
    expect(order?.lines.map(({ code }) => code)).toEqual(["85123A", "85123a"])
  })
})

describe("rows that are in no order", () => {
  it.each([
    ["a charge without a product", row("570001", { code: "DOT" }), "charge"],
    ["a charge that is credited", row("C570001", { code: "M", quantity: -1 }), "charge credited"],
    ["a credit without its sale", row("C570001", { quantity: -6 }), "sale not in the slice"],
    ["damaged goods", row("570001", { quantity: -4, customer: "", price: free }), "stock note"],
    ["found goods", row("570001", { customer: "", price: free }), "stock note"],
    ["a bad debt", row("A570001", { code: "B", quantity: 1 }), "bad debt"],
  ])("%s", (_name, only, reason) => {
    expect(toOrders([only])).toEqual({ orders: [], leftOut: [{ row: only, reason }] })
  })

  it("do not include a free line that somebody ordered", () => {
    expect(toOrders([row("570001", { price: free })]).orders[0]?.lines[0]?.total).toBe(0n)
  })
})

describe("the books of the two days", () => {
  const rows = Effect.runSync(readSlice)
  const { orders, leftOut } = toOrders(rows)
  const lines = orders.flatMap((order) => order.lines)

  it("hold 185 orders with 5,154 lines, about half of them for each shop", () => {
    const shops = [...Map.groupBy(orders, ({ shop }) => shop)]
    expect(shops.map(([shop, sold]) => [shop, sold.length]).sort()).toEqual([
      ["harbour", 92],
      ["northgate", 93],
    ])
    expect(lines).toHaveLength(5154)
  })

  it("take back 129 lines, which leaves nothing of four orders", () => {
    expect(lines.filter(({ cancelledAt }) => cancelledAt !== undefined)).toHaveLength(129)
    const whole = orders.filter((order) => order.lines.every(({ cancelledAt }) => cancelledAt))
    expect(whole.map(({ invoice, lines }) => [invoice, lines.length])).toEqual([
      ["570252", 25],
      ["570467", 101],
      ["570848", 1],
      ["570849", 2], // line by line, at two different times
    ])
  })

  it("leave out what is no order, with the reason", () => {
    const reasons = [...Map.groupBy(leftOut, ({ reason }) => reason)]
    expect(reasons.map(([reason, left]) => [reason, left.length])).toEqual([
      ["charge", 3],
      ["charge credited", 13],
      ["sale not in the slice", 79],
      ["stock note", 20],
    ])
  })

  it("account for each row once", () => {
    const sold = new Set(orders.map(({ invoice }) => invoice))
    const charged = rows.filter(({ invoice, code }) => sold.has(invoice) && !isProductCode(code))
    const takenBack = lines.filter(({ cancelledAt }) => cancelledAt !== undefined)
    expect(lines.length + charged.length + takenBack.length + leftOut.length).toBe(rows.length)
  })

  it("lose no penny", () => {
    const pence = (all: ReadonlyArray<InvoiceLine>) =>
      all.reduce(
        (sum, { quantity, price }) => sum + BigDecimal.scale(price, 2).value * BigInt(quantity),
        0n,
      )
    const sold = new Set(orders.map(({ invoice }) => invoice))
    const booked = orders.reduce(
      (sum, order) => order.lines.reduce((all, { total }) => all + total, sum + order.charges),
      0n,
    )
    expect(booked).toBe(pence(rows.filter(({ invoice }) => sold.has(invoice))))
  })

  it("say nothing about who bought", () => {
    const customers = new Set(rows.map(({ customer }) => customer).filter(Boolean))
    const written = JSON.stringify(orders, (_key, value) =>
      typeof value === "bigint" ? `${value}n` : value,
    )
    const keys = new Set([...written.matchAll(/"([a-zA-Z]+)":/gu)].map(([, key]) => key))
    expect(keys).not.toContain("customer")
    const values = new Set([...written.matchAll(/:"([^"]*)"/gu)].map(([, value]) => value))
    // A buyer's number has five digits, as a product's code has: only a code that is in the rows may look like one.
    const codes = new Set(rows.map(({ code }) => code))
    expect([...customers].filter((each) => values.has(each) && !codes.has(each))).toEqual([])
  })
})
