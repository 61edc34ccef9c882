import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { reviseProduct } from "../../src/catalogue/index.ts"
import type { CommandServices } from "../../src/command/index.ts"
import {
  adjustStock,
  approveCount,
  changeCondition,
  correctMovement,
  countStock,
  expireLots,
  moveStock,
  rebuildBalances,
  recallLot,
  receiveTransfer,
  StockBalances,
  StockLots,
  StockSerials,
  sendTransfer,
} from "../../src/inventory/index.ts"
import { Ids } from "../../src/kernel/index.ts"
import { add, Driver, Store } from "../../src/store/index.ts"
import { unevenDriver } from "../party/unevenDriver.ts"
import { inside, MERCHANT_A, MERCHANT_B, opened } from "../world.ts"
import {
  allocate,
  balance,
  cellId,
  commit,
  define,
  drifts,
  freshKey,
  LEEDS,
  LONDON,
  onHand,
  pool,
  receive,
  records,
} from "./stockWorld.ts"

const RUNS = 100
const LONG = { timeout: 300_000 }

/** How many turns each call to the store waits: so the callers meet in another order each time. */
const pace = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 16 })

/** The race ends well at 100 paces of the store. */
const always = (race: Effect.Effect<void, unknown, CommandServices>) =>
  fc.assert(
    fc.asyncProperty(pace, (turns) =>
      Effect.gen(function* () {
        yield* inside(MERCHANT_A)(opened())
        yield* inside(MERCHANT_B)(opened())
        yield* inside(MERCHANT_A)(race)
        expect(yield* inside(MERCHANT_A)(drifts)).toEqual([])
      }).pipe(
        Effect.provide(Layer.merge(slowWorld(turns), TestClock.layer()), { local: true }),
        Effect.runPromise,
      ),
    ),
    { numRuns: RUNS },
  )

/** The uneven store, whose scans take their turns too. */
const slowWorld = (turns: ReadonlyArray<number>) => {
  const driver = Layer.effect(
    Driver,
    Effect.map(Driver, (uneven) => {
      const wait = Effect.forEach(turns, () => Effect.yieldNow, { discard: true })
      return Driver.of({ ...uneven, scan: (...args) => Effect.andThen(wait, uneven.scan(...args)) })
    }),
  ).pipe(Layer.provide(unevenDriver(turns)))
  return Layer.mergeAll(Store.layer([]).pipe(Layer.provide(driver)), Ids.layer)
}

type Work = Effect.Effect<unknown, unknown, CommandServices>

/** Starts all at the same moment, and says how many of them were done. */
const atOnce = (...work: ReadonlyArray<Work>) =>
  Effect.map(
    Effect.forEach(work, (each) => Effect.result(each), { concurrency: "unbounded" }),
    (outcomes) => outcomes.filter(Result.isSuccess).length,
  )

const times = (count: number, work: (at: number) => Work) =>
  Array.from({ length: count }, (_, at) => work(at))

const TEA = { warehouse: LONDON, bin: "A-1", sku: "TEA" }
const lose = (quantity: number, sku = "TEA", more: object = {}) =>
  adjustStock({
    ...TEA,
    ...more,
    key: freshKey(),
    sku,
    quantity,
    direction: "remove",
    reason: "lost",
  })

describe("at the same moment", LONG, () => {
  it("corrections of one movement take no unit back twice (L4)", () =>
    always(
      Effect.gen(function* () {
        yield* define("TEA")
        const { moved } = yield* receive("TEA", 10)
        yield* receive("TEA", 50)
        const movement = moved[0]?.movement ?? ""
        const correct = () => correctMovement({ key: freshKey(), movement, quantity: 4 })
        expect(yield* atOnce(...times(6, correct))).toBe(2)
        expect(yield* onHand("TEA")).toBe(52)
      }),
    ))

  it("a count is approved and its cell changes, and both are true (domain 1.6)", () =>
    always(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        const { count } = yield* countStock({ ...TEA, key: freshKey(), counted: 7, blind: true })
        yield* TestClock.adjust(1)
        const approve = approveCount({ key: freshKey(), count })
        expect(yield* atOnce(receive("TEA", 5), approve, lose(2), receive("TEA", 1))).toBe(4)
        expect(yield* onHand("TEA")).toBe(7 + 5 - 2 + 1)
      }),
    ))

  it("two counts of one cell post its difference once", () =>
    always(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        const seen = { ...TEA, counted: 7, blind: true }
        const first = yield* countStock({ ...seen, key: freshKey() })
        yield* TestClock.adjust(1)
        const second = yield* countStock({ ...seen, key: freshKey() })
        yield* TestClock.adjust(1)
        const approve = (count: string) => approveCount({ key: freshKey(), count })
        yield* atOnce(approve(first.count), approve(second.count))
        expect(yield* onHand("TEA")).toBe(7)
      }),
    ))

  it("a recall and everything that would make the lot sellable leave nothing sellable of it", () =>
    always(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true })
        yield* receive("MILK", 2, { lot: "L1" })
        yield* receive("MILK", 2, { lot: "L1", condition: "held" })
        const release = changeCondition({
          ...TEA,
          key: freshKey(),
          sku: "MILK",
          lot: "L1",
          quantity: 2,
          from: "held",
          to: "sellable",
        })
        yield* atOnce(
          receive("MILK", 1, { lot: "L1", bin: "B-1" }),
          release,
          recallLot({ key: freshKey(), sku: "MILK", lot: "L1" }),
          receive("MILK", 1, { lot: "L1", bin: "B-2" }),
          receive("MILK", 1, { lot: "L1" }),
        )
        expect((yield* records(StockLots))[0]?.value.recalledAt).toBe(0)
        expect((yield* pool("MILK"))?.sellable).toBe(0)
      }),
    ))

  it("many receipts of a new lot are all counted, in one lot and one cell", () =>
    always(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true, expiry: true })
        const arrive = (at: number) => receive("MILK", at + 1, { lot: "L1", expiresAt: 99 })
        expect(yield* atOnce(...times(6, arrive))).toBe(6)
        expect(yield* onHand("MILK", { lot: "L1" })).toBe(21)
        expect((yield* records(StockLots)).map(({ value }) => value.received)).toEqual([21])
      }),
    ))

  it("many takers of a cell get what is there, and no more (L3)", () =>
    always(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        const move = () =>
          moveStock({
            key: freshKey(),
            warehouse: LONDON,
            sku: "TEA",
            quantity: 1,
            from: { bin: "A-1" },
            to: { bin: "B-1" },
          })
        expect(yield* atOnce(...times(8, (at) => (at % 2 === 0 ? move() : lose(1))))).toBe(5)
        expect(yield* onHand("TEA")).toBe(0)
      }),
    ))

  it("units are pinned or taken, never both (L3, R10)", () =>
    always(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 5)
        yield* commit("TEA", 4)
        yield* atOnce(lose(1), allocate(), lose(1), lose(1))
        const { onHand: held, allocated, unallocated } = (yield* balance("TEA")) ?? {}
        expect(unallocated).toBeGreaterThanOrEqual(0)
        expect(held).toBe(Number(allocated) + Number(unallocated))
      }),
    ))

  it("a serial goes to one place (L5), and units without one are not taken twice", () =>
    always(
      Effect.gen(function* () {
        yield* define("PHONE")
        yield* receive("PHONE", 1)
        const tracking = { lot: false, expiry: false, serial: true }
        yield* reviseProduct({ key: freshKey(), sku: "PHONE", changes: { tracking } })
        yield* receive("PHONE", 1, { serials: ["S1"] })
        const move = (at: number) =>
          moveStock({
            key: freshKey(),
            warehouse: LONDON,
            sku: "PHONE",
            quantity: 1,
            serials: ["S1"],
            from: { bin: "A-1" },
            to: { bin: `B-${at}` },
          })
        const nameless = () => lose(1, "PHONE")
        expect(yield* atOnce(move(1), nameless(), move(2), nameless(), nameless())).toBe(2)
        const held = (yield* records(StockSerials)).map(({ value }) => value.cell)
        expect(held).toHaveLength(1)
        expect(held[0]).not.toBe(cellId("PHONE"))
      }),
    ))

  it("a transfer is received once", () =>
    always(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 6)
        const { transfer } = yield* sendTransfer({
          key: freshKey(),
          from: LONDON,
          to: LEEDS,
          lines: [{ sku: "TEA", quantity: 6, bin: "A-1" }],
        })
        const arrive = () =>
          receiveTransfer({
            key: freshKey(),
            transfer,
            lines: [{ line: "1", quantity: 2, place: { bin: "Z-1" } }],
          })
        expect(yield* atOnce(...times(5, arrive))).toBe(3)
        expect(yield* pool("TEA", LEEDS)).toMatchObject({ onHand: 6, sellable: 6 })
      }),
    ))

  it("lots expire while their units are taken, and every unit is once somewhere", () =>
    always(
      Effect.gen(function* () {
        yield* define("MILK", { lot: true, expiry: true })
        yield* receive("MILK", 4, { lot: "L1", expiresAt: 5 })
        yield* receive("MILK", 4, { lot: "L2", expiresAt: 5 })
        yield* TestClock.setTime(5)
        const expire = () => expireLots({ key: freshKey() })
        const take = (lot: string) => lose(1, "MILK", { lot })
        yield* atOnce(take("L1"), expire(), take("L2"), expire(), take("L1"))
        yield* expire()
        const { onHand: left, sellable } = (yield* pool("MILK")) ?? {}
        expect(sellable).toBe(0)
        expect(left).toBeGreaterThanOrEqual(5)
      }),
    ))

  it("a rebuild repairs and writers write, and neither undoes the other", () =>
    always(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 20)
        yield* (yield* Store).commit([
          add(StockBalances, cellId("TEA"), { onHand: 3, unallocated: 3 }),
        ])
        const rebuild = () => rebuildBalances({ key: freshKey() })
        expect(yield* atOnce(receive("TEA", 2), rebuild(), lose(1), receive("TEA", 1))).toBe(4)
        yield* rebuild()
        expect(yield* onHand("TEA")).toBe(22)
      }),
    ))

  it("the check of the ledger sees no drift in what is only being written", () =>
    always(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 9)
        const writers = times(6, (at) => (at % 2 === 0 ? receive("TEA", 1) : lose(1)))
        const found: Array<unknown> = []
        const look = Effect.map(drifts, (drift) => found.push(...drift))
        yield* atOnce(...writers.slice(0, 3), look, look, ...writers.slice(3))
        expect(found).toEqual([])
      }),
    ))
})
