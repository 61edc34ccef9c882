import type { StockMovement } from "../../inventory/index.ts"
import { law, type Step, stepsOf, type Witness } from "./StockLaw.ts"
import { sumBy } from "./StockLedger.ts"
import { availableFor, demandOf, fits, lineName } from "./StockModel.ts"
import { aloneIn, answerOf, type Call, type CallOf } from "./StockTrace.ts"
import { RECIPES } from "./StockWorld.ts"

const PROMISED = "virtual kits promised"
const SHORT = "virtual kits of which one component is short"
const MADE = "kits made up"
const TAKEN_APART = "kits taken apart"

const wholeKits = law(
  "R11",
  "Kits: components are committed as ratio times kits, or nothing is; kits are made up whole, or not at all",
  [PROMISED, SHORT, MADE, TAKEN_APART],
  (lived, see) => {
    for (const step of stepsOf(lived))
      for (const call of step.beat.calls) {
        if (call.who !== step.who || call.again !== undefined) continue
        if (call.operation === "commitStock") lookAtPromise(step, call, see)
        if (call.operation === "assembleKit" || call.operation === "disassembleKit")
          lookAtKitting(step, call, see)
      }
  },
)

const lookAtPromise = (step: Step, call: CallOf<"commitStock">, see: Witness): void => {
  const { lines, document } = call.input
  const answer = answerOf(call)
  const kits = lines.flatMap((line, place) => (line.sku === "SET" ? [{ line, place }] : []))
  if (kits.length === 0) return
  if (answer === undefined && aloneIn(step.beat) !== undefined)
    see.require(
      step.before === step.after,
      () => `${document.id} was refused and changed something`,
    )
  for (const { line, place } of kits) {
    const name = lineName(line, place)
    const granted = answer?.granted[place]?.quantity ?? 0
    const told = answer?.commitments.filter((each) => each.line === name) ?? []
    const stored = step.after.commitments.filter(({ id }) =>
      told.some(({ commitment }) => commitment === id),
    )
    see.require(
      told.length === (granted === 0 ? 0 : RECIPES.SET.length) &&
        (answer === undefined || stored.length === told.length),
      () =>
        `${granted} kits of ${document.id} came to ${told.length} commitments, ${stored.length} of them stored`,
    )
    for (const { sku, quantity } of told) {
      const ratio = RECIPES.SET.find((part) => part.sku === sku)?.quantity ?? 0
      see.require(quantity === ratio * granted, () => `${granted} kits took ${quantity} of ${sku}`)
    }
    if (granted > 0) see.met(PROMISED)
    lookForShort(step, line, see)
  }
}

/** One component would do, another one would not. */
const lookForShort = (
  { before }: Step,
  line: CallOf<"commitStock">["input"]["lines"][number],
  see: Witness,
): void => {
  const [demand, available] = [demandOf([line]), availableFor(before, [line])]
  const enough = [...demand].map((part) => fits(new Map([part]), available))
  if (enough.includes(true) && enough.includes(false)) see.met(SHORT)
}

const lookAtKitting = (
  { after }: Step,
  call: Extract<Call, { readonly operation: "assembleKit" | "disassembleKit" }>,
  see: Witness,
): void => {
  const { key, quantity } = call.input
  const apart = call.operation === "disassembleKit"
  const done = answerOf(call as CallOf<"assembleKit">) !== undefined
  const own = after.movements.filter((movement) => movement.key === key)
  const used = unitsOf(own.filter(({ [apart ? "from" : "to"]: place }) => place._tag === "Kitting"))
  const kits = unitsOf(own.filter(({ [apart ? "to" : "from"]: place }) => place._tag === "Kitting"))
  const expected = done ? quantity : 0
  see.require(
    kits.get("BOX") === (expected || undefined),
    () => `${kits.get("BOX")} kits, not ${expected}`,
  )
  for (const { sku, quantity: ratio } of RECIPES.BOX)
    see.require(
      (used.get(sku) ?? 0) === ratio * expected,
      () => `${expected} kits took or gave ${used.get(sku) ?? 0} of ${sku}`,
    )
  if (done) see.met(apart ? TAKEN_APART : MADE)
}

const unitsOf = (movements: ReadonlyArray<StockMovement>): ReadonlyMap<string, number> =>
  sumBy(
    movements,
    ({ sku }) => sku,
    ({ quantity }) => quantity,
  )

/** R11: what is sold together. */
export const kitLaws = [wholeKits]
