import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Delivery } from "../../src/slice/toDeliveries.ts"
import { digestOf } from "../../src/story/digest.ts"
import { everyOrder } from "../../src/story/everyOrder.ts"
import { importOrders, inDisorder } from "../../src/story/importOrders.ts"
import { openShops, type Premises } from "../../src/story/openShops.ts"
import { deliveries, inNewEngine } from "./demoWorld.ts"

const importAll = (premises: Premises, told: ReadonlyArray<Delivery>, run: string) =>
  importOrders(premises, told, run)

/** What the orders say, but for ids and the time of import. */
const orderFacts = (premises: Premises) =>
  Effect.gen(function* () {
    const views = yield* Effect.forEach(premises.shops, everyOrder)
    return views
      .flat()
      .map(({ order, status }) => ({
        externalId: order.externalId,
        externalVersion: order.externalVersion,
        orderedAt: order.orderedAt,
        country: order.country,
        state: order.state,
        holds: order.holds.map(({ code }) => code),
        lines: order.lines,
        status,
      }))
      .sort((a, b) => Number(a.externalId) - Number(b.externalId))
  })

const importedInto = (told: ReadonlyArray<Delivery>) =>
  inNewEngine(
    Effect.gen(function* () {
      const premises = yield* openShops()
      yield* importAll(premises, told, "once")
      return yield* orderFacts(premises)
    }),
  )

describe("importing the two days", () => {
  it.live("three times, shuffled and overlapping, is the same as once: no record differs", () =>
    inNewEngine(
      Effect.gen(function* () {
        const premises = yield* openShops()
        yield* importAll(premises, deliveries, "first")
        const once = yield* digestOf(premises)
        yield* importAll(premises, yield* inDisorder(deliveries, "a"), "second")
        expect(yield* digestOf(premises)).toEqual(once)
        yield* importAll(premises, yield* inDisorder(deliveries, "b"), "third")
        expect(yield* digestOf(premises)).toEqual(once)
      }),
    ),
  )

  it.live("in any disorder from the start gives the orders that the order of time gives", () =>
    Effect.gen(function* () {
      const inTime = yield* importedInto(deliveries)
      expect(inTime).toHaveLength(185)
      for (const seed of ["a", "b"])
        expect(yield* importedInto(yield* inDisorder(deliveries, seed))).toEqual(inTime)
      expect(yield* importedInto(deliveries.toReversed())).toEqual(inTime)
    }),
  )

  it.live("leaves four orders cancelled, and no line without its product on hold for nothing", () =>
    Effect.gen(function* () {
      const orders = yield* importedInto(deliveries)
      const cancelled = orders.filter(({ state }) => state === "cancelled")
      expect(cancelled.map(({ externalId }) => externalId)).toEqual([
        "570252",
        "570467",
        "570848",
        "570849",
      ])
      // There is no catalogue in this world, so every open order waits for its products to be known.
      expect(orders.filter(({ holds }) => holds.includes("stock"))).toHaveLength(181)
    }),
  )

  it.live("shows in the digest, whatever changes", () =>
    inNewEngine(
      Effect.gen(function* () {
        const premises = yield* openShops()
        const [first, second] = deliveries
        if (first === undefined || second === undefined)
          throw new Error("two deliveries are needed")
        yield* importAll(premises, [first], "first")
        const before = yield* digestOf(premises)
        yield* importAll(premises, [second], "second")
        const after = yield* digestOf(premises)
        expect(after.records).toBeGreaterThan(before.records)
        expect(after.sha256).not.toBe(before.sha256)
      }),
    ),
  )
})

describe("deliveries in disorder", () => {
  it.effect("are all there, some of them twice, and not in the order of time", () =>
    Effect.gen(function* () {
      const disorder = yield* inDisorder(deliveries, "a")
      expect(new Set(disorder)).toEqual(new Set(deliveries))
      expect(disorder.length).toBeGreaterThan(deliveries.length)
      const times = disorder.map(({ at }) => at)
      expect(times).not.toEqual(times.toSorted((a, b) => a - b))
    }),
  )

  it.effect("are another disorder for another seed, the same for the same", () =>
    Effect.gen(function* () {
      const once = yield* inDisorder(deliveries, "a")
      expect(yield* inDisorder(deliveries, "a")).toEqual(once)
      expect(yield* inDisorder(deliveries, "b")).not.toEqual(once)
    }),
  )
})
