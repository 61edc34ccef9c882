import { Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { approveCount, countStock, replay, type StockMovement } from "../../src/inventory/index.ts"
import { inWorld } from "../world.ts"
import { history, type Lived, liveThrough } from "./PhysicalHistory.ts"
import { define, freshKey, LONDON, onHand, receive } from "./stockWorld.ts"

const RUNS = 1000
/** A thousand histories take seconds; on a busy machine, many. Nothing here depends on how long it takes. */
const LONG = { timeout: 300_000 }
// All laws look at the same histories, other ones in each run. A failure prints the seed.
const SEED = Math.trunc(Math.random() * 2 ** 31)

/** The law holds after each of 1,000 histories. */
const holds = (law: (lived: Lived) => void) =>
  fc.assert(
    fc.asyncProperty(history, async (given) => law(await liveThrough(given))),
    { numRuns: RUNS, seed: SEED },
  )

/** Sums by key, of which those that are 0 are left out. */
const sumsOf = (parts: Iterable<readonly [key: string, units: number]>) => {
  const sums: Record<string, number> = {}
  for (const [key, units] of parts) sums[key] = (sums[key] ?? 0) + units
  return Object.fromEntries(Object.entries(sums).filter(([, units]) => units !== 0))
}

/** Each movement as what it takes from one place and brings to another. */
const sidesOf = (journal: ReadonlyArray<StockMovement>) =>
  journal.flatMap((each) => [
    { ...each, place: each.from, units: -each.quantity },
    { ...each, place: each.to, units: each.quantity as number },
  ])

/** The same journal in another order. */
const shuffled = (journal: ReadonlyArray<StockMovement>, seed: number) =>
  journal
    .map((each, at) => ({ each, rank: ((at + 1) * 7919 * (seed + 1)) % 104_729 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ each }) => each)

/**
 * An answer without an effect. It leaves no receipt, so that of two copies at the same moment one may find nothing to
 * pin, and the other the unit that came in meanwhile: done once all the same.
 */
const isIdle = (answer: unknown): boolean =>
  typeof answer === "object" &&
  answer !== null &&
  "allocations" in answer &&
  Array.isArray(answer.allocations) &&
  answer.allocations.length === 0

describe("whatever happens to stock, in any order, at the same moment, told twice", LONG, () => {
  it("L1: of every SKU and lot, all places together hold nothing", () =>
    holds(({ cells, journal }) => {
      // What lies in bins is counted in the bins; what the other places hold, only the journal knows.
      const virtual = sidesOf(journal).filter(({ place }) => place._tag !== "Bin")
      expect(
        sumsOf([
          ...cells.map(({ sku, lot, onHand }) => [`${sku}/${lot}`, onHand] as const),
          ...virtual.map(({ sku, lot, units }) => [`${sku}/${lot}`, units] as const),
        ]),
      ).toEqual({})
    }))

  it("L2: the journal, in any order and any grouping, gives the balances and pools", () =>
    holds(({ cells, pools, journal }) => {
      const stored = {
        cells: sumsOf(cells.map(({ id, onHand }) => [id, onHand])),
        onHand: sumsOf(pools.map(({ id, onHand }) => [id, onHand])),
        sellable: sumsOf(pools.map(({ id, sellable }) => [id, sellable])),
      }
      for (const size of [1, 3, 1000]) {
        const other = shuffled(journal, size)
        let replayed = replay([])
        for (let at = 0; at < other.length; at += size)
          replayed = replay(other.slice(at, at + size), replayed)
        expect({
          cells: sumsOf([...replayed.cells].map(([id, { onHand }]) => [id, onHand])),
          onHand: sumsOf([...replayed.pools].map(([id, { onHand }]) => [id, onHand])),
          sellable: sumsOf([...replayed.pools].map(([id, { sellable }]) => [id, sellable])),
        }).toEqual(stored)
      }
    }))

  it("L3: no cell holds less than nothing, nor less than what is pinned in it", () =>
    holds(({ cells }) => {
      const wrong = cells.filter(
        ({ onHand, allocated, unallocated }) =>
          Math.min(onHand, allocated, unallocated) < 0 || onHand !== allocated + unallocated,
      )
      expect(wrong).toEqual([])
    }))

  it("L4: the journal only grows, and no movement is taken back more than once over", () =>
    holds(({ journals, journal }) => {
      for (const earlier of journals) expect(journal).toEqual(expect.arrayContaining([...earlier]))
      const left = sumsOf([
        ...journal.map(({ id, quantity }) => [id, quantity] as const),
        ...journal.map(({ corrects = "", quantity }) => [corrects, -quantity] as const),
      ])
      const { "": _, ...ofMovements } = left
      expect(Math.min(0, ...Object.values(ofMovements))).toBe(0)
    }))

  it("L5: a serial is one unit in at most one cell", () =>
    holds(({ cells, serials, journal }) => {
      const phones = journal.filter(({ sku }) => sku === "PHONE")
      expect(phones.filter(({ serial, quantity }) => !serial || quantity !== 1)).toEqual([])
      const held = cells.filter(({ sku }) => sku === "PHONE")
      expect(sumsOf(held.map(({ id, onHand }) => [id, onHand]))).toEqual(
        sumsOf(serials.flatMap(({ cell }) => (cell === undefined ? [] : [[cell, 1] as const]))),
      )
    }))

  it("L6: nothing of it reaches another merchant", () =>
    holds(({ foreign }) => {
      expect(foreign).toBe(0)
    }))

  it("R7: sent twice, it is done once and gets one answer", () =>
    holds(({ repeats, journal }) => {
      for (const [first, second] of repeats)
        if (!isIdle(first) && !isIdle(second)) expect(second).toEqual(first)
      const instants = new Map<string, Set<number>>()
      for (const { key, recordedAt } of journal)
        instants.set(key, (instants.get(key) ?? new Set()).add(recordedAt))
      expect([...instants.values()].filter(({ size }) => size > 1)).toEqual([])
    }))

  it("the stock of a warehouse is what came in less what left", () =>
    holds(({ pools, journal }) => {
      const sides = sidesOf(journal).flatMap(({ place, sku, units }) =>
        place._tag === "Bin" ? [[`${place.warehouse}/${sku}`, units] as const] : [],
      )
      expect(sumsOf(pools.map(({ id, onHand }) => [id, onHand]))).toEqual(sumsOf(sides))
    }))

  it("the check of the ledger has nothing to say", () =>
    holds(({ report, journal }) => {
      expect(report).toMatchObject({
        movements: journal.length,
        drifts: [],
        unsettled: [],
        unexamined: 0,
      })
    }))

  it("every kind of step gets done in some history: no law holds for want of cases", async () => {
    const done = new Set<string>()
    await holds((lived) => {
      for (const step of lived.done) done.add(step)
    })
    expect([...done].sort()).toEqual([
      "add",
      "allocate",
      "arrive",
      "assemble",
      "change",
      "commit",
      "correct",
      "count",
      "disassemble",
      "dispatch",
      "expire",
      "move",
      "recall",
      "receive",
      "remove",
      "send",
    ])
  })
})

describe("a count", LONG, () => {
  const counting = (before: number, counted: number, since: ReadonlyArray<number>) =>
    Effect.gen(function* () {
      yield* define("TEA")
      if (before > 0) yield* receive("TEA", before)
      const seen = { warehouse: LONDON, bin: "A-1", sku: "TEA", counted, blind: true }
      const { count } = yield* countStock({ key: freshKey(), ...seen })
      yield* TestClock.adjust(1)
      for (const units of since) yield* receive("TEA", units)
      const { variance } = yield* approveCount({ key: freshKey(), count })
      return { variance, left: yield* onHand("TEA") }
    }).pipe(inWorld, Effect.provide(TestClock.layer(), { local: true }), Effect.runPromise)

  it("leaves what was counted and what happened since (domain 1.6)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 9 }),
        fc.nat({ max: 40 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
        async (before, counted, since) => {
          expect(await counting(before, counted, since)).toEqual({
            variance: counted - before,
            left: since.reduce((sum, units) => sum + units, counted),
          })
        },
      ),
      { numRuns: RUNS },
    ))
})
