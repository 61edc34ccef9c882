import { canonical } from "../../command/index.ts"
import type { StockMovement } from "../../inventory/index.ts"
import { placeName } from "./journal.ts"
import { callsIn, law, type Step, type Witness } from "./StockLaw.ts"
import { type StockLedger, sumBy } from "./StockLedger.ts"
import { answerOf, type CallOf, callsOf, type Lived, type Who } from "./StockTrace.ts"

const IN_PART = "a movement corrected in part"
const AT_ONCE = "several correct one movement at the same moment"
const TOO_MUCH = "more to be corrected than is left"

const immutability = law(
  "L4",
  "Immutability: a movement never changes; a correction names it, and with it comes to the corrected value",
  [IN_PART, AT_ONCE, TOO_MUCH],
  {
    atChange: ({ before, after }, see) => {
      for (const { id } of before.movements)
        see.require(
          after.versions.get(`stock_movements ${id}`) === 1,
          () => `the movement ${id} was changed or removed`,
        )
      lookAtCorrections(after, see)
    },
    atStep: (step, see) => lookAtCorrectors(step, see),
    atEnd: (lived, see) => {
      lookAtContent(lived, 0, see)
      lookAtContent(lived, 1, see)
    },
  },
)

const correctedIn = ({ movements }: StockLedger): ReadonlyMap<string, number> =>
  sumBy(
    movements.filter(({ corrects }) => corrects !== undefined),
    ({ corrects }) => corrects ?? "",
    ({ quantity }) => quantity,
  )

const isReverse = (correction: StockMovement, original: StockMovement): boolean =>
  original.corrects === undefined &&
  placeName(correction.from) === placeName(original.to) &&
  placeName(correction.to) === placeName(original.from) &&
  correction.sku === original.sku &&
  correction.lot === original.lot &&
  correction.serial === original.serial

/** Corrections go the other way, and take back no more than there was. */
const lookAtCorrections = (after: StockLedger, see: Witness): void => {
  const originals = new Map(after.movements.map((each) => [each.id as string, each]))
  for (const [id, units] of correctedIn(after)) {
    const all = originals.get(id)?.quantity ?? 0
    see.require(units <= all, () => `${units} of the ${all} units of ${id} were taken back`)
  }
  for (const correction of after.movements) {
    if (correction.corrects === undefined) continue
    const original = originals.get(correction.corrects)
    see.require(
      original !== undefined && isReverse(correction, original),
      () => `${correction.id} does not take back the movement that it names`,
    )
    see.met(IN_PART, correction.quantity < (original?.quantity ?? 0))
  }
}

/** What was taken back at one moment is what the commands of that moment said. */
const lookAtCorrectors = (step: Step, see: Witness): void => {
  const fresh = callsIn(step, "correctMovement")
  const [was, is] = [correctedIn(step.before), correctedIn(step.after)]
  // What was sent before is answered again, so its answer says nothing of this moment.
  const repeats = callsOf(step.beat, "correctMovement").length > fresh.length
  for (const [movement, calls] of Map.groupBy(fresh, ({ input }) => input.movement)) {
    const taken = calls.map(takenBack).filter((units) => units !== undefined)
    const sum = taken.reduce((total, units) => total + units, 0)
    const change = (is.get(movement) ?? 0) - (was.get(movement) ?? 0)
    see.require(
      repeats || change === sum,
      () => `${change} units of ${movement} were taken back, not ${sum}`,
    )
    for (const call of calls) lookAtCorrector(call, see)
    see.met(AT_ONCE, calls.length > 1 && taken.length > 0)
  }
}

const takenBack = (call: CallOf<"correctMovement">): number | undefined =>
  answerOf(call)?.moved[0]?.quantity

const lookAtCorrector = (call: CallOf<"correctMovement">, see: Witness): void => {
  const [wanted, taken] = [call.input.quantity, takenBack(call)]
  see.require(
    taken === undefined || wanted === undefined || taken === wanted,
    () => `${taken} units of ${call.input.movement} were taken back in place of ${wanted}`,
  )
  see.met(
    TOO_MUCH,
    call.outcomes.some((each) => each.end === "refused" && each.tag === "OverCorrected"),
  )
}

/** A movement says at the end what it said when it was first seen. */
const lookAtContent = ({ beats }: Lived, who: Who, see: Witness): void => {
  const first = new Map<string, StockMovement>()
  for (const movement of beats.flatMap(({ after }) => after[who].movements))
    if (!first.has(movement.id)) first.set(movement.id, movement)
  for (const movement of beats.at(-1)?.after[who].movements ?? [])
    see.require(
      canonical(movement) === canonical(first.get(movement.id)),
      () => `the movement ${movement.id} says something else than at first`,
    )
}

/** L4: what the journal says stays said. */
export const journalLaws = [immutability]
