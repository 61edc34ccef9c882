import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  readStock,
  recallLot,
  receiveTransfer,
  StockLots,
  StockMovements,
  StockTransfers,
  sendTransfer,
} from "../../src/inventory/index.ts"
import { inWorld } from "../world.ts"
import {
  allocate,
  balance,
  commit,
  DAY,
  define,
  drifts,
  everything,
  freshKey,
  LEEDS,
  LONDON,
  onHand,
  pool,
  receive,
  records,
} from "./stockWorld.ts"

const send = (sku: string, quantity: number, more: object = {}) =>
  sendTransfer({
    key: freshKey(),
    from: LONDON,
    to: LEEDS,
    lines: [{ sku, quantity, bin: "A-1", ...more }],
  })

type Received = Parameters<typeof receiveTransfer>[0]

const arrive = (
  transfer: string,
  quantity: number,
  more: Partial<Received["lines"][0]> = {},
  rest: Partial<Received> = {},
) =>
  receiveTransfer({
    key: freshKey(),
    transfer,
    lines: [{ line: "1", quantity, place: { bin: "Z-9" }, ...more }],
    ...rest,
  })

describe("a transfer", () => {
  it.effect("is in neither warehouse while it is under way", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* TestClock.setTime(DAY)
        yield* receive("TEA", 10)
        yield* TestClock.setTime(2 * DAY)
        const { transfer } = yield* send("TEA", 4)
        expect(yield* pool("TEA")).toMatchObject({ onHand: 6, sellable: 6 })
        expect(yield* pool("TEA", LEEDS)).toBeUndefined()
        expect(yield* readStock({ sku: "TEA" })).toMatchObject({
          total: { onHand: 6 },
          inTransit: 4,
        })
        yield* TestClock.setTime(5 * DAY)
        expect(yield* arrive(transfer, 4)).toMatchObject({ state: "closed", lost: [] })
        expect(yield* pool("TEA", LEEDS)).toMatchObject({ onHand: 4, sellable: 4 })
        const arrived = yield* balance("TEA", { warehouse: LEEDS, bin: "Z-9" })
        expect(arrived).toMatchObject({ onHand: 4, receivedAt: DAY })
        expect(yield* readStock({ sku: "TEA" })).toMatchObject({
          total: { onHand: 10 },
          inTransit: 0,
        })
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("arrives in parts and bins, and never with more than was sent", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        const { transfer } = yield* send("TEA", 6)
        const part = yield* receiveTransfer({
          key: freshKey(),
          transfer,
          lines: [
            { line: "1", quantity: 2, place: { bin: "Z-9" } },
            { line: "1", quantity: 1, place: { bin: "Z-8" }, condition: "damaged" },
          ],
        })
        expect(part.state).toBe("in_transit")
        const before = yield* everything()
        expect(yield* Effect.flip(arrive(transfer, 4))).toMatchObject({
          _tag: "TransferExceeded",
          line: "1",
          wanted: 4,
          inTransit: 3,
        })
        expect(
          yield* Effect.flip(
            receiveTransfer({
              key: freshKey(),
              transfer,
              lines: [
                { line: "1", quantity: 2, place: { bin: "Z-9" } },
                { line: "1", quantity: 2, place: { bin: "Z-8" } },
              ],
            }),
          ),
        ).toMatchObject({ _tag: "TransferExceeded", inTransit: 1 })
        expect(yield* everything()).toEqual(before)
        yield* arrive(transfer, 3)
        expect(yield* pool("TEA", LEEDS)).toMatchObject({ onHand: 6, sellable: 5 })
        expect(yield* Effect.flip(arrive(transfer, 1))).toMatchObject({ _tag: "TransferClosed" })
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("is closed with a loss, which the journal tells of", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        const { transfer } = yield* send("TEA", 6)
        const answer = yield* arrive(transfer, 4, {}, { close: true })
        expect(answer).toMatchObject({ state: "closed", lost: [{ line: "1", quantity: 2 }] })
        const lost = (yield* records(StockMovements)).filter(({ value }) => value.reason === "lost")
        expect(lost.map(({ value }) => value)).toMatchObject([
          { quantity: 2, from: { _tag: "Transit", transfer }, to: { _tag: "Adjustment" } },
        ])
        expect((yield* records(StockTransfers))[0]?.value).toMatchObject({
          state: "closed",
          lines: [{ sent: 6, received: 4, lost: 2 }],
        })
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("is written off whole when nothing arrives", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 3)
        const { transfer } = yield* send("TEA", 3)
        const answer = yield* receiveTransfer({ key: freshKey(), transfer, lines: [], close: true })
        expect(answer).toMatchObject({ state: "closed", lost: [{ quantity: 3 }] })
        expect((yield* readStock({ sku: "TEA" })).inTransit).toBe(0)
      }),
    ),
  )

  it.effect("of promised stock names the orders at risk; pinned stock does not leave", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        yield* commit("TEA", 4, "o-3")
        expect((yield* send("TEA", 2)).shortfalls).toMatchObject([
          { missing: 1, atRisk: [{ document: { id: "o-3" }, quantity: 1 }] },
        ])
        yield* allocate("o-3")
        expect(yield* Effect.flip(send("TEA", 1))).toMatchObject({ _tag: "StockAllocated" })
      }),
    ),
  )

  it.effect("does not make unsellable units sellable", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5, { condition: "damaged" })
        const { transfer } = yield* send("TEA", 2, { condition: "damaged" })
        expect(yield* Effect.flip(arrive(transfer, 2, { condition: "sellable" }))).toMatchObject({
          _tag: "InvalidInput",
          issues: [{ path: "lines[0].condition" }],
        })
        yield* arrive(transfer, 2)
        expect(yield* onHand("TEA", { warehouse: LEEDS, bin: "Z-9", condition: "damaged" })).toBe(2)
      }),
    ),
  )

  it.effect("brings a lot that was recalled on the way in as recalled only", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true })
        yield* receive("MILK", 5, { lot: "L1" })
        const { transfer } = yield* send("MILK", 5, { lot: "L1" })
        yield* recallLot({ key: freshKey(), sku: "MILK", lot: "L1" })
        expect(yield* Effect.flip(arrive(transfer, 5))).toMatchObject({
          _tag: "LotRefused",
          reason: "recalled",
        })
        yield* arrive(transfer, 5, { condition: "recalled" })
        // Units that only came from another warehouse did not arrive from outside again.
        expect((yield* records(StockLots))[0]?.value.received).toBe(5)
        expect(yield* pool("MILK", LEEDS)).toMatchObject({ onHand: 5, sellable: 0 })
      }),
    ),
  )

  it.effect("keeps track of each serial, lost ones too", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("PHONE", { serial: true })
        yield* receive("PHONE", 3, { serials: ["S1", "S2", "S3"] })
        const { transfer } = yield* send("PHONE", 2, { serials: ["S1", "S2"] })
        expect(yield* Effect.flip(arrive(transfer, 1, { serials: ["S3"] }))).toMatchObject({
          _tag: "SerialElsewhere",
          serial: "S3",
        })
        yield* arrive(transfer, 1, { serials: ["S2"] }, { close: true })
        expect(yield* drifts).toEqual([])
        const lost = (yield* records(StockMovements)).find(({ value }) => value.reason === "lost")
        expect(lost?.value).toMatchObject({ serial: "S1", quantity: 1 })
      }),
    ),
  )

  it.effect("is received by two at once no more than once", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        const { transfer } = yield* send("TEA", 5)
        const both = [Effect.result(arrive(transfer, 5)), Effect.result(arrive(transfer, 5))]
        const done = yield* Effect.all(both, { concurrency: "unbounded" })
        expect(done.filter(({ _tag }) => _tag === "Success")).toHaveLength(1)
        expect(yield* pool("TEA", LEEDS)).toMatchObject({ onHand: 5 })
      }),
    ),
  )
})
