import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { adjustStock, receiveStock, StockLots, StockMovements } from "../../src/inventory/index.ts"
import { inWorld } from "../world.ts"
import {
  balance,
  DAY,
  define,
  drifts,
  everything,
  freshKey,
  LONDON,
  onHand,
  pool,
  receive,
  records,
  told,
} from "./stockWorld.ts"

describe("goods in", () => {
  it.effect("lie in their bin, are sellable at once, and are told of", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* TestClock.setTime(5 * DAY)
        const answer = yield* receive("TEA", 12, { pickSequence: 7 })
        expect(answer.moved).toMatchObject([{ sku: "TEA", quantity: 12 }])
        expect(answer.shortfalls).toEqual([])
        expect(yield* balance("TEA")).toMatchObject({
          onHand: 12,
          allocated: 0,
          unallocated: 12,
          receivedAt: 5 * DAY,
          pickSequence: 7,
        })
        expect(yield* pool("TEA")).toMatchObject({ onHand: 12, sellable: 12, uncommitted: 12 })
        expect(yield* told).toEqual([
          { topic: "stock.changed", body: { pools: [{ warehouse: LONDON, sku: "TEA" }] } },
        ])
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("that are not fit to be sold count as on hand only", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 3, { condition: "damaged" })
        expect(yield* pool("TEA")).toMatchObject({ onHand: 3, sellable: 0, uncommitted: 0 })
        expect(yield* told).toEqual([])
      }),
    ),
  )

  it.effect("come in with all their lines or not at all", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        const before = yield* everything()
        const place = { warehouse: LONDON, bin: "A-1" }
        const refused = yield* Effect.flip(
          receiveStock({
            key: freshKey(),
            lines: [
              { sku: "TEA", quantity: 1, place },
              { sku: "GONE", quantity: 1, place },
            ],
          }),
        )
        expect(refused).toMatchObject({ _tag: "NotFound", kind: "product", id: "GONE" })
        expect(yield* everything()).toEqual(before)
      }),
    ),
  )

  it.effect("of several lines for one cell are one balance", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        const place = { warehouse: LONDON, bin: "A-1" }
        const line = { sku: "TEA", quantity: 2, place }
        const answer = yield* receiveStock({ key: freshKey(), lines: [line, line, line] })
        expect(answer.moved).toHaveLength(3)
        expect(yield* onHand("TEA")).toBe(6)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("that came in before they were written down keep both instants", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* TestClock.setTime(10 * DAY)
        yield* receive("TEA", 1, { occurredAt: 9 * DAY })
        yield* receive("TEA", 1, { bin: "A-2", occurredAt: 11 * DAY })
        const journal = yield* records(StockMovements)
        expect(journal.map(({ value }) => [value.occurredAt, value.recordedAt])).toEqual([
          [9 * DAY, 10 * DAY],
          [10 * DAY, 10 * DAY],
        ])
        expect((yield* balance("TEA"))?.receivedAt).toBe(9 * DAY)
      }),
    ),
  )

  it.effect("make a cell as old as its oldest unit, and an emptied one young again", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* TestClock.setTime(10 * DAY)
        yield* receive("TEA", 1)
        yield* receive("TEA", 1, { occurredAt: 4 * DAY })
        yield* receive("TEA", 1, { occurredAt: 6 * DAY })
        expect(yield* balance("TEA")).toMatchObject({ onHand: 3, receivedAt: 4 * DAY })
        yield* adjustStock({
          key: freshKey(),
          direction: "remove",
          reason: "lost",
          warehouse: LONDON,
          bin: "A-1",
          sku: "TEA",
          quantity: 3,
        })
        yield* receive("TEA", 1)
        expect(yield* balance("TEA")).toMatchObject({ onHand: 1, receivedAt: 10 * DAY })
      }),
    ),
  )
})

describe("the lot of goods in", () => {
  const fresh = { lot: true, expiry: true }

  it.effect("is recorded with its expiry by its first units", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", fresh)
        yield* receive("MILK", 5, { lot: "L1", expiresAt: 30 * DAY })
        yield* receive("MILK", 5, { lot: "L1", bin: "A-2" })
        yield* receive("MILK", 5, { lot: "L1", expiresAt: 30 * DAY })
        expect((yield* records(StockLots)).map(({ value }) => value)).toMatchObject([
          { sku: "MILK", lot: "L1", expiresAt: 30 * DAY },
        ])
        expect(yield* balance("MILK", { lot: "L1" })).toMatchObject({
          onHand: 10,
          expiresAt: 30 * DAY,
        })
        expect((yield* balance("MILK", { lot: "L1", bin: "A-2" }))?.expiresAt).toBe(30 * DAY)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect.each([
    ["without a lot", {}, "lot"],
    ["in a new lot without an expiry", { lot: "L1" }, "expiresAt"],
  ] as const)("is asked for: %s", ([, line, field]) =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", fresh)
        const refused = yield* Effect.flip(receive("MILK", 5, line))
        expect(refused).toMatchObject({ _tag: "TrackingRefused", sku: "MILK", field })
      }),
    ),
  )

  it.effect("has one expiry only", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", fresh)
        yield* receive("MILK", 5, { lot: "L1", expiresAt: 30 * DAY })
        const refused = yield* Effect.flip(
          receive("MILK", 5, { lot: "L1", expiresAt: 30 * DAY + 1 }),
        )
        expect(refused).toMatchObject({ _tag: "TrackingRefused", field: "expiresAt" })
      }),
    ),
  )

  it.effect.each([
    ["a lot", { lot: "L1" }, "lot"],
    ["an expiry", { expiresAt: DAY }, "expiresAt"],
    ["serials", { serials: ["S1"] }, "serial"],
  ] as const)("is not made up for a product without it: %s", ([, line, field]) =>
    inWorld(
      Effect.gen(function* () {
        yield* define("SPOON")
        const refused = yield* Effect.flip(receive("SPOON", 1, line))
        expect(refused).toMatchObject({ _tag: "TrackingRefused", field })
      }),
    ),
  )

  it.effect.each([
    [-1, "LotRefused"],
    [0, "LotRefused"],
    [1, undefined],
  ] as const)("is sellable only before its expiry: %d ms", ([after, refusal]) =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", fresh)
        yield* TestClock.setTime(10 * DAY)
        const outcome = yield* Effect.result(
          receive("MILK", 5, { lot: "L1", expiresAt: 10 * DAY + after }),
        )
        expect(outcome._tag === "Failure" ? outcome.failure._tag : undefined).toBe(refusal)
        if (refusal === undefined) return
        yield* receive("MILK", 5, {
          lot: "L1",
          expiresAt: 10 * DAY + after,
          condition: "expired",
        })
        expect(yield* pool("MILK")).toMatchObject({ onHand: 5, sellable: 0 })
      }),
    ),
  )
})
