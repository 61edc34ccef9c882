import { describe, expect, it } from "@effect/vitest"
import { toDeliveries } from "../../src/slice/toDeliveries.ts"
import type { SoldLine, SoldOrder } from "../../src/slice/toOrders.ts"

const line = (name: string, cancelledAt?: number): SoldLine => ({
  line: name,
  code: `2208${name}`,
  description: "",
  quantity: 6,
  total: 1770n,
  ...(cancelledAt === undefined ? {} : { cancelledAt }),
})
const order = (...lines: ReadonlyArray<SoldLine>): SoldOrder => ({
  shop: "harbour",
  invoice: "570001",
  placedAt: 1000,
  country: "GB",
  lines,
  charges: 0n,
})
const told = (...lines: ReadonlyArray<SoldLine>) =>
  toDeliveries([order(...lines)]).map((delivery) =>
    delivery.kind === "cancellation"
      ? [delivery.at, "cancelled"]
      : [
          delivery.at,
          delivery.snapshot.externalVersion,
          ...delivery.snapshot.lines.map((each) => each.cancelled),
        ],
  )

describe("what a channel tells of an order", () => {
  it("is one version when nothing was taken back", () => {
    expect(told(line("1"), line("2"))).toEqual([[1000, 1, 0, 0]])
  })

  it("is another version for each time that lines were taken back", () => {
    expect(told(line("1", 3000), line("2"), line("3", 2000))).toEqual([
      [1000, 1, 0, 0, 0],
      [2000, 2, 0, 0, 6],
      [3000, 3, 6, 0, 6],
    ])
  })

  it("ends with a cancellation when nothing is left", () => {
    expect(told(line("1", 3000), line("2", 2000))).toEqual([
      [1000, 1, 0, 0],
      [2000, 2, 0, 6],
      [3000, "cancelled"],
    ])
  })

  it("is the order before the cancellation, also when both came in one minute", () => {
    expect(told(line("1", 1000))).toEqual([
      [1000, 1, 0],
      [1000, "cancelled"],
    ])
  })

  it("comes in the order of time", () => {
    const early = { ...order(line("1")), invoice: "570003", placedAt: 500 }
    const deliveries = toDeliveries([order(line("1", 2000), line("2")), early])
    expect(deliveries.map(({ at, externalId }) => [at, externalId])).toEqual([
      [500, "570003"],
      [1000, "570001"],
      [2000, "570001"],
    ])
  })

  it("gives money as minor units in digits", () => {
    const [delivery] = toDeliveries([order(line("1"))])
    expect(delivery).toMatchObject({
      snapshot: { lines: [{ total: { currency: "GBP", minor: "1770" } }] },
    })
  })
})
