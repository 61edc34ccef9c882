import { describe, expect, it } from "@effect/vitest"
import type { CellId, LotCode } from "../../src/inventory/index.ts"
import {
  type Candidate,
  chooseCells,
  isFit,
  type RemovalStrategy,
} from "../../src/inventory/index.ts"
import type { Timestamp, Units } from "../../src/kernel/index.ts"

const DAY = 86_400_000
const NOW = (100 * DAY) as Timestamp

const cell = (
  id: string,
  more: { readonly [field in keyof Candidate]?: unknown } = {},
): Candidate => ({
  id: id as CellId,
  condition: "sellable",
  unallocated: 5 as Units,
  receivedAt: 0 as Timestamp,
  pickSequence: 0,
  ...(more as Partial<Candidate>),
})

const fresh = {
  at: NOW,
  minShelfLifeDays: 0,
  doNotPickDays: 0,
  recalledLots: new Set<LotCode>(),
}

const choose = (cells: ReadonlyArray<Candidate>, strategy: RemovalStrategy, quantity: number) => {
  const { picks, missing } = chooseCells(cells, { ...fresh, strategy, quantity })
  return { picks: picks.map((pick) => `${pick.cell.id}:${pick.quantity}`).join(" "), missing }
}

describe("chooseCells", () => {
  it("takes first what expires first, and what never expires last (FEFO)", () => {
    const cells = [
      cell("never"),
      cell("late", { expiresAt: NOW + 9 * DAY }),
      cell("soon", { expiresAt: NOW + DAY }),
    ]
    expect(choose(cells, "fefo", 12)).toEqual({ picks: "soon:5 late:5 never:2", missing: 0 })
  })

  it("settles equal expiries by receipt, then pick sequence, then id", () => {
    const expiresAt = NOW + DAY
    const cells = [
      cell("d", { expiresAt, receivedAt: 1, pickSequence: 2 }),
      cell("c", { expiresAt, receivedAt: 1, pickSequence: 1 }),
      cell("b", { expiresAt, receivedAt: 1, pickSequence: 1 }),
      cell("a", { expiresAt, receivedAt: 2, pickSequence: 0 }),
    ]
    expect(choose(cells, "fefo", 20).picks).toBe("b:5 c:5 d:5 a:5")
  })

  it("takes the oldest receipt, the newest, or the nearest bin first", () => {
    const cells = [
      cell("a", { receivedAt: 2, pickSequence: 3 }),
      cell("b", { receivedAt: 1, pickSequence: 2 }),
      cell("c", { receivedAt: 3, pickSequence: 1 }),
      cell("d", { receivedAt: 3, pickSequence: 1 }),
    ]
    expect(choose(cells, "fifo", 20).picks).toBe("b:5 a:5 c:5 d:5")
    expect(choose(cells, "lifo", 20).picks).toBe("c:5 d:5 a:5 b:5")
    expect(choose(cells, "closest", 20).picks).toBe("c:5 d:5 b:5 a:5")
  })

  it("opens as few cells as can be", () => {
    const cells = [
      cell("a", { unallocated: 3 }),
      cell("b", { unallocated: 4 }),
      cell("c", { unallocated: 9 }),
    ]
    expect(choose(cells, "fewest_packages", 9).picks).toBe("c:9")
    expect(choose(cells, "fewest_packages", 12).picks).toBe("c:9 b:3")
  })

  it("fills from one lot where one holds enough, else as FEFO", () => {
    const cells = [
      cell("a", { lot: "L1", unallocated: 2, expiresAt: NOW + DAY }),
      cell("b", { lot: "L2", unallocated: 4, expiresAt: NOW + 2 * DAY }),
      cell("c", { lot: "L2", unallocated: 4, expiresAt: NOW + 2 * DAY }),
      cell("d", { unallocated: 50, expiresAt: NOW + DAY }),
    ]
    expect(choose(cells, "single_lot_first", 2).picks).toBe("a:2")
    expect(choose(cells, "single_lot_first", 6).picks).toBe("b:4 c:2")
    expect(choose(cells, "single_lot_first", 9).picks).toBe("a:2 d:7")
  })

  it("says what is missing, and picks nothing for nothing", () => {
    expect(choose([cell("a"), cell("b", { unallocated: 0 })], "fifo", 8)).toEqual({
      picks: "a:5",
      missing: 3,
    })
    expect(choose([], "fefo", 3)).toEqual({ picks: "", missing: 3 })
    expect(choose([cell("a")], "fefo", 0)).toEqual({ picks: "", missing: 0 })
  })

  it("leaves the cells that it was given as they are", () => {
    const cells = [cell("b", { receivedAt: 2 }), cell("a", { receivedAt: 1 })]
    choose(cells, "fifo", 3)
    expect(cells.map(({ id }) => id)).toEqual(["b", "a"])
  })
})

describe("isFit", () => {
  const edge = (expiresAt: number, more: Partial<Parameters<typeof isFit>[1]> = {}) =>
    [-1, 0, 1].map((step) =>
      isFit(cell("a", { expiresAt: expiresAt + step }), { ...fresh, ...more }),
    )

  it("is expired at the very millisecond of the expiry", () => {
    expect(edge(NOW)).toEqual([false, false, true])
  })

  it("must still be alive on the promised delivery date", () => {
    const deliverBy = (NOW + 3 * DAY) as Timestamp
    expect(edge(deliverBy, { deliverBy })).toEqual([false, false, true])
  })

  it("must have the customer's shelf life left on arrival", () => {
    const deliverBy = (NOW + 3 * DAY) as Timestamp
    expect(edge(deliverBy + 30 * DAY, { deliverBy, minShelfLifeDays: 30 })).toEqual([
      false,
      false,
      true,
    ])
  })

  it("is not picked within the do-not-pick days", () => {
    expect(edge(NOW + 7 * DAY, { doNotPickDays: 7 })).toEqual([false, false, true])
  })

  it("is not revived by a delivery date in the past", () => {
    expect(edge(NOW, { deliverBy: 0 as Timestamp })).toEqual([false, false, true])
  })

  it("is sellable and not recalled", () => {
    const conditions = ["quarantine", "damaged", "expired", "recalled", "held", "returned"] as const
    for (const condition of conditions) expect(isFit(cell("a", { condition }), fresh)).toBe(false)
    const recalledLots = new Set(["L1" as LotCode])
    expect(isFit(cell("a", { lot: "L1" }), { ...fresh, recalledLots })).toBe(false)
    expect(isFit(cell("a", { lot: "L2" }), { ...fresh, recalledLots })).toBe(true)
    expect(isFit(cell("a"), { ...fresh, recalledLots })).toBe(true)
  })
})
