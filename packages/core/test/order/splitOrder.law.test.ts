import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import fc from "fast-check"
import { Commitments, StockPools } from "../../src/inventory/index.ts"
import {
  Backorders,
  commitOrder,
  holdOrder,
  importOrder,
  mergeOrders,
  type Order,
  type OrderId,
  Orders,
  releaseOrder,
  splitOrder,
} from "../../src/order/index.ts"
import { freshKey, line, orderOf, receive, records, runOrders, snapshot } from "./orderWorld.ts"

const scenario = fc.record({
  lines: fc.array(
    fc.record({
      sku: fc.constantFrom("MUG", "TEA", "GIFT", "MUG-3PK"),
      quantity: fc.integer({ min: 1, max: 9 }),
      pence: fc.integer({ min: -500, max: 9999 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  stock: fc.nat({ max: 20 }),
  rule: fc.constantFrom("available" as const, "backorder" as const),
  held: fc.boolean(),
  released: fc.boolean(),
  splits: fc.array(
    fc.uniqueArray(
      fc.record({
        line: fc.constantFrom("1", "2", "3", "4"),
        quantity: fc.integer({ min: 1, max: 5 }),
      }),
      { minLength: 1, maxLength: 3, selector: ({ line: id }) => id },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  apart: fc.boolean(),
})
type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never

/** What an order is worth, and what is promised to it and waits for it, whoever of its family has it. */
const family = Effect.gen(function* () {
  const orders = (yield* records(Orders)).map(({ value }) => value)
  const sum = (list: ReadonlyArray<readonly [string, number | bigint]>) => {
    const sums = new Map<string, bigint>()
    for (const [key, units] of list) sums.set(key, (sums.get(key) ?? 0n) + BigInt(units))
    return Object.fromEntries([...sums].filter(([, units]) => units !== 0n).sort())
  }
  const commitments = (yield* records(Commitments)).map(({ value }) => value)
  const backorders = (yield* records(Backorders)).map(({ value }) => value)
  return {
    units: sum(
      orders.flatMap((order: Order) =>
        order.lines.flatMap(({ id, buckets, committed, total }) => [
          ...Object.entries({ ...buckets, committed }).map(
            ([bucket, units]) => [`${id} ${bucket}`, units] as const,
          ),
          [`${id} total`, total.minor] as const,
        ]),
      ),
    ),
    promised: sum(
      commitments.map((each) => [
        `${each.line} ${each.pool} ${each.state} ${each.createdAt}`,
        each.quantity,
      ]),
    ),
    waiting: sum(
      backorders.map((each) => [
        `${each.line} ${each.sku} ${each.kind} ${each.createdAt}`,
        each.quantity,
      ]),
    ),
    pools: (yield* records(StockPools)).map(({ value }) => value),
  }
})

/** An order with what the scenario says of it. */
const prepare = ({ lines, stock, rule, held, released }: Scenario) =>
  Effect.gen(function* () {
    for (const sku of stock > 0 ? ["MUG", "TEA"] : []) yield* receive(sku, stock)
    const { order } = yield* importOrder(
      snapshot(
        lines.map(({ sku, quantity, pence }) =>
          line(sku, quantity, { total: { currency: "GBP", minor: String(pence) } }),
        ),
      ),
    )
    yield* commitOrder({ key: freshKey(), order, rule })
    if (released) yield* Effect.result(releaseOrder({ key: freshKey(), order }))
    if (held) yield* holdOrder({ key: freshKey(), order, code: "fraud", source: "law" })
    return order
  })

/** Splits the order as far as that can be, and looks each time that the family has what the order had. */
const splitUp = (order: OrderId, { splits }: Scenario) =>
  Effect.gen(function* () {
    const before = yield* family
    const children: Array<OrderId> = []
    for (const parts of splits) {
      const split = yield* Effect.result(
        splitOrder({ key: freshKey(), order, lines: parts as never }),
      )
      if (Result.isSuccess(split)) children.push(split.success.child)
      expect(yield* family).toEqual(before)
    }
    return children
  })

const inherited = ({ holds, state, payment, country }: Order) => ({
  holds,
  state,
  payment,
  country,
})

const run = (given: Scenario) =>
  runOrders(
    Effect.gen(function* () {
      const order = yield* prepare(given)
      const before = { order: yield* orderOf(order), family: yield* family }
      const children = yield* splitUp(order, given)
      for (const child of children)
        expect(inherited(yield* orderOf(child))).toEqual(inherited(before.order))
      const groups = given.apart ? children.toReversed().map((child) => [child]) : [children]
      for (const group of groups.filter(({ length }) => length > 0))
        yield* mergeOrders({ key: freshKey(), order, children: group as never })
      expect(yield* orderOf(order)).toEqual(before.order)
      expect(yield* family).toEqual(before.family)
      return children.length
    }),
  )

describe("splitting an order and merging it again", () => {
  it("leaves lines, quantities, totals, holds and promises as they were (O5)", async () => {
    let children = 0
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        children += await run(given)
      }),
      { numRuns: 1000 },
    )
    expect(children).toBeGreaterThan(500)
  }, 240_000)
})
