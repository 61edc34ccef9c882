import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import type { CellId, LotCode } from "../../src/inventory/index.ts"
import { type Candidate, chooseCells, RemovalStrategy } from "../../src/inventory/index.ts"
import type { Timestamp, Units } from "../../src/kernel/index.ts"

const DAY = 86_400_000
const NOW = 100 * DAY

const instant = fc
  .tuple(fc.integer({ min: -3, max: 12 }), fc.integer({ min: -1, max: 1 }))
  .map(([days, millis]) => NOW + days * DAY + millis)

const cell = fc.record(
  {
    condition: fc.constantFrom("sellable" as const, "sellable" as const, "held" as const),
    unallocated: fc.integer({ min: 0, max: 6 }),
    receivedAt: fc.integer({ min: 0, max: 3 }),
    pickSequence: fc.integer({ min: 0, max: 3 }),
    lot: fc.constantFrom("L1", "L2", "L3"),
    expiresAt: instant,
  },
  { requiredKeys: ["condition", "unallocated", "receivedAt", "pickSequence"] },
)

const scene = fc.record({
  cells: fc
    .array(cell, { maxLength: 8 })
    .map((cells) => cells.map((each, place) => ({ ...each, id: `cell-${place}` }) as Candidate)),
  quantity: fc.integer({ min: 1, max: 30 }),
  strategy: fc.constantFrom(...RemovalStrategy.literals),
  deliverBy: fc.option(instant, { nil: undefined }),
  minShelfLifeDays: fc.integer({ min: 0, max: 4 }),
  doNotPickDays: fc.integer({ min: 0, max: 4 }),
  recalled: fc.subarray(["L1", "L2"]),
})
type Scene = typeof scene extends fc.Arbitrary<infer S> ? S : never

const choose = ({ cells, recalled, deliverBy, ...wanted }: Scene) =>
  chooseCells(cells, {
    ...wanted,
    at: NOW as Timestamp,
    deliverBy: deliverBy as Timestamp | undefined,
    recalledLots: new Set(recalled as ReadonlyArray<string> as ReadonlyArray<LotCode>),
  })

/** The eligible cells, worded anew: by days, one reason after the other. */
const eligible = ({ cells, recalled, deliverBy = NOW, ...wanted }: Scene) =>
  cells.filter(({ condition, unallocated, lot, expiresAt = Infinity }) => {
    const isRecalled = lot !== undefined && (recalled as ReadonlyArray<string>).includes(lot)
    const onArrival = (expiresAt - deliverBy) / DAY
    const today = (expiresAt - NOW) / DAY
    return (
      condition === "sellable" &&
      unallocated > 0 &&
      !isRecalled &&
      onArrival > wanted.minShelfLifeDays &&
      today > wanted.doNotPickDays
    )
  })

/** Each strategy as a list of figures, smallest first; compared one after the other. */
const rankOf = (each: Candidate, strategy: RemovalStrategy): ReadonlyArray<number | string> => {
  const fefo = [each.expiresAt ?? Infinity, each.receivedAt, each.pickSequence, each.id]
  switch (strategy) {
    case "fefo":
    case "single_lot_first":
      return fefo
    case "fifo":
      return [each.receivedAt, each.pickSequence, each.id]
    case "lifo":
      return [-each.receivedAt, each.pickSequence, each.id]
    case "closest":
      return [each.pickSequence, each.id]
    case "fewest_packages":
      return [-each.unallocated, ...fefo]
  }
}

const sortsBefore = (a: Candidate, b: Candidate, strategy: RemovalStrategy): boolean => {
  const left = rankOf(a, strategy)
  const right = rankOf(b, strategy)
  const place = left.findIndex((figure, at) => figure !== right[at])
  return place >= 0 && (left[place] as number) < (right[place] as number)
}

/** One unit after the other, each from the eligible cell that sorts first. */
const naive = (given: Scene): ReadonlyMap<CellId, number> => {
  let cells = eligible(given)
  if (given.strategy === "single_lot_first") {
    const lots = new Set(
      cells.toSorted((a, b) => (sortsBefore(a, b, "fefo") ? -1 : 1)).map(({ lot }) => lot),
    )
    const filling = [...lots].find(
      (code) =>
        code !== undefined &&
        cells.filter(({ lot }) => lot === code).reduce((sum, each) => sum + each.unallocated, 0) >=
          given.quantity,
    )
    if (filling !== undefined) cells = cells.filter(({ lot }) => lot === filling)
  }
  const taken = new Map<CellId, number>()
  for (let unit = 0; unit < given.quantity; unit++) {
    const open = cells.filter(({ id, unallocated }) => (taken.get(id) ?? 0) < unallocated)
    const best = open.find((each) =>
      open.every((other) => other === each || sortsBefore(each, other, given.strategy)),
    )
    if (best === undefined) break
    taken.set(best.id, (taken.get(best.id) ?? 0) + 1)
  }
  return taken
}

const RUNS = { numRuns: 2000 }

describe("chooseCells", () => {
  it("agrees with taking unit after unit from the best cell that may be used", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { picks, missing } = choose(given)
        const expected = naive(given)
        expect(new Map(picks.map(({ cell: { id }, quantity }) => [id, quantity]))).toEqual(expected)
        const total = [...expected.values()].reduce((sum, units) => sum + units, 0)
        expect(missing).toBe(given.quantity - total)
      }),
      RUNS,
    )
  })

  it("leaves no eligible unit that sorts before one that it took (R9)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        fc.pre(given.strategy !== "single_lot_first")
        const { picks } = choose(given)
        const taken = new Map(picks.map(({ cell: { id }, quantity }) => [id, quantity as number]))
        const left = eligible(given).filter(
          ({ id, unallocated }) => (taken.get(id) ?? 0) < unallocated,
        )
        for (const pick of picks)
          for (const other of left)
            expect(sortsBefore(other, pick.cell, given.strategy)).toBe(false)
      }),
      RUNS,
    )
  })

  it("takes from eligible cells only, never more than is there (R10)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const may = new Map(eligible(given).map(({ id, unallocated }) => [id, unallocated]))
        for (const { cell: each, quantity } of choose(given).picks) {
          expect(quantity).toBeGreaterThan(0)
          expect(may.get(each.id) ?? 0).toBeGreaterThanOrEqual(quantity)
        }
      }),
      RUNS,
    )
  })

  it("opens as few cells as any choice could, under fewest_packages", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { picks, missing } = choose({ ...given, strategy: "fewest_packages" })
        const cells = eligible(given)
        const wanted = given.quantity - missing
        let fewest = cells.length
        for (let set = 0; set < 2 ** cells.length; set++) {
          const chosen = cells.filter((_, place) => (set & (1 << place)) !== 0)
          if (chosen.reduce((sum, { unallocated }) => sum + unallocated, 0) >= wanted)
            fewest = Math.min(fewest, chosen.length)
        }
        expect(picks).toHaveLength(fewest)
      }),
      { numRuns: 1000 },
    )
  })

  it("chooses the same whatever the order in which the cells come", () => {
    fc.assert(
      fc.property(scene, fc.infiniteStream(fc.nat()), (given, salt) => {
        const shuffled = given.cells
          .map((each) => ({ each, at: salt.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each)
        expect(choose({ ...given, cells: shuffled })).toEqual(choose(given))
      }),
      RUNS,
    )
  })

  it("gives at least as much when a cell has more units (R8)", () => {
    fc.assert(
      fc.property(scene, fc.nat(7), (given, place) => {
        const more = given.cells.map((each, at) =>
          at === place ? { ...each, unallocated: (each.unallocated + 1) as Units } : each,
        )
        expect(choose({ ...given, cells: more }).missing).toBeLessThanOrEqual(choose(given).missing)
      }),
      RUNS,
    )
  })
})
