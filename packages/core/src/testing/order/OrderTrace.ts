import { lawsOver } from "../laws/Law.ts"
import type { BeatOf, LivedBeats, Outcome } from "../laws/liveBeats.ts"
import type { OrderLedger } from "./OrderLedger.ts"
import type { AnswerOf, InputOf, OrderCommandName } from "./OrderOperations.ts"

export type { Witness } from "../laws/Law.ts"

/** A command as it was sent, before any outcome. */
interface SentAs<Name extends OrderCommandName> {
  readonly operation: Name
  readonly input: InputOf<Name>
  /** How often it is sent at the same moment, under its one key. */
  readonly copies: number
  /** Where it sends an earlier command of the history again: with the same body, or with another one. */
  readonly again?: { readonly key: string; readonly body: "same" | "other" }
}

/** A command of any operation, as it was sent. */
export type Sent = { readonly [Name in OrderCommandName]: SentAs<Name> }[OrderCommandName]

/** A command of one operation with its outcomes, one for each copy. */
export interface CallOf<Name extends OrderCommandName> extends SentAs<Name> {
  readonly outcomes: ReadonlyArray<Outcome<AnswerOf<Name>>>
}

/** A command of any operation with its outcomes. */
export type Call = { readonly [Name in OrderCommandName]: CallOf<Name> }[OrderCommandName]

/** What was sent at one moment, with the books before and after. */
export type Beat = BeatOf<Call, OrderLedger>

/** A history that was lived: its moments in order. */
export interface Lived extends LivedBeats<Call, OrderLedger> {
  /** What `readOrder` says of each order at the end. */
  readonly views: ReadonlyArray<AnswerOf<"readOrder">>
}

/** Declares a law that is told of whole stories. */
export const law = lawsOver<Lived, Beat>(({ beats }) => beats)

/** The calls of one operation, without those that only repeat an earlier one. */
export const callsIn = <Name extends OrderCommandName>(
  { calls }: Pick<Beat, "calls">,
  operation: Name,
): ReadonlyArray<CallOf<Name>> =>
  calls.filter(
    (call) => call.operation === operation && call.again === undefined,
  ) as unknown as ReadonlyArray<CallOf<Name>>

/** The call that is all that happened in a beat, and repeats none before: the whole difference is its effect. */
export const onlyCall = ({ calls }: Beat): Call | undefined =>
  calls.length === 1 && calls[0]?.again === undefined ? calls[0] : undefined

/** The outcomes of a call of any operation. */
export const outcomesOf = ({ outcomes }: Call): ReadonlyArray<Outcome<unknown>> => outcomes

/** Whether some copy of a call was done. */
export const isDone = (call: Call): boolean => outcomesOf(call).some(({ end }) => end === "done")

/** Whether every copy of a call was refused. */
export const isRefused = (call: Call): boolean =>
  outcomesOf(call).every(({ end }) => end === "refused")
