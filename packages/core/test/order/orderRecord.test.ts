import { describe, expect, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { Order, type OrderLine } from "../../src/order/index.ts"
import { lineOf, orderWith } from "./sampleOrder.ts"

const encode = Schema.encodeResult(Order)
const decode = Schema.decodeUnknownResult(Order)

const isRecord = (...lines: ReadonlyArray<OrderLine>) =>
  Result.isSuccess(
    encode(orderWith(lines.map((line, place) => ({ ...line, id: `${place}` as never })))),
  )

describe("the record of an order", () => {
  it("comes back from the store as it went in", () => {
    const order = orderWith([
      lineOf(
        { cancelled: 1, backordered: 2, open: 3, allocated: 4, picked: 5, packed: 6, shipped: 7 },
        { promised: 2 },
      ),
    ])
    const stored = Result.getOrThrow(encode(order))
    expect(decode(JSON.parse(JSON.stringify(stored)))).toEqual(Result.succeed(order))
  })

  it("has each unit in one bucket, and no bucket below zero (O2)", () => {
    const line = lineOf({ open: 2, shipped: 1 })
    expect(isRecord(line)).toBe(true)
    const wrong = (buckets: Partial<Record<keyof OrderLine["buckets"], number>>) =>
      isRecord({ ...line, buckets: { ...line.buckets, ...buckets } as OrderLine["buckets"] })
    expect(wrong({ open: 3 })).toBe(false)
    expect(wrong({ ordered: 4 })).toBe(false)
    expect(wrong({ open: -1, shipped: 4 })).toBe(false)
    expect(wrong({ open: 2.5, shipped: 0.5 })).toBe(false)
    expect(wrong({ returned: 1 })).toBe(true)
    expect(wrong({ returned: 2 })).toBe(false)
  })

  it("has commitments for every pinned unit, and for no unit that is not to leave (O2)", () => {
    const committed = (units: number) =>
      isRecord({
        ...lineOf({ open: 2, allocated: 1, picked: 1, shipped: 1 }),
        committed: units as never,
      })
    expect([1, 2, 3, 4, 5].map(committed)).toEqual([false, true, true, true, false])
  })

  it("has nothing promised to a line of an unknown SKU", () => {
    const unknown = (buckets: Parameters<typeof lineOf>[0], promised = 0) => {
      const { sku: _, ...line } = lineOf(buckets, { promised })
      return isRecord(line)
    }
    expect(unknown({ open: 2, cancelled: 1 })).toBe(true)
    expect(unknown({ open: 2 }, 1)).toBe(false)
    expect(unknown({ shipped: 1 })).toBe(false)
  })

  it("has a line, each line id once, and one currency", () => {
    const line = lineOf({ open: 1 })
    expect(Result.isSuccess(encode(orderWith([line])))).toBe(true)
    expect(Result.isFailure(encode(orderWith([])))).toBe(true)
    expect(Result.isFailure(encode(orderWith([line, line])))).toBe(true)
    const euros = { ...line, total: { currency: "EUR" as never, minor: 1n } }
    expect(isRecord(euros)).toBe(false)
  })
})
