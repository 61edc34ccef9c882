import type { Allocation, StockLot } from "../../inventory/index.ts"
import { callsIn, law, onlyCall, type Step, type Witness } from "./StockLaw.ts"
import type { StockLedger } from "./StockLedger.ts"
import { isEligible } from "./StockModel.ts"
import { answerOf, type CallOf } from "./StockTrace.ts"
import { wantedBy } from "./wantedBy.ts"

const EXPIRED = "expired units that nobody has swept yet"
const LOCKED = "units that are not sellable beside what is wanted"
const FREED = "recalled units that are free again where they were"
const RECALLED = "a lot recalled at the moment in which units of it are pinned"
const TURNED = "pinned units that are no longer fit to leave"

const fitness = law(
  "R10",
  "Fitness: nothing is allocated in expired, recalled, quarantined or locked cells, whatever the clock does meanwhile",
  [EXPIRED, LOCKED, FREED, RECALLED, TURNED],
  {
    atChange: (step, see) => {
      const pins = pinsMadeIn(step)
      lookAtPins(step, pins, see)
      lookAtRecalls(step, pins, see)
      lookAtDepartures(step, see)
    },
    atStep: (step, see) => {
      for (const call of callsIn(step, "allocateStock")) lookForUnfit(step, call, see)
      for (const call of callsIn(step, "dispatchStock"))
        see.met(TURNED, hasTurned(step, call.input.document.id))
    },
  },
)

/** Live allocations that were made in this step. */
const pinsMadeIn = ({ before, after }: Step): ReadonlyArray<Allocation> => {
  const known = new Set(before.allocations.map(({ id }) => id))
  return after.allocations.filter(({ id, state }) => state === "live" && !known.has(id))
}

/** What is pinned was fit before, and at this instant. What is recalled at the same moment is judged by the recall. */
const lookAtPins = (step: Step, pins: ReadonlyArray<Allocation>, see: Witness): void => {
  const { before, after, at } = step
  // Several at once may ask for different shelf lives; one alone is held to its own.
  const days = onlyCall(step, "allocateStock")?.input.minShelfLifeDays ?? 0
  const lots = after.lots.map((lot) => before.lots.find(({ id }) => id === lot.id) ?? lot)
  for (const { cell: id, quantity } of pins) {
    const cell = after.balances.find((each) => each.id === id)
    see.require(
      cell !== undefined && isEligible({ ...before, lots }, cell, at, days),
      () => `${quantity} units were pinned in ${id}, which is not fit`,
    )
  }
}

/** Whoever pinned units of a lot before its recall is named by the recall; nobody pins any afterwards. */
const lookAtRecalls = (step: Step, pins: ReadonlyArray<Allocation>, see: Witness): void => {
  const recalls = callsIn(step, "recallLot")
  if (recalls.length + callsIn(step, "allocateStock").length < step.beat.calls.length) return
  for (const call of recalls) {
    const named = answerOf(call)?.toReallocate.map(({ id }) => id)
    if (named === undefined) continue
    for (const { sku, lot, documentId } of pins) {
      if (sku !== call.input.sku || lot !== call.input.lot) continue
      see.met(RECALLED)
      see.require(
        named.includes(documentId),
        () => `${documentId} was pinned in ${lot} after its recall`,
      )
    }
  }
}

const lotOf = (
  { lots }: StockLedger,
  { sku, lot }: Pick<Allocation, "sku" | "lot">,
): StockLot | undefined => lots.find((each) => each.sku === sku && each.lot === lot)

const isSpoilt = (lot: StockLot | undefined, at: number): boolean =>
  lot?.recalledAt !== undefined || (lot?.expiresAt ?? at + 1) <= at

/** What leaves is fit when it leaves. */
const lookAtDepartures = ({ before, after, at }: Step, see: Witness): void => {
  const gone = new Set(
    before.allocations.filter(({ state }) => state === "posted").map(({ id }) => id),
  )
  for (const allocation of after.allocations)
    if (allocation.state === "posted" && !gone.has(allocation.id))
      see.require(
        !isSpoilt(lotOf(before, allocation), at),
        () => `units of the lot ${allocation.lot} left, though it is recalled or has expired`,
      )
}

const lookForUnfit = (step: Step, call: CallOf<"allocateStock">, see: Witness): void => {
  const { before, at } = step
  for (const [pool, units] of wantedBy(step, call) ?? []) {
    if (units === 0) continue
    const there = before.balances.filter(
      (cell) => `${cell.warehouse}/${cell.sku}` === pool && cell.unallocated > 0,
    )
    for (const cell of there) {
      const sellable = cell.condition === "sellable"
      see.met(LOCKED, !sellable)
      see.met(EXPIRED, sellable && (cell.expiresAt ?? at + 1) <= at)
      see.met(FREED, sellable && lotOf(before, cell)?.recalledAt !== undefined)
    }
  }
}

const hasTurned = ({ before, at }: Step, document: string): boolean =>
  before.allocations.some(
    (each) =>
      each.state === "live" && each.documentId === document && isSpoilt(lotOf(before, each), at),
  )

/** R10: what may be pinned at all. */
export const fitnessLaws = [fitness]
