import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  changeOrderSettings,
  DEFAULT_ORDER_SETTINGS,
  findOrderByExternalId,
  findOrders,
  readOrder,
  readOrderSettings,
} from "../../src/order/index.ts"
import { inside, MERCHANT_B } from "../world.ts"
import { freshKey, imported, LEEDS, LONDON, NOBODY, runOrders, SHOP } from "./orderWorld.ts"

describe("looking for orders", () => {
  it("reads one with what its lines say", () =>
    runOrders(
      Effect.gen(function* () {
        const id = yield* imported([["MUG", 1]])
        const { order, status } = yield* readOrder({ order: id })
        expect(order.id).toBe(id)
        expect(status).toEqual({
          fulfilment: "unfulfilled",
          returns: "none",
          summary: "awaiting_stock",
        })
        expect(yield* Effect.flip(readOrder({ order: NOBODY }))).toMatchObject({
          _tag: "NotFound",
        })
        const found = yield* findOrderByExternalId({ connection: SHOP, externalId: "A-1" })
        expect(found?.order.id).toBe(id)
        expect(
          yield* findOrderByExternalId({ connection: SHOP, externalId: "A-9" }),
        ).toBeUndefined()
      }),
    ))

  it("pages through a state by age or by when they must leave, without gap or repeat", () =>
    runOrders(
      Effect.gen(function* () {
        yield* TestClock.setTime(1000)
        const ids = yield* Effect.forEach([3, 1, 4, 2, 5], (place) =>
          imported([["MUG", 1]], {
            externalId: `A-${place}`,
            orderedAt: place * 100,
            ...(place === 4 ? {} : { shipBy: 9000 - place * 100 }),
          }),
        )
        yield* imported([["MUG", 1]], { externalId: "A-0", cancelled: true })
        const walk = (by: "orderedAt" | "shipBy") =>
          Effect.gen(function* () {
            const seen: Array<string | undefined> = []
            let after: string | undefined
            do {
              const page = yield* findOrders({
                state: "accepted",
                by,
                limit: 2,
                ...(after !== undefined && { after }),
              })
              seen.push(...page.orders.map(({ order }) => order.externalId))
              after = page.next
            } while (after !== undefined)
            return seen
          })
        expect(ids).toHaveLength(5)
        expect(yield* walk("orderedAt")).toEqual(["A-1", "A-2", "A-3", "A-4", "A-5"])
        expect(yield* walk("shipBy")).toEqual(["A-5", "A-3", "A-2", "A-1"])
        const wrong = findOrders({ state: "accepted", by: "shipBy", after: "bogus" })
        expect(yield* Effect.flip(wrong)).toMatchObject({ _tag: "InvalidCursor" })
        const elsewhere = yield* findOrders({ state: "accepted", by: "orderedAt" }).pipe(
          inside(MERCHANT_B),
        )
        expect(elsewhere.orders).toEqual([])
      }),
    ))
})

describe("order settings", () => {
  it("are the defaults until the merchant changes some; the rest stays", () =>
    runOrders(
      Effect.gen(function* () {
        const named = { ...DEFAULT_ORDER_SETTINGS, warehouses: [LONDON, LEEDS] }
        expect(yield* readOrderSettings({})).toEqual(named)
        const rule = { countries: ["IE"], warehouses: [LEEDS] } as const
        const changed = yield* changeOrderSettings({
          key: freshKey(),
          rules: [rule],
          commitRule: "whole",
        })
        expect(changed).toEqual({ ...named, rules: [rule], commitRule: "whole" })
        expect(yield* readOrderSettings({})).toEqual(changed)
        expect(yield* readOrderSettings({}).pipe(inside(MERCHANT_B))).toEqual(
          DEFAULT_ORDER_SETTINGS,
        )
      }),
    ))
})
