import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import {
  allocateStock,
  dispatchStock,
  RemovalStrategy,
  recallLot,
  type StockBalance,
  StockBalances,
  StockLots,
  StockMovements,
} from "../../src/inventory/index.ts"
import {
  BASKET,
  books,
  commit,
  DAY,
  define,
  receive,
  records,
  runPromises,
  runUneven,
} from "./promiseWorld.ts"

const pace = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 16 })

const MILK = { sku: "MILK", tracking: { lot: true, expiry: true } }

/** Which of two cells gives first, worded by pairs of reasons. */
const before = (a: StockBalance, b: StockBalance, strategy: RemovalStrategy): boolean => {
  const byExpiry = [a.expiresAt ?? Infinity, b.expiresAt ?? Infinity] as const
  const byReceipt = [a.receivedAt, b.receivedAt] as const
  const byWalk = [a.pickSequence, b.pickSequence] as const
  const last = [a.id, b.id] as const
  const reasons = {
    fefo: [byExpiry, byReceipt, byWalk, last],
    single_lot_first: [byExpiry, byReceipt, byWalk, last],
    fifo: [byReceipt, byWalk, last],
    lifo: [[b.receivedAt, a.receivedAt], byWalk, last],
    closest: [byWalk, last],
    fewest_packages: [[b.unallocated, a.unallocated], byExpiry, byReceipt, byWalk, last],
  } as const
  for (const [left, right] of reasons[strategy]) if (left !== right) return left < right
  return false
}

const receipt = fc.record({
  lot: fc.constantFrom("L1", "L2", "L3", "L4"),
  bin: fc.constantFrom("A-1", "A-2", "A-3", "A-4"),
  quantity: fc.integer({ min: 1, max: 5 }),
  pickSequence: fc.nat({ max: 2 }),
  occurredAt: fc.nat({ max: 2 }),
})
const scene = fc.record({
  receipts: fc.array(receipt, { minLength: 1, maxLength: 7 }),
  expiries: fc.array(fc.integer({ min: 5, max: 8 }), { minLength: 4, maxLength: 4 }),
  deliverIn: fc.nat({ max: 2 }),
  wait: fc.constantFrom(5 * DAY - 1, 5 * DAY, 5 * DAY + 1, 6 * DAY - 1, 6 * DAY),
  recalled: fc.subarray(["L1", "L2"], { maxLength: 1 }),
  quantity: fc.integer({ min: 1, max: 12 }),
  strategy: fc.constantFrom(...RemovalStrategy.literals.filter((s) => s !== "single_lot_first")),
})
type Scene = typeof scene extends fc.Arbitrary<infer S> ? S : never

/** Receives, promises and recalls as the scene has it, waits, and allocates; answers the cells as they were before. */
const allocateIn = Effect.fnUntraced(function* (given: Scene) {
  yield* define(MILK)
  yield* TestClock.setTime(10)
  for (const { lot, quantity, ...more } of given.receipts) {
    const expiresAt = (given.expiries[Number(lot.slice(1)) - 1] ?? 0) * DAY
    yield* receive("MILK", quantity, { lot, expiresAt, ...more })
  }
  yield* commit([["MILK", given.quantity]], { policy: "available" })
  for (const lot of given.recalled) yield* Effect.ignore(recallLot({ key: lot, sku: "MILK", lot }))
  yield* TestClock.setTime(given.wait)
  const cells = (yield* records(StockBalances)).map(({ value }) => value)
  const { allocations, short } = yield* allocateStock({
    key: "allocate",
    document: BASKET,
    strategy: given.strategy,
    deliverBy: arrivalOf(given),
  })
  const taken = new Map<string, number>()
  for (const { cell, quantity } of allocations) taken.set(cell, (taken.get(cell) ?? 0) + quantity)
  const recalled = (yield* records(StockLots)).flatMap(({ value }) =>
    value.recalledAt === undefined ? [] : [value.lot],
  )
  return { cells, taken, recalled, missing: sum(short.map((line) => line.missing)) }
})

const arrivalOf = ({ wait, deliverIn }: Scene): number => wait + deliverIn * DAY

const sum = (units: Iterable<number>): number => [...units].reduce((total, each) => total + each, 0)

describe("allocateStock", () => {
  it("pins no unit that a free one sorting earlier could stand in for (R9, R10)", async () => {
    let pinned = 0
    await fc.assert(
      fc.asyncProperty(scene, async (given) => {
        const { cells, taken, recalled, missing } = await runPromises(allocateIn(given))
        const free = cells.filter(
          ({ condition, lot, expiresAt }) =>
            condition === "sellable" &&
            (expiresAt ?? Infinity) > arrivalOf(given) &&
            (lot === undefined || !recalled.includes(lot)),
        )
        const left = free.filter(({ id, unallocated }) => (taken.get(id) ?? 0) < unallocated)
        for (const id of taken.keys()) {
          const cell = free.find((each) => each.id === id)
          expect(cell, `${id} may give nothing`).toBeDefined()
          for (const other of left) expect(cell && before(other, cell, given.strategy)).toBe(false)
        }
        const wanted = sum(taken.values()) + missing
        const most = sum(free.map(({ unallocated }) => unallocated))
        expect(missing).toBe(Math.max(0, wanted - most))
        pinned += taken.size
      }),
      { numRuns: 400 },
    )
    expect(pinned).toBeGreaterThan(200)
  }, 120_000)

  it("pins each unit to one of many documents that ask at once (L3, R1)", async () => {
    const wants = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 6 })
    const cells = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(wants, cells, pace, async (documents, stock, paces) => {
        const work = Effect.gen(function* () {
          yield* define("MUG")
          yield* Effect.forEach(stock, (units, bin) => receive("MUG", units, { bin: `A-${bin}` }))
          const orders = documents.map((_, place) => ({ kind: "basket", id: `o-${place}` }))
          yield* Effect.forEach(documents, (units, place) =>
            commit([["MUG", units]], { document: orders[place] ?? BASKET, policy: "available" }),
          )
          yield* Effect.forEach(
            orders,
            (document) => Effect.ignore(allocateStock({ key: document.id, document })),
            { concurrency: "unbounded" },
          )
          const { kept, counted, pending } = yield* books
          expect(kept).toEqual(counted)
          for (const { unallocated } of pending) expect(unallocated).toBe(0)
        })
        await runUneven(paces, work)
      }),
      { numRuns: 400 },
    )
  }, 120_000)

  it("pins nothing of a lot that a recall overtakes, and the recall names what was quicker (R10)", async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(pace, async (paces) => {
        const work = Effect.gen(function* () {
          yield* define({ sku: "MILK", tracking: { lot: true } })
          yield* receive("MILK", 4, { lot: "L1", bin: "A-1" })
          yield* receive("MILK", 4, { lot: "L2", bin: "A-2" })
          yield* commit([["MILK", 3]])
          const [recall, allocated] = yield* Effect.all(
            [
              recallLot({ key: "recall", sku: "MILK", lot: "L1" }),
              allocateStock({ key: "allocate", document: BASKET }),
            ],
            { concurrency: "unbounded" },
          )
          const ofRecalled = (yield* books).live.filter(({ lot }) => lot === "L1")
          expect(recall.toReallocate).toEqual(ofRecalled.length > 0 ? [BASKET] : [])
          expect(allocated.short).toEqual([])
          seen.add(ofRecalled.length > 0 ? "allocation first" : "recall first")
          if (ofRecalled.length > 0)
            expect(
              yield* Effect.flip(dispatchStock({ key: "go", document: BASKET })),
            ).toMatchObject({
              _tag: "LotRefused",
            })
        })
        await runUneven(paces, work)
      }),
      { numRuns: 400 },
    )
    expect([...seen].sort()).toEqual(["allocation first", "recall first"])
  }, 120_000)
})

describe("dispatchStock", () => {
  it("sends units exactly once, however many send them at once", async () => {
    await fc.assert(
      fc.asyncProperty(
        pace,
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom("keep" as const, "release" as const),
        async (paces, senders, rest) => {
          const work = Effect.gen(function* () {
            yield* define("MUG")
            yield* receive("MUG", 3, { bin: "A-1" })
            yield* receive("MUG", 3, { bin: "A-2" })
            yield* commit([["MUG", 5]])
            yield* allocateStock({ key: "allocate", document: BASKET })
            const outcomes = yield* Effect.forEach(
              Array.from({ length: senders }, (_, sender) => sender),
              (sender) =>
                Effect.result(dispatchStock({ key: `send-${sender}`, document: BASKET, rest })),
              { concurrency: "unbounded" },
            )
            expect(outcomes.filter(Result.isSuccess)).toHaveLength(1)
            for (const { failure } of outcomes.filter(Result.isFailure))
              expect(failure).toMatchObject({ _tag: "CommitmentResolved", state: "posted" })
            const sent = (yield* records(StockMovements)).filter(
              ({ value }) => value.reason === "dispatch",
            )
            expect(sent.reduce((sum, { value }) => sum + value.quantity, 0)).toBe(5)
            const { pools, kept, counted } = yield* books
            expect(pools).toEqual({ MUG: { onHand: 1, sellable: 1, committed: 0, uncommitted: 1 } })
            expect(kept).toEqual(counted)
          })
          await runUneven(paces, work)
        },
      ),
      { numRuns: 400 },
    )
  }, 120_000)
})
