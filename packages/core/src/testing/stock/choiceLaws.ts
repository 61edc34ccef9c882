import type { StockBalance } from "../../inventory/index.ts"
import { law, onlyCall, type Step, type Witness } from "./StockLaw.ts"
import { sumBy } from "./StockLedger.ts"
import { inOrder, isEligible, isPlainOrder, takeInOrder } from "./StockModel.ts"
import { answerOf, type CallOf } from "./StockTrace.ts"
import { wantedBy } from "./wantedBy.ts"

const CELLS = "cells to choose between"
const LOTS = "lots to choose between by their expiry"

const strategy = law(
  "R9",
  "Strategy: no allocated unit could be swapped for an eligible unallocated one that sorts earlier",
  [CELLS, LOTS],
  {
    atStep: (step, see) => {
      const call = onlyCall(step, "allocateStock")
      const wanted = call && wantedBy(step, call)
      if (call === undefined || wanted === undefined) return
      const answer = answerOf(call)
      see.require(answer !== undefined, () => "an allocation was refused, though its promises live")
      const order = call.input.strategy ?? "fefo"
      if (answer === undefined || !isPlainOrder(order)) return
      see.same(
        `units pinned, ${order}, in`,
        sumBy(
          answer.allocations,
          ({ cell }) => cell,
          ({ quantity }) => quantity,
        ),
        rightChoice(step, call, order, wanted, see),
      )
    },
  },
)

/** Which cells give how much of what is wanted of each pool. */
const rightChoice = (
  step: Step,
  { input }: CallOf<"allocateStock">,
  order: string,
  wanted: ReadonlyMap<string, number>,
  see: Witness,
): ReadonlyMap<string, number> => {
  const choice = new Map<string, number>()
  for (const [pool, units] of wanted) {
    const eligible = inOrder(eligibleIn(step, pool, input.minShelfLifeDays ?? 0), order)
    for (const [cell, taken] of takeInOrder(eligible, units)) choice.set(cell, taken)
    const held = eligible.reduce((sum, { unallocated }) => sum + unallocated, 0)
    const chosen = eligible.length > 1 && units > 0 && units < held
    see.met(CELLS, chosen)
    const ends = new Set(eligible.map(({ expiresAt }) => expiresAt))
    see.met(LOTS, chosen && order === "fefo" && ends.size > 1)
  }
  return choice
}

const eligibleIn = (
  { before, at }: Step,
  pool: string,
  shelfLifeDays: number,
): ReadonlyArray<StockBalance> =>
  before.balances.filter(
    (cell) =>
      `${cell.warehouse}/${cell.sku}` === pool &&
      cell.unallocated > 0 &&
      isEligible(before, cell, at, shelfLifeDays),
  )

/** R9: which units are pinned. */
export const choiceLaws = [strategy]
