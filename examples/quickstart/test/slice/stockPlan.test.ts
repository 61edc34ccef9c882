import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { readSlice } from "../../src/slice/readSlice.ts"
import { stockPlan } from "../../src/slice/stockPlan.ts"
import { toOrders } from "../../src/slice/toOrders.ts"

const { orders } = toOrders(Effect.runSync(readSlice))
const northgate = orders.filter(({ shop }) => shop === "northgate")
const plan = stockPlan(northgate)

describe("the stock that the demo makes up", () => {
  it("has a product for each code, those that differ by case included", () => {
    const codes = new Set(northgate.flatMap(({ lines }) => lines.map(({ code }) => code)))
    expect(new Set(plan.products.map(({ sku }) => sku))).toEqual(codes)
    expect(plan.products).toHaveLength(codes.size)
  })

  it("has titles without space around them or twice within", () => {
    for (const { title } of plan.products) expect(title).toMatch(/^\S+( \S+)*$/u)
  })

  it("names each bin, SKU, lot and condition once", () => {
    const cells = plan.receipts.map(({ bin, sku, lot, condition }) => [bin, sku, lot, condition])
    expect(new Set(cells.map(String)).size).toBe(cells.length)
    expect(plan.receipts.every(({ quantity }) => quantity > 0)).toBe(true)
  })

  it("puts one SKU into each picking bin and each bulk bin", () => {
    const shelves = plan.receipts.filter(({ condition }) => condition === "sellable")
    expect(new Set(shelves.map(({ bin }) => bin)).size).toBe(shelves.length)
  })

  it("covers what was ordered, but for every 40th SKU", () => {
    const demand = Map.groupBy(
      northgate.flatMap(({ lines }) => lines.filter((line) => line.cancelledAt === undefined)),
      ({ code }) => code,
    )
    const short = plan.products.filter(({ sku }) => {
      const wanted = (demand.get(sku) ?? []).reduce((sum, { quantity }) => sum + quantity, 0)
      const there = plan.receipts.filter(
        (each) => each.sku === sku && each.condition === "sellable",
      )
      return there.reduce((sum, { quantity }) => sum + quantity, 0) < wanted
    })
    expect(short.length).toBeGreaterThan(10)
    expect(short.length).toBeLessThanOrEqual(Math.ceil(plan.products.length / 40))
  })

  it("gives an expiry to what is perishable, and only to that", () => {
    const perishable = new Set(
      plan.products.filter((each) => each.perishable).map(({ sku }) => sku),
    )
    expect(perishable.size).toBeGreaterThan(0)
    for (const { sku, expiresInDays } of plan.receipts)
      expect(expiresInDays !== undefined).toBe(perishable.has(sku))
  })
})
