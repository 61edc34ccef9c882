import type { Order, OrderState } from "../../order/index.ts"
import type { OrderCommandName } from "./OrderOperations.ts"

/** Where the event of an operation may happen. Written anew here: the laws do not ask the engine what is allowed. */
interface Event {
  readonly from: ReadonlyArray<OrderState>
  /** Nothing is done for an order that is held. */
  readonly notHeld?: true
  /** A child of a split has none of its own. */
  readonly notChild?: true
}

const OPEN = ["accepted", "processing"] as const

/** The events of domain 2.2, by the operation that brings them about. */
const EVENTS: { readonly [Name in OrderCommandName]?: Event } = {
  commitOrder: { from: OPEN },
  holdOrder: { from: OPEN },
  liftHold: { from: OPEN },
  releaseOrder: { from: ["accepted"], notHeld: true },
  allocateOrder: { from: ["processing"], notHeld: true },
  recordPick: { from: ["processing"] },
  recordPack: { from: ["processing"] },
  dispatchOrder: { from: ["processing"], notHeld: true },
  cancelOrder: { from: OPEN },
  amendOrder: { from: OPEN },
  splitOrder: { from: OPEN, notChild: true },
  mergeOrders: { from: OPEN },
}

/** Where a command may lead an order, by the state that it was in. */
export const LEADS_TO: { readonly [State in OrderState]: ReadonlyArray<OrderState> } = {
  draft: ["accepted"],
  accepted: ["accepted", "processing", "completed", "cancelled"],
  processing: ["processing", "completed", "cancelled"],
  completed: ["completed"],
  cancelled: ["cancelled"],
  archived: ["archived"],
}

/** Why an operation cannot happen to the order, or none where the table lists it. */
export const whyNot = (
  operation: OrderCommandName,
  { state, holds, splitFrom }: Pick<Order, "state" | "holds" | "splitFrom">,
): "its state" | "a hold" | "it is a child" | undefined => {
  const event = EVENTS[operation]
  if (event === undefined) return undefined
  if (!event.from.includes(state)) return "its state"
  if (event.notHeld && holds.length > 0) return "a hold"
  return event.notChild && splitFrom !== undefined ? "it is a child" : undefined
}
