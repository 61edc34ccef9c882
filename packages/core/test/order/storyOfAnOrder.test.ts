import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  allocateOrder,
  commitOrder,
  dispatchOrder,
  readOrder,
  recordPack,
  recordPick,
  releaseOrder,
} from "../../src/order/index.ts"
import {
  bucketsOf,
  freshKey,
  imported,
  LONDON,
  orderOf,
  poolOf,
  receive,
  runOrders,
  told,
} from "./orderWorld.ts"

describe("the story of an order", () => {
  it("goes from import to dispatch, and its stock with it", () =>
    runOrders(
      Effect.gen(function* () {
        yield* receive("MUG", 10)
        const order = yield* imported([["MUG", 4]])
        const committed = yield* commitOrder({ key: freshKey(), order })
        expect(committed.committed).toEqual([{ line: "1", quantity: 4 }])
        expect(yield* poolOf("MUG")).toEqual({ onHand: 10, committed: 4, uncommitted: 6 })

        const release = yield* releaseOrder({ key: freshKey(), order, shipBy: 1000 })
        expect(release.shipments).toEqual([
          { warehouse: LONDON, shipBy: 1000, lines: [{ line: "1", sku: "MUG", quantity: 4 }] },
        ])
        const allocation = yield* allocateOrder({ key: freshKey(), order })
        expect(allocation.allocated).toEqual([{ line: "1", quantity: 4 }])
        expect(allocation.short).toEqual([])
        yield* recordPick({ key: freshKey(), order, lines: [{ line: "1", quantity: 3 }] })
        yield* recordPack({ key: freshKey(), order, lines: [{ line: "1", quantity: 2 }] })
        expect(bucketsOf(yield* orderOf(order))).toEqual({
          allocated: 1,
          picked: 1,
          packed: 2,
          committed: 4,
        })

        const first = yield* dispatchOrder({
          key: freshKey(),
          order,
          lines: [{ line: "1", quantity: 1 }],
        })
        expect(first.state).toBe("processing")
        expect((yield* readOrder({ order })).status).toEqual({
          fulfilment: "partially_shipped",
          returns: "none",
          summary: "partially_shipped",
        })
        yield* TestClock.adjust("1 hour")
        const last = yield* dispatchOrder({ key: freshKey(), order })
        expect(last).toEqual({
          order,
          state: "completed",
          shipped: [{ line: "1", quantity: 3 }],
          linesLeft: 0,
        })
        const done = yield* orderOf(order)
        expect(done.completedAt).toBe(3_600_000)
        expect(bucketsOf(done)).toEqual({ shipped: 4 })
        expect(yield* poolOf("MUG")).toEqual({ onHand: 6, committed: 0, uncommitted: 6 })
        expect((yield* told).filter((topic) => topic.startsWith("order"))).toEqual([
          "order.imported",
          "order.released",
          "order.dispatched",
          "order.dispatched",
          "order.completed",
        ])
      }),
    ))
})
