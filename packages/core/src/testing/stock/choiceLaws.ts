import type { Allocation } from "../../inventory/index.ts"
import { differenceOf, law, type Step, stepsOf, type Witness } from "./StockLaw.ts"
import { sumBy } from "./StockLedger.ts"
import { inOrder, isEligible, isPlainOrder, takeInOrder } from "./StockModel.ts"
import { aloneIn, answerOf, type CallOf, callsOf } from "./StockTrace.ts"

const CELLS = "cells to choose between"
const LOTS = "lots to choose between by their expiry"

const strategy = law(
  "R9",
  "Strategy: no allocated unit could be swapped for an eligible unallocated one that sorts earlier",
  [CELLS, LOTS],
  (lived, see) => {
    for (const step of stepsOf(lived)) {
      const call = aloneIn(step.beat)
      if (call?.who !== step.who || call.operation !== "allocateStock" || call.again !== undefined)
        continue
      const order = call.input.strategy ?? "fefo"
      const wanted = wantedBy(step, call)
      if (wanted === undefined) continue
      const answer = answerOf(call)
      see.require(
        answer !== undefined,
        () => "an allocation was refused, though its promises are live",
      )
      if (answer === undefined || !isPlainOrder(order)) continue
      const expected = new Map<string, number>()
      for (const [pool, units] of wanted) {
        const eligible = inOrder(eligibleIn(step, pool, call.input.minShelfLifeDays ?? 0), order)
        for (const [cell, taken] of takeInOrder(eligible, units)) expected.set(cell, taken)
        const held = eligible.reduce((sum, { unallocated }) => sum + unallocated, 0)
        if (eligible.length < 2 || units >= held) continue
        see.met(CELLS)
        if (order === "fefo" && new Set(eligible.map(({ expiresAt }) => expiresAt)).size > 1)
          see.met(LOTS)
      }
      const picked = sumBy(
        answer.allocations,
        ({ cell }) => cell,
        ({ quantity }) => quantity,
      )
      const wrong = differenceOf(picked, expected)
      see.require(wrong === undefined, () => `units pinned by ${order} in ${wrong}`)
    }
  },
)

/** Units that an allocation is to pin, by pool; undefined where it may be refused. */
const wantedBy = (
  { before, at }: Step,
  { input }: CallOf<"allocateStock">,
): ReadonlyMap<string, number> | undefined => {
  const pending = before.commitments.filter(
    ({ state, documentId }) => state === "pending" && documentId === input.document?.id,
  )
  return pending.length === 0 || pending.some(({ expiresAt }) => (expiresAt ?? at + 1) <= at)
    ? undefined
    : sumBy(
        pending,
        ({ pool }) => pool,
        ({ unallocated }) => unallocated,
      )
}

const eligibleIn = ({ before, at }: Step, pool: string, shelfLifeDays: number) =>
  before.balances.filter(
    (cell) =>
      `${cell.warehouse}/${cell.sku}` === pool &&
      cell.unallocated > 0 &&
      isEligible(before, cell, at, shelfLifeDays),
  )

const EXPIRED = "expired units that nobody has swept yet"
const LOCKED = "units that are not sellable beside what is wanted"
const RECALLED = "a lot recalled while units of it are pinned"
const TURNED = "pinned units that are no longer fit to leave"

const fitness = law(
  "R10",
  "Fitness: nothing is allocated in expired, recalled, quarantined or locked cells, whatever the clock does meanwhile",
  [EXPIRED, LOCKED, RECALLED, TURNED],
  (lived, see) => {
    for (const step of stepsOf(lived)) {
      const allocates = callsOf(step.beat, "allocateStock").filter(({ who }) => who === step.who)
      if (step.before !== step.after) {
        lookAtPins(step, allocates, see)
        lookAtDepartures(step, see)
      }
      for (const call of allocates) lookForUnfit(step, call, see)
      lookForTurned(step, see)
    }
  },
)

/** Live allocations that were made in this step. */
const madeIn = ({ before, after, at }: Step): ReadonlyArray<Allocation> => {
  const known = new Set(before.allocations.map(({ id }) => id))
  return after.allocations.filter(
    ({ id, state, createdAt }) => state === "live" && createdAt === at && !known.has(id),
  )
}

const lookAtPins = (
  step: Step,
  allocates: ReadonlyArray<CallOf<"allocateStock">>,
  see: Witness,
): void => {
  const { before, after, at, beat } = step
  const made = madeIn(step)
  // Several at once may ask for different shelf lives; one alone is held to its own.
  const days = aloneIn(beat) === undefined ? 0 : (allocates[0]?.input.minShelfLifeDays ?? 0)
  for (const { cell: id, quantity } of made) {
    const cell = after.balances.find((each) => each.id === id)
    if (cell === undefined) continue
    // What was recalled before must not be pinned; what is recalled at the same moment is judged below.
    const lots = after.lots.map((lot) => before.lots.find((each) => each.id === lot.id) ?? lot)
    see.require(
      isEligible({ ...before, lots }, cell, at, days),
      () => `${quantity} units were pinned in ${id}, which is not fit at ${at}`,
    )
  }
  const recalls = callsOf(beat, "recallLot").filter(({ who }) => who === step.who)
  if (recalls.length === 0 || recalls.length + allocates.length < beat.calls.length) return
  for (const { input, ...call } of recalls) {
    const answer = answerOf(call)
    if (answer === undefined) continue
    const pinned = made.filter(({ sku, lot }) => sku === input.sku && lot === input.lot)
    if (pinned.length > 0) see.met(RECALLED)
    for (const { documentId } of pinned)
      see.require(
        answer.toReallocate.some(({ id }) => id === documentId),
        () => `${documentId} was pinned in the lot ${input.lot} after it was recalled`,
      )
  }
}

/** What leaves was fit when it left. */
const lookAtDepartures = ({ before, after, at }: Step, see: Witness): void => {
  const gone = new Set(
    before.allocations.filter(({ state }) => state === "posted").map(({ id }) => id),
  )
  for (const { id, state, sku, lot } of after.allocations) {
    if (state !== "posted" || gone.has(id)) continue
    const known = before.lots.find((each) => each.sku === sku && each.lot === lot)
    see.require(
      known?.recalledAt === undefined && (known?.expiresAt ?? at + 1) > at,
      () => `units of the lot ${lot} left, which is recalled or has expired`,
    )
  }
}

const lookForUnfit = (step: Step, call: CallOf<"allocateStock">, see: Witness): void => {
  const { before, at } = step
  for (const [pool, units] of wantedBy(step, call) ?? []) {
    const there = before.balances.filter(
      (cell) => `${cell.warehouse}/${cell.sku}` === pool && cell.unallocated > 0,
    )
    if (units === 0) continue
    if (there.some(({ condition }) => condition !== "sellable")) see.met(LOCKED)
    if (
      there.some(
        ({ condition, expiresAt }) => condition === "sellable" && (expiresAt ?? at + 1) <= at,
      )
    )
      see.met(EXPIRED)
  }
}

const lookForTurned = ({ who, before, at, beat }: Step, see: Witness): void => {
  for (const { input, ...call } of callsOf(beat, "dispatchStock")) {
    if (call.who !== who || call.again !== undefined) continue
    const turned = before.allocations.some(({ state, documentId, sku, lot }) => {
      const known = before.lots.find((each) => each.sku === sku && each.lot === lot)
      return (
        state === "live" &&
        documentId === input.document.id &&
        (known?.recalledAt !== undefined || (known?.expiresAt ?? at + 1) <= at)
      )
    })
    if (turned) see.met(TURNED)
  }
}

/** R9 and R10: which units are pinned. */
export const choiceLaws = [strategy, fitness]
