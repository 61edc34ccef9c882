import { replay, type StockMovement } from "../../inventory/index.ts"
import {
  cellPostings,
  onHandPostings,
  sellablePostings,
  shuffled,
  sumPostings,
  virtualPostings,
} from "./journal.ts"
import { changesOf, differenceOf, law, type Step } from "./StockLaw.ts"
import { type StockLedger, sumBy } from "./StockLedger.ts"
import type { Call } from "./StockTrace.ts"

/** Units of each SKU and lot over all places: stored cells, stored transfers, and what the journal says of the rest. */
const totalsOf = ({ balances, transfers, movements }: StockLedger): ReadonlyMap<string, number> =>
  sumPostings([
    ...balances.map(({ sku, lot, onHand }) => ({ name: `${sku}/${lot ?? ""}`, units: onHand })),
    ...transfers.flatMap(({ lines }) =>
      lines.map(({ sku, lot, sent, received, lost }) => ({
        name: `${sku}/${lot ?? ""}`,
        units: sent - received - lost,
      })),
    ),
    ...virtualPostings(movements),
  ])

const NOTHING: ReadonlyMap<string, number> = new Map()

const conservation = law(
  "L1",
  "Conservation: for every owner, SKU and lot the sum over all places is 0, after any sequence of commands",
  ["units under way", "units made into kits", "units with a customer", "units lost and found"],
  (lived, see) => {
    for (const { after } of changesOf(lived)) {
      const wrong = differenceOf(totalsOf(after), NOTHING)
      see.require(wrong === undefined, () => `the sum over all places of ${wrong}`)
      for (const { from, to, quantity } of after.movements) {
        see.require(quantity > 0 && Number.isInteger(quantity), () => `a movement of ${quantity}`)
        if (to._tag === "Transit") see.met("units under way")
        if (to._tag === "Kitting") see.met("units made into kits")
        if (to._tag === "Customer") see.met("units with a customer")
        if (to._tag === "Adjustment" || from._tag === "Adjustment") see.met("units lost and found")
      }
    }
  },
)

/** What the journal comes to when it is read in another order and summed in groups. */
const regrouped = (movements: ReadonlyArray<StockMovement>, salt: number) => {
  const mixed = shuffled(movements, salt)
  const cut = mixed.length === 0 ? 0 : salt % mixed.length
  const groups = [mixed.slice(0, cut), mixed.slice(cut)]
  const sum = (postings: typeof cellPostings) =>
    sumPostings(
      groups.flatMap((group) =>
        [...sumPostings(postings(group))].map(([name, units]) => ({ name, units })),
      ),
    )
  const [first = [], second = []] = groups
  const engine = replay(second, replay(first))
  return {
    cells: sum(cellPostings),
    onHand: sum(onHandPostings),
    sellable: sum(sellablePostings),
    engine: new Map([...engine.cells].map(([id, { onHand }]) => [id as string, onHand])),
  }
}

const rebuilt = law(
  "L2",
  "Replay: balances and pools rebuilt from movements equal the stored ones, in any grouping of the same journal",
  ["a cell emptied again", "a movement told after it happened", "units that are not sellable"],
  (lived, see, salt) => {
    for (const { after } of changesOf(lived)) {
      const { balances, pools, movements } = after
      const journal = regrouped(movements, salt)
      const figure = <A extends { readonly id: string }>(
        all: ReadonlyArray<A>,
        of: (a: A) => number,
      ) => sumBy(all, ({ id }) => id, of)
      const cells = figure(balances, ({ onHand }) => onHand)
      const same = (what: string, stored: ReadonlyMap<string, number>, derived: typeof stored) => {
        const wrong = differenceOf(stored, derived)
        see.require(wrong === undefined, () => `${what}, stored and by the journal: ${wrong}`)
      }
      same("units on hand of the cell", cells, journal.cells)
      same("units on hand of the cell, replayed by the engine", cells, journal.engine)
      same(
        "units on hand of the pool",
        figure(pools, ({ onHand }) => onHand),
        journal.onHand,
      )
      same(
        "sellable units of the pool",
        figure(pools, ({ sellable }) => sellable),
        journal.sellable,
      )
      if ([...journal.cells.values()].includes(0)) see.met("a cell emptied again")
      if (movements.some(({ occurredAt, recordedAt }) => occurredAt < recordedAt))
        see.met("a movement told after it happened")
      if (pools.some(({ onHand, sellable }) => sellable < onHand))
        see.met("units that are not sellable")
    }
  },
)

/** The cell that a command takes units from, and how many. */
const takenBy = (call: Call): { readonly cell: string; readonly units: number } | undefined => {
  switch (call.operation) {
    case "moveStock": {
      const { warehouse, from, sku, lot, condition = "sellable", quantity } = call.input
      return {
        cell: [warehouse, from.bin, sku, lot ?? "", "", condition].join("/"),
        units: quantity,
      }
    }
    case "changeCondition": {
      const { warehouse, bin, sku, lot, from, quantity } = call.input
      return { cell: [warehouse, bin, sku, lot ?? "", "", from].join("/"), units: quantity }
    }
    case "adjustStock": {
      const { direction, warehouse, bin, sku, lot, condition = "sellable", quantity } = call.input
      if (direction === "add") return undefined
      return { cell: [warehouse, bin, sku, lot ?? "", "", condition].join("/"), units: quantity }
    }
    case "sendTransfer": {
      const { from, lines } = call.input
      const { bin, sku, lot, condition = "sellable", quantity } = lines[0]
      return { cell: [from, bin, sku, lot ?? "", "", condition].join("/"), units: quantity }
    }
    default:
      return undefined
  }
}

/** Whether several commands of one beat want more of a cell than it holds, though each of some could be served. */
const isContended = ({ beat, who, before }: Step): boolean => {
  const demands = beat.calls.flatMap((call) => (call.who === who ? (takenBy(call) ?? []) : []))
  const byCell = Map.groupBy(demands, ({ cell }) => cell)
  return [...byCell].some(([cell, all]) => {
    const held = before.balances.find(({ id }) => id === cell)?.unallocated ?? 0
    const fitting = all.filter(({ units }) => units <= held)
    return fitting.length > 1 && fitting.reduce((sum, { units }) => sum + units, 0) > held
  })
}

const floors = law(
  "L3",
  "Floors: no real cell goes below zero, at any interleaving",
  ["takers at one moment who want more than a cell holds"],
  (lived, see) => {
    see.require(
      lived.damage === undefined,
      () => `a record fell below what it may hold: ${lived.damage}`,
    )
    for (const step of changesOf(lived)) {
      for (const [cell, units] of sumPostings(cellPostings(step.after.movements)))
        see.require(units >= 0, () => `the journal leaves ${units} units in ${cell}`)
      for (const { id, onHand, allocated, unallocated } of step.after.balances)
        see.require(
          Math.min(onHand, allocated, unallocated) >= 0 && onHand === allocated + unallocated,
          () => `${id} holds ${onHand}: ${allocated} allocated, ${unallocated} unallocated`,
        )
      for (const { id, onHand, sellable, committed } of step.after.pools)
        see.require(
          Math.min(sellable, committed, onHand - sellable) >= 0,
          () => `${id}: ${onHand} on hand, ${sellable} sellable, ${committed} committed`,
        )
      if (isContended(step)) see.met("takers at one moment who want more than a cell holds")
    }
  },
)

/** L1 to L3: what the books come to. */
export const countingLaws = [conservation, rebuilt, floors]
