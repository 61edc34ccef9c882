import type * as Effect from "effect/Effect"
import { type Operations, operations } from "../../host/index.ts"

const NAMES = [
  "receiveStock",
  "importOrder",
  "cancelImportedOrder",
  "commitOrder",
  "fillBackorders",
  "holdOrder",
  "liftHold",
  "releaseOrder",
  "allocateOrder",
  "recordPick",
  "recordPack",
  "dispatchOrder",
  "cancelOrder",
  "amendOrder",
  "splitOrder",
  "mergeOrders",
  "readOrder",
] as const satisfies ReadonlyArray<keyof Operations>

/** The operations that the laws of orders are about. A host may hand in its own in place of any of them. */
export type OrderOperations = Pick<Operations, (typeof NAMES)[number]>

/** The engine's own, with others in place of those that are given. */
export const orderOperations = (others: Partial<OrderOperations> = {}): OrderOperations => ({
  ...operations,
  ...others,
})

/** The operations that change orders, or stock for them, by name. */
export type OrderCommandName = Exclude<keyof OrderOperations, "readOrder">

/** What an operation is told. */
export type InputOf<Name extends OrderCommandName> = Parameters<OrderOperations[Name]>[0]

/** What an operation answers. */
export type AnswerOf<Name extends keyof OrderOperations> = Effect.Success<
  ReturnType<OrderOperations[Name]>
>
