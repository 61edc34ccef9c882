import type { StockBalance } from "../../inventory/index.ts"
import { DAY_MILLIS } from "../../kernel/index.ts"
import { poolIn, type StockLedger } from "./StockLedger.ts"
import type { InputOf } from "./StockOperations.ts"
import { partsOf } from "./StockWorld.ts"

/** A line as a request for stock names it. */
export type AskedLine = InputOf<"commitStock">["lines"][number]

/** Units by pool, named `warehouse/sku`. */
export type UnitsByPool = ReadonlyMap<string, number>

/** What a line is called: its name, else its place from 1. */
export const lineName = ({ line }: AskedLine, place: number): string => line ?? `${place + 1}`

/** What lines take from each pool, in as many units of each line as `units` says. */
export const demandOf = (
  lines: ReadonlyArray<AskedLine>,
  units: (line: AskedLine, place: number) => number = ({ quantity }) => quantity,
): UnitsByPool => {
  const demand = new Map<string, number>()
  for (const [place, line] of lines.entries())
    for (const { sku, quantity } of partsOf(line.sku)) {
      const pool = `${line.warehouse}/${sku}`
      demand.set(pool, (demand.get(pool) ?? 0) + quantity * units(line, place))
    }
  return demand
}

/** What can be promised of each pool that lines ask for. */
export const availableFor = (ledger: StockLedger, lines: ReadonlyArray<AskedLine>): UnitsByPool => {
  const available = new Map<string, number>()
  for (const pool of demandOf(lines).keys()) {
    const [warehouse = "", sku = ""] = pool.split("/")
    available.set(pool, Math.max(0, poolIn(ledger, warehouse, sku).uncommitted))
  }
  return available
}

/** Whether there is enough of everything. */
export const fits = (demand: UnitsByPool, available: UnitsByPool): boolean =>
  [...demand].every(([pool, units]) => units <= (available.get(pool) ?? 0))

/**
 * What each line is granted, in units of its SKU: under `whole` everything or nothing, under `available` one unit after
 * the other, line by line, as long as there is all that a unit takes.
 */
export const grantsOf = (
  lines: ReadonlyArray<AskedLine>,
  policy: "whole" | "available",
  available: UnitsByPool,
): ReadonlyArray<number> | undefined => {
  if (policy === "whole")
    return fits(demandOf(lines), available) ? lines.map(({ quantity }) => quantity) : undefined
  const left = new Map(available)
  return lines.map((line) => {
    const parts = partsOf(line.sku).map((part) => ({
      ...part,
      pool: `${line.warehouse}/${part.sku}`,
    }))
    let units = 0
    while (
      units < line.quantity &&
      parts.every((part) => (left.get(part.pool) ?? 0) >= part.quantity)
    ) {
      for (const part of parts) left.set(part.pool, (left.get(part.pool) ?? 0) - part.quantity)
      units += 1
    }
    return units
  })
}

/** Whether units of a cell may be pinned at an instant, for somebody who wants so many days of their life left. */
export const isEligible = (
  { lots }: StockLedger,
  { condition, sku, lot }: StockBalance,
  at: number,
  shelfLifeDays: number,
): boolean => {
  const known = lots.find((each) => each.sku === sku && each.lot === lot)
  const end = known?.expiresAt ?? Number.POSITIVE_INFINITY
  return (
    condition === "sellable" &&
    known?.recalledAt === undefined &&
    end > at + shelfLifeDays * DAY_MILLIS
  )
}

type SortKey = (cell: StockBalance) => ReadonlyArray<number | string>

const keys: { readonly [strategy: string]: SortKey } = {
  fefo: (cell) => [
    cell.expiresAt ?? Number.MAX_SAFE_INTEGER,
    cell.receivedAt,
    cell.pickSequence,
    cell.id,
  ],
  fifo: (cell) => [cell.receivedAt, cell.pickSequence, cell.id],
  lifo: (cell) => [-cell.receivedAt, cell.pickSequence, cell.id],
  closest: (cell) => [cell.pickSequence, cell.id],
}

/** Whether the order of a strategy can be told from the cells alone. */
export const isPlainOrder = (strategy: string): boolean => strategy in keys

/** Cells in the order in which a strategy takes from them. */
export const inOrder = (
  cells: ReadonlyArray<StockBalance>,
  strategy: string,
): ReadonlyArray<StockBalance> => {
  const keyOf = keys[strategy]
  if (keyOf === undefined) throw new TypeError(`the order of ${strategy} is not known`)
  return cells.toSorted((a, b) => compare(keyOf(a), keyOf(b)))
}

const compare = (a: ReadonlyArray<number | string>, b: ReadonlyArray<number | string>): number => {
  const at = a.findIndex((value, place) => value !== b[place])
  if (at < 0) return 0
  const [left, right] = [a[at] as number, b[at] as number]
  return left < right ? -1 : 1
}

/** What a row of cells gives, from the first on, up to a number of units. */
export const takeInOrder = (
  cells: ReadonlyArray<StockBalance>,
  wanted: number,
): ReadonlyMap<string, number> => {
  const taken = new Map<string, number>()
  let left = wanted
  for (const { id, unallocated } of cells) {
    const units = Math.min(left, unallocated)
    if (units > 0) taken.set(id, units)
    left -= units
  }
  return taken
}
