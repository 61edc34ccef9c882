import type { StockMovement } from "../../inventory/index.ts"
import { callsIn, law, onlyCall, type Step, type Witness } from "./StockLaw.ts"
import { sumBy } from "./StockLedger.ts"
import { type AskedLine, availableFor, demandOf, fits, lineName } from "./StockModel.ts"
import { answerOf, type CallOf } from "./StockTrace.ts"
import { RECIPES } from "./StockWorld.ts"

const PROMISED = "virtual kits promised"
const SHORT = "virtual kits of which one component is short"
const MADE = "kits made up"
const TAKEN_APART = "kits taken apart"

const wholeKits = law(
  "R11",
  "Kits: components are committed as ratio times kits, or nothing is; kits are made up whole, or not at all",
  [PROMISED, SHORT, MADE, TAKEN_APART],
  {
    atStep: (step, see) => {
      for (const call of callsIn(step, "commitStock"))
        for (const [place, line] of call.input.lines.entries())
          if (line.sku === "SET") lookAtPromise(step, call, line, place, see)
      for (const call of callsIn(step, "assembleKit")) lookAtKitting(step, call, true, see)
      for (const call of callsIn(step, "disassembleKit")) lookAtKitting(step, call, false, see)
    },
  },
)

const lookAtPromise = (
  step: Step,
  call: CallOf<"commitStock">,
  line: AskedLine,
  place: number,
  see: Witness,
): void => {
  const answer = answerOf(call)
  const kits = answer?.granted[place]?.quantity ?? 0
  const name = lineName(line, place)
  const ids = new Set(
    answer?.commitments.flatMap((each) => (each.line === name ? [each.commitment] : [])),
  )
  const stored = step.after.commitments.filter(({ id }) => ids.has(id))
  see.same(
    `${kits} kits of ${call.input.document.id} took of`,
    sumBy(
      stored,
      ({ sku }) => sku,
      ({ quantity }) => quantity,
    ),
    new Map(RECIPES.SET.map(({ sku, quantity }) => [sku, quantity * kits])),
  )
  see.require(
    answer !== undefined ||
      onlyCall(step, "commitStock") === undefined ||
      step.before === step.after,
    () => `${call.input.document.id} was refused and took something`,
  )
  see.met(PROMISED, kits > 0)
  see.met(SHORT, isHalfThere(step, line))
}

/** One component would do, another one would not. */
const isHalfThere = ({ before }: Step, line: AskedLine): boolean => {
  const available = availableFor(before, [line])
  const enough = [...demandOf([line])].map((part) => fits(new Map([part]), available))
  return enough.includes(true) && enough.includes(false)
}

/** Under its key, a command has used exactly what its kits take, or nothing. */
const lookAtKitting = (
  { after }: Step,
  call: CallOf<"assembleKit"> | CallOf<"disassembleKit">,
  makes: boolean,
  see: Witness,
): void => {
  const done = answerOf(call as CallOf<"assembleKit">) !== undefined
  const kits = done ? call.input.quantity : 0
  const own = after.movements.filter(({ key }) => key === call.input.key)
  const entering = own.filter(({ to }) => to._tag === "Kitting")
  const leaving = own.filter(({ from }) => from._tag === "Kitting")
  const parts = new Map<string, number>(
    RECIPES.BOX.map(({ sku, quantity }) => [sku, quantity * kits]),
  )
  const boxes = new Map([["BOX", kits]])
  see.same(`${kits} kits took of`, unitsOf(entering), makes ? parts : boxes)
  see.same(`${kits} kits gave of`, unitsOf(leaving), makes ? boxes : parts)
  see.met(makes ? MADE : TAKEN_APART, done)
}

const unitsOf = (movements: ReadonlyArray<StockMovement>): ReadonlyMap<string, number> =>
  sumBy(
    movements,
    ({ sku }) => sku,
    ({ quantity }) => quantity,
  )

/** R11: what is sold together. */
export const kitLaws = [wholeKits]
