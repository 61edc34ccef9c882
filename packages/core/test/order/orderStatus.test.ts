import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { BUCKETS, statusOf } from "../../src/order/index.ts"
import { FRAUD, lineOf, orderWith } from "./sampleOrder.ts"

const CASES = [
  [{ open: 3 }, 0, "unfulfilled", "awaiting_stock"],
  [{ open: 3 }, 2, "unfulfilled", "awaiting_stock"],
  [{ open: 3 }, 3, "unfulfilled", "committed"],
  [{ open: 2, backordered: 1 }, 2, "unfulfilled", "backordered"],
  [{ backordered: 3 }, 0, "unfulfilled", "backordered"],
  [{ open: 2, allocated: 1 }, 2, "partially_allocated", "committed"],
  [{ allocated: 3 }, 0, "allocated", "allocated"],
  [{ allocated: 2, cancelled: 1 }, 0, "allocated", "allocated"],
  [{ allocated: 1, picked: 2 }, 0, "in_progress", "in_progress"],
  [{ packed: 3 }, 0, "in_progress", "in_progress"],
  [{ shipped: 1, open: 2 }, 2, "partially_shipped", "partially_shipped"],
  [{ shipped: 1, backordered: 2 }, 0, "partially_shipped", "partially_shipped"],
  [{ shipped: 3 }, 0, "shipped", "shipped"],
  [{ shipped: 1, cancelled: 2 }, 0, "shipped", "shipped"],
  [{ cancelled: 3 }, 0, "unfulfilled", "cancelled"],
] as const

describe("the status of an order", () => {
  it.each(CASES)("of %o with %i promised is %s, %s in a word", (buckets, promised, ...status) => {
    const { fulfilment, summary } = statusOf(orderWith([lineOf(buckets, { promised })]))
    expect([fulfilment, summary]).toEqual(status)
  })

  it("adds its lines up", () => {
    const order = orderWith([lineOf({ shipped: 1 }), lineOf({ open: 1 }, { promised: 1 })])
    expect(statusOf(order).fulfilment).toBe("partially_shipped")
  })

  it("says that it is held while units are to leave, and how much came back", () => {
    const open = orderWith([lineOf({ open: 1 }, { promised: 1 })], { holds: [FRAUD] })
    expect(statusOf(open).summary).toBe("held")
    const gone = orderWith([lineOf({ shipped: 2 })], { holds: [FRAUD] })
    expect(statusOf(gone).summary).toBe("shipped")
    expect(statusOf(gone).returns).toBe("none")
    expect(statusOf(orderWith([lineOf({ shipped: 2, returned: 1 })])).returns).toBe("part_returned")
    expect(statusOf(orderWith([lineOf({ shipped: 2, returned: 2 })])).returns).toBe("returned")
  })

  it("is a function of lines and holds only (O6)", () => {
    const states = ["draft", "accepted", "processing", "completed", "cancelled"] as const
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...BUCKETS), fc.nat({ max: 3 })), { minLength: 1 }),
        fc.boolean(),
        fc.constantFrom(...states),
        fc.constantFrom("pending" as const, "paid" as const, "refunded" as const),
        (moves, held, state, payment) => {
          const lines = moves.map(([bucket, units]) => lineOf({ [bucket]: units }))
          const holds = held ? [FRAUD] : []
          const status = statusOf({ lines: orderWith(lines).lines, holds })
          expect(statusOf(orderWith(lines, { holds, state, payment }))).toEqual(status)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
