import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { defineProduct } from "../../src/catalogue/index.ts"
import { receiveStock } from "../../src/inventory/index.ts"
import {
  allocateOrder,
  cancelImportedOrder,
  cancelOrder,
  commitOrder,
  dispatchOrder,
  importOrder,
  releaseOrder,
} from "../../src/order/index.ts"
import { freshKey, LONDON, line, orderOf, runOrders, SHOP, snapshot } from "./orderWorld.ts"

/** The largest real order that is known. */
const LINES = 1114

const skuOf = (place: number) => `SKU-${String(place).padStart(60, "0")}`

const stocked = (units: number) =>
  Effect.gen(function* () {
    const skus = Array.from({ length: LINES }, (_, place) => skuOf(place))
    yield* Effect.forEach(skus, (sku) => defineProduct({ key: freshKey(), sku, title: "A thing" }))
    for (let from = 0; from < LINES; from += 200) {
      const lines = skus
        .slice(from, from + 200)
        .map((sku) => ({ sku, quantity: units, place: { warehouse: LONDON, bin: "A-1" } }))
      yield* receiveStock({ key: freshKey(), lines: lines as never })
    }
  })

const large = importOrder(
  snapshot(
    Array.from({ length: LINES }, (_, place) =>
      line(skuOf(place), 2, { externalLineId: `gid://shopify/LineItem/${10 ** 15 + place}` }),
    ),
  ),
)

/** Sends a command under new keys until no line is left to it; gives how often that took. */
const untilDone = <E, R>(
  send: (key: string) => Effect.Effect<{ readonly linesLeft: number }, E, R>,
) =>
  Effect.gen(function* () {
    for (let times = 1; ; times++) {
      const { linesLeft } = yield* send(freshKey())
      if (linesLeft === 0) return times
      expect(times).toBeLessThan(20)
    }
  })

describe(`an order of ${LINES} lines`, () => {
  it(
    "is imported, promised whole, released, allocated and dispatched",
    () =>
      runOrders(
        Effect.gen(function* () {
          yield* stocked(2)
          const { order } = yield* large
          const promised = yield* commitOrder({ key: freshKey(), order, rule: "whole" })
          expect(promised.committed).toHaveLength(LINES)
          const release = yield* releaseOrder({ key: freshKey(), order })
          expect(release.shipments[0]?.lines).toHaveLength(LINES)
          expect(yield* untilDone((key) => allocateOrder({ key, order }))).toBeGreaterThan(1)
          expect(yield* untilDone((key) => dispatchOrder({ key, order }))).toBeGreaterThan(1)
          const done = yield* orderOf(order)
          expect(done.state).toBe("completed")
          expect(done.lines.every(({ buckets }) => buckets.shipped === 2)).toBe(true)
        }),
      ),
    120_000,
  )

  it(
    "is promised in part, waits in part, and is cancelled",
    () =>
      runOrders(
        Effect.gen(function* () {
          yield* stocked(1)
          const { order } = yield* large
          expect(yield* untilDone((key) => commitOrder({ key, order }))).toBeGreaterThan(1)
          yield* releaseOrder({ key: freshKey(), order })
          yield* untilDone((key) => allocateOrder({ key, order }))
          const first = yield* cancelOrder({ key: freshKey(), order })
          expect(first).toMatchObject({ state: "processing" })
          expect(first.cancelled.length + first.linesLeft).toBe(LINES)
          yield* untilDone((key) =>
            cancelImportedOrder({ key, connection: SHOP, externalId: "A-1" }),
          )
          expect(yield* orderOf(order)).toMatchObject({ state: "cancelled" })
        }),
      ),
    120_000,
  )
})
