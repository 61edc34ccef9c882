import type { BeatOf, LivedBeats, Outcome } from "../laws/liveBeats.ts"
import type { StockLedger } from "./StockLedger.ts"
import type { AnswerOf, InputOf, StockOperationName } from "./StockOperations.ts"

export type { Outcome } from "../laws/liveBeats.ts"

/** The merchants of a history: two of them, who must never notice each other (L6). */
export type Who = 0 | 1

/** Why a command is sent: what a law looks for among its neighbours. */
export interface Purpose {
  readonly probe: "monotony" | "undo"
  readonly part: "first" | "between" | "second"
  readonly change?: "more" | "less"
}

/** A command as it was sent, before any outcome. */
interface SentAs<Name extends StockOperationName> {
  readonly who: Who
  readonly operation: Name
  readonly input: InputOf<Name>
  /** How often it is sent at the same moment, under its one key. */
  readonly copies: number
  /** It names records of the other merchant. */
  readonly foreign: boolean
  /** Where it sends an earlier command of the history again: with the same body, or with another one. */
  readonly again?: { readonly key: string; readonly body: "same" | "other" }
  readonly purpose?: Purpose
}

/** A command of any operation, as it was sent. */
export type Sent = { readonly [Name in StockOperationName]: SentAs<Name> }[StockOperationName]

/** A command of one operation with its outcomes, one for each copy. */
export interface CallOf<Name extends StockOperationName> extends SentAs<Name> {
  readonly outcomes: ReadonlyArray<Outcome<AnswerOf<Name>>>
}

/** A command of any operation with its outcomes. */
export type Call = { readonly [Name in StockOperationName]: CallOf<Name> }[StockOperationName]

/** Both merchants' books at one moment. */
export type Books = readonly [StockLedger, StockLedger]

/** What was sent at one moment, with the books before and after. */
export type Beat = BeatOf<Call, Books>

/** A history that was lived: its moments in order. */
export interface Lived extends LivedBeats<Call, Books> {
  /** Records of stock that turned up in the operator's own partition. */
  readonly astray: number
}

/** The calls of one operation. */
export const callsOf = <Name extends StockOperationName>(
  { calls }: Pick<Beat, "calls">,
  operation: Name,
): ReadonlyArray<CallOf<Name>> =>
  calls.filter((call) => call.operation === operation) as unknown as ReadonlyArray<CallOf<Name>>

/** The answer of a call that was done, or undefined. */
export const answerOf = <A>(call: {
  readonly outcomes: ReadonlyArray<Outcome<A>>
}): A | undefined => {
  for (const outcome of call.outcomes) if (outcome.end === "done") return outcome.answer
  return undefined
}

const EFFECTS = ["moved", "commitments", "allocations", "released", "expired"] as const

/** Whether an answer tells of something that was done. An answer of which that cannot be told says no. */
export const hasEffect = (answer: unknown): boolean => {
  const fields = answer as { readonly [field: string]: unknown }
  return (
    EFFECTS.some((field) => {
      const list = fields[field]
      return Array.isArray(list) && list.length > 0
    }) ||
    "count" in fields ||
    "state" in fields
  )
}
