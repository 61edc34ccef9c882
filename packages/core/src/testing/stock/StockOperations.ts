import type * as Effect from "effect/Effect"
import { type Operations, operations } from "../../host/index.ts"

const NAMES = [
  "receiveStock",
  "moveStock",
  "adjustStock",
  "changeCondition",
  "recallLot",
  "expireLots",
  "countStock",
  "approveCount",
  "correctMovement",
  "sendTransfer",
  "receiveTransfer",
  "assembleKit",
  "disassembleKit",
  "commitStock",
  "releaseCommitment",
  "expireCommitments",
  "allocateStock",
  "releaseAllocation",
  "dispatchStock",
] as const satisfies ReadonlyArray<keyof Operations>

/** The operations that change stock or promises of it, by name. */
export type StockOperationName = (typeof NAMES)[number]

/** The operations that the laws of stock are about. A host may hand in its own in place of any of them. */
export type StockOperations = Pick<Operations, StockOperationName>

/** The engine's own, with others in place of those that are given. */
export const stockOperations = (others: Partial<StockOperations> = {}): StockOperations => ({
  ...operations,
  ...others,
})

/** What an operation is told. */
export type InputOf<Name extends StockOperationName> = Parameters<StockOperations[Name]>[0]

/** What an operation answers. */
export type AnswerOf<Name extends StockOperationName> = Effect.Success<
  ReturnType<StockOperations[Name]>
>
