import {
  DAY_MILLIS,
  plusMillis,
  type Quantity,
  type Timestamp,
  type Units,
} from "../kernel/index.ts"
import type { LotCode } from "./Cell.ts"
import type { RemovalStrategy } from "./RemovalStrategy.ts"
import type { StockBalance } from "./StockBalance.ts"

/** What the choice looks at of a cell. */
export type Candidate = Pick<
  StockBalance,
  "id" | "lot" | "condition" | "unallocated" | "receivedAt" | "expiresAt" | "pickSequence"
>

/** What may be taken at all, whatever the order. */
export interface Fitness {
  /** When the choice is made. */
  readonly at: Timestamp
  /** When the units are promised to arrive; `at`, when left out. */
  readonly deliverBy?: Timestamp | undefined
  /** Days of life that the customer wants left on arrival. */
  readonly minShelfLifeDays: number
  /** Days before its expiry from which a unit is not picked any more. */
  readonly doNotPickDays: number
  readonly recalledLots: ReadonlySet<LotCode>
}

/** Units to take from one cell. */
export interface CellPick<Cell> {
  readonly cell: Cell
  readonly quantity: Quantity
}

/** Which cells give how much, in the strategy's order, and what no cell could give. */
export interface Choice<Cell> {
  readonly picks: ReadonlyArray<CellPick<Cell>>
  readonly missing: Units
}

/**
 * Whether units of the cell may be promised to anybody: sellable, not recalled, and at its expiry date neither
 * expired, nor inside the do-not-pick days, nor too old on arrival (R10). A unit is expired from the instant of
 * its expiry onwards.
 */
export const isFit = (cell: Omit<Candidate, "id" | "unallocated">, fitness: Fitness): boolean => {
  if (cell.condition !== "sellable") return false
  if (cell.lot !== undefined && fitness.recalledLots.has(cell.lot)) return false
  if (cell.expiresAt === undefined) return true
  const arrival = fitness.deliverBy ?? fitness.at
  return (
    cell.expiresAt > plusMillis(fitness.at, fitness.doNotPickDays * DAY_MILLIS) &&
    cell.expiresAt > plusMillis(arrival, fitness.minShelfLifeDays * DAY_MILLIS)
  )
}

/**
 * Chooses the cells that give `quantity` units (domain 1.5): those that may not be used are left out first, the
 * rest is taken in the strategy's order. The last sort key is the cell's id, so that equal snapshots give equal
 * choices. Pure: what it says holds for the snapshot that it was given (R9).
 */
export const chooseCells = <Cell extends Candidate>(
  cells: ReadonlyArray<Cell>,
  wanted: Fitness & { readonly quantity: number; readonly strategy: RemovalStrategy },
): Choice<Cell> => {
  const fit = cells
    .filter((cell) => cell.unallocated > 0 && isFit(cell, wanted))
    .sort(orders[wanted.strategy])
  const lot =
    wanted.strategy === "single_lot_first" ? lotThatFills(fit, wanted.quantity) : undefined
  return take(lot === undefined ? fit : fit.filter((cell) => cell.lot === lot), wanted.quantity)
}

const take = <Cell extends Candidate>(
  cells: ReadonlyArray<Cell>,
  quantity: number,
): Choice<Cell> => {
  const picks: Array<CellPick<Cell>> = []
  let missing = quantity
  for (const cell of cells) {
    if (missing === 0) break
    const units = Math.min(missing, cell.unallocated)
    picks.push({ cell, quantity: units as Quantity })
    missing -= units
  }
  return { picks, missing: missing as Units }
}

/** The first lot, in the order of the cells, that holds the whole quantity by itself. */
const lotThatFills = (cells: ReadonlyArray<Candidate>, quantity: number): LotCode | undefined => {
  const units = new Map<LotCode, number>()
  for (const { lot, unallocated } of cells) {
    if (lot !== undefined) units.set(lot, (units.get(lot) ?? 0) + unallocated)
  }
  for (const [lot, held] of units) if (held >= quantity) return lot
  return undefined
}

type Order = (a: Candidate, b: Candidate) => number

const byExpiry: Order = (a, b) =>
  a.expiresAt === b.expiresAt ? 0 : (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity)
const byReceipt: Order = (a, b) => a.receivedAt - b.receivedAt
const byPickSequence: Order = (a, b) => a.pickSequence - b.pickSequence
const byId: Order = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const inOrder =
  (...orders: ReadonlyArray<Order>): Order =>
  (a, b) => {
    for (const order of orders) {
      const found = order(a, b)
      if (found !== 0) return found
    }
    return 0
  }

const fefo = inOrder(byExpiry, byReceipt, byPickSequence, byId)

const orders: { readonly [strategy in RemovalStrategy]: Order } = {
  fefo,
  fifo: inOrder(byReceipt, byPickSequence, byId),
  lifo: inOrder((a, b) => byReceipt(b, a), byPickSequence, byId),
  closest: inOrder(byPickSequence, byId),
  fewest_packages: inOrder((a, b) => b.unallocated - a.unallocated, fefo),
  single_lot_first: fefo,
}
