import { type Law, lawsOver } from "../laws/Law.ts"
import type { StockLedger } from "./StockLedger.ts"
import type { StockOperationName } from "./StockOperations.ts"
import { answerOf, type Beat, type CallOf, type Lived, type Who } from "./StockTrace.ts"

export type { Witness } from "../laws/Law.ts"

/** A law of domain 3 about stock: L1 to L6, R1 to R11. */
export type StockLaw = Law<Lived>

/** One merchant's part of a beat. */
export interface Step {
  readonly who: Who
  readonly at: number
  readonly before: StockLedger
  readonly after: StockLedger
  readonly beat: Beat
}

const WHO: ReadonlyArray<Who> = [0, 1]

const stepsOf = ({ beats }: Lived): ReadonlyArray<Step> =>
  beats.flatMap((beat) =>
    WHO.map((who) => ({
      who,
      at: beat.at,
      before: beat.before[who],
      after: beat.after[who],
      beat,
    })),
  )

/** Declares a law. A step that changed the books is one merchant's part of a beat that changed its own. */
export const law = lawsOver<Lived, Step>(stepsOf)

/** The merchant's calls of one operation in a step, without those that only repeat an earlier one. */
export const callsIn = <Name extends StockOperationName>(
  { beat, who }: Step,
  operation: Name,
): ReadonlyArray<CallOf<Name>> =>
  beat.calls.filter(
    (call) => call.operation === operation && call.who === who && call.again === undefined,
  ) as unknown as ReadonlyArray<CallOf<Name>>

/** The call of an operation, where it is all that happened: the whole difference is its effect. */
export const onlyCall = <Name extends StockOperationName>(
  step: Step,
  operation: Name,
): CallOf<Name> | undefined =>
  step.beat.calls.length === 1 ? callsIn(step, operation)[0] : undefined

/** As `onlyCall`, where it was done. */
export const onlyDone = <Name extends StockOperationName>(
  step: Step,
  operation: Name,
): CallOf<Name> | undefined => {
  const call = onlyCall(step, operation)
  return call !== undefined && answerOf(call) !== undefined ? call : undefined
}
