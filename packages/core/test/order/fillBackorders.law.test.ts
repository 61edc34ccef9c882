import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import {
  Backorders,
  cancelOrder,
  commitOrder,
  fillBackorders,
  mergeOrders,
  Orders,
  splitOrder,
} from "../../src/order/index.ts"
import { freshKey, imported, LONDON, poolOf, receive, records, runUneven } from "./orderWorld.ts"

const wants = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 })
const pace = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 16 })

const fill = fillBackorders({ key: freshKey(), warehouse: LONDON, sku: "MUG" })

/** Orders that wait for mugs, the first one longest. */
const queued = (units: ReadonlyArray<number>) =>
  Effect.forEach(units, (quantity, place) =>
    Effect.gen(function* () {
      const order = yield* imported([["MUG", quantity]], { externalId: `A-${place}` })
      yield* commitOrder({ key: freshKey(), order })
      return order
    }),
  )

const balance = Effect.gen(function* () {
  const orders = (yield* records(Orders)).map(({ value }) => value)
  const waiting = (yield* records(Backorders)).map(({ value }) => value)
  const units = (of: (line: (typeof orders)[number]["lines"][number]) => number) =>
    orders.flatMap(({ lines }) => lines).reduce((sum, line) => sum + of(line), 0)
  return {
    backordered: units(({ buckets }) => buckets.backordered),
    waiting: waiting.reduce((sum, { quantity }) => sum + quantity, 0),
    committed: units(({ committed }) => committed),
    pool: yield* poolOf("MUG"),
  }
})

describe("filling backorders", () => {
  it("serves first come, first served, and never more than came in (R2)", async () => {
    await fc.assert(
      fc.asyncProperty(wants, fc.integer({ min: 1, max: 20 }), pace, (units, stock, paces) =>
        runUneven(
          paces,
          Effect.gen(function* () {
            const orders = yield* queued(units)
            yield* receive("MUG", stock)
            // Two sweeps at once serve the queue as one does.
            yield* Effect.all(
              [fill, fillBackorders({ key: freshKey(), warehouse: LONDON, sku: "MUG" })],
              {
                concurrency: "unbounded",
              },
            )
            let left = stock
            const stored = (yield* records(Orders)).map(({ value }) => value)
            for (const [place, id] of orders.entries()) {
              const line = stored.find((order) => order.id === id)?.lines[0]
              const got = Math.min(left, units[place] ?? 0)
              expect(line?.committed).toBe(got)
              left -= got
            }
            expect((yield* poolOf("MUG"))?.uncommitted).toBe(left)
          }),
        ),
      ),
      { numRuns: 1000 },
    )
  }, 240_000)

  it("keeps the books while its orders are cancelled, split and merged (O2, R1)", async () => {
    await fc.assert(
      fc.asyncProperty(wants, fc.integer({ min: 1, max: 20 }), pace, (units, stock, paces) =>
        runUneven(
          paces,
          Effect.gen(function* () {
            const [first = "", ...others] = yield* queued([3, ...units])
            const part = [{ line: "1", quantity: 1 }] as const
            const { child } = yield* splitOrder({ key: freshKey(), order: first, lines: [...part] })
            yield* receive("MUG", stock)
            yield* Effect.all(
              [
                fill,
                mergeOrders({ key: freshKey(), order: first, children: [child] }),
                ...others.map((order) => cancelOrder({ key: freshKey(), order, lines: [...part] })),
              ],
              { concurrency: "unbounded", discard: true },
            )
            const { backordered, waiting, committed, pool } = yield* balance
            expect(backordered).toBe(waiting)
            expect(pool).toEqual({ onHand: stock, committed, uncommitted: stock - committed })
          }),
        ),
      ),
      { numRuns: 1000 },
    )
  }, 240_000)
})
