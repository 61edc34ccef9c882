import { replay, type StockMovement } from "../../inventory/index.ts"
import {
  cellPostings,
  onHandPostings,
  type Posting,
  sellablePostings,
  shuffled,
  sumPostings,
  virtualPostings,
} from "./journal.ts"
import { law, type Step, type Witness } from "./StockLaw.ts"
import { type StockLedger, sumBy } from "./StockLedger.ts"
import { takenBy } from "./takenBy.ts"

const NOTHING: ReadonlyMap<string, number> = new Map()

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

const UNDER_WAY = "units under way"
const KITTED = "units made into kits"
const SOLD = "units with a customer"
const ADJUSTED = "units lost and found"

const conservation = law(
  "L1",
  "Conservation: for every owner, SKU and lot the sum over all places is 0, after any sequence of commands",
  [UNDER_WAY, KITTED, SOLD, ADJUSTED],
  {
    atChange: ({ after }, see) => {
      see.same("the sum over all places of", totalsOf(after), NOTHING)
      for (const { id, from, to, quantity } of after.movements) {
        see.require(
          quantity > 0 && Number.isInteger(quantity),
          () => `the movement ${id} of ${quantity} units`,
        )
        see.met(UNDER_WAY, to._tag === "Transit")
        see.met(KITTED, to._tag === "Kitting")
        see.met(SOLD, to._tag === "Customer")
        see.met(ADJUSTED, to._tag === "Adjustment" || from._tag === "Adjustment")
      }
    },
  },
)

const EMPTIED = "a cell emptied again"
const TOLD_LATE = "a movement told after it happened"
const UNSELLABLE = "units that are not sellable"

const rebuilt = law(
  "L2",
  "Replay: balances and pools rebuilt from movements equal the stored ones, in any grouping of the same journal",
  [EMPTIED, TOLD_LATE, UNSELLABLE],
  {
    atChange: ({ after: { balances, pools, movements } }, see, salt) => {
      const groups = groupsOf(movements, salt)
      const cells = figureOf(balances, ({ onHand }) => onHand)
      const inCells = sumOver(groups, cellPostings)
      see.same("units on hand of the cell", cells, inCells)
      see.same("units on hand of the cell, replayed by the engine,", cells, engineReplay(groups))
      see.same(
        "units on hand of the pool",
        figureOf(pools, ({ onHand }) => onHand),
        sumOver(groups, onHandPostings),
      )
      see.same(
        "sellable units of the pool",
        figureOf(pools, ({ sellable }) => sellable),
        sumOver(groups, sellablePostings),
      )
      see.met(EMPTIED, [...inCells.values()].includes(0))
      see.met(
        TOLD_LATE,
        movements.some(({ occurredAt, recordedAt }) => occurredAt < recordedAt),
      )
      see.met(
        UNSELLABLE,
        pools.some(({ onHand, sellable }) => sellable < onHand),
      )
    },
  },
)

type Groups = readonly [ReadonlyArray<StockMovement>, ReadonlyArray<StockMovement>]

/** The journal in another order and in two parts. */
const groupsOf = (movements: ReadonlyArray<StockMovement>, salt: number): Groups => {
  const mixed = shuffled(movements, salt)
  const cut = mixed.length === 0 ? 0 : salt % mixed.length
  return [mixed.slice(0, cut), mixed.slice(cut)]
}

/** What the parts come to, each summed by itself first. */
const sumOver = (
  groups: Groups,
  postingsOf: (movements: Iterable<StockMovement>) => ReadonlyArray<Posting>,
): ReadonlyMap<string, number> =>
  sumPostings(
    groups.flatMap((group) =>
      [...sumPostings(postingsOf(group))].map(([name, units]) => ({ name, units })),
    ),
  )

const engineReplay = ([first, second]: Groups): ReadonlyMap<string, number> => {
  const { cells } = replay(second, replay(first))
  return new Map([...cells].map(([id, { onHand }]) => [id as string, onHand]))
}

const figureOf = <A extends { readonly id: string }>(
  records: ReadonlyArray<A>,
  figure: (record: A) => number,
): ReadonlyMap<string, number> => sumBy(records, ({ id }) => id, figure)

const CONTENDED = "takers at one moment who want more than a cell holds"

const floors = law("L3", "Floors: no real cell goes below zero, at any interleaving", [CONTENDED], {
  atChange: (step, see) => {
    for (const [cell, units] of sumPostings(cellPostings(step.after.movements)))
      see.require(units >= 0, () => `the journal leaves ${units} units in ${cell}`)
    lookAtCounters(step.after, see)
    see.met(CONTENDED, isContended(step))
  },
  atEnd: ({ damage }, see) =>
    see.require(damage === undefined, () => `a record fell below what it may hold: ${damage}`),
})

const lookAtCounters = ({ balances, pools }: StockLedger, see: Witness): void => {
  for (const { id, onHand, allocated, unallocated } of balances)
    see.require(
      Math.min(onHand, allocated, unallocated) >= 0 && onHand === allocated + unallocated,
      () => `${id} holds ${onHand}: ${allocated} allocated, ${unallocated} unallocated`,
    )
  for (const { id, onHand, sellable, committed } of pools)
    see.require(
      Math.min(sellable, committed, onHand - sellable) >= 0,
      () => `${id}: ${onHand} on hand, ${sellable} sellable, ${committed} committed`,
    )
}

/** Whether several commands want more of a cell than it holds, though it could serve some of them. */
const isContended = ({ beat, who, before }: Step): boolean => {
  const demands = beat.calls.flatMap((call) => (call.who === who ? (takenBy(call) ?? []) : []))
  return [...Map.groupBy(demands, ({ cell }) => cell)].some(([cell, all]) => {
    const held = before.balances.find(({ id }) => id === cell)?.unallocated ?? 0
    const fitting = all.filter(({ units }) => units <= held)
    return fitting.length > 1 && fitting.reduce((sum, { units }) => sum + units, 0) > held
  })
}

/** L1 to L3: what the books come to. */
export const countingLaws = [conservation, rebuilt, floors]
