import type { Timestamp } from "../kernel/index.ts"
import {
  deadlineOf,
  type FulfilmentFacts,
  hasLapsed,
  lapseAt,
  nextLookAt,
} from "../privacy/index.ts"
import type { Order } from "./Order.ts"

/** What retention asks of an order. What its children do is written into it, so that it speaks for the family (T8). */
export const factsOf = (order: Order, disconnectedAt?: Timestamp): FulfilmentFacts => ({
  importedAt: order.importedAt,
  shipBy: order.shipBy,
  progressAt: order.progressAt,
  lapsedAt: order.lapsedAt,
  completedAt: order.completedAt,
  // An order of which nothing was shipped ends as cancelled.
  dispatched: order.state !== "cancelled",
  receivedAt: order.pii._tag === "Held" ? order.pii.receivedAt : order.importedAt,
  disconnectedAt,
})

/** The order after its fulfilment got on. Had it lapsed before, it stays lapsed (T5). */
export const progressed = (order: Order, at: Timestamp): Order => ({
  ...withLapse(order, at),
  progressAt: at,
})

/** The order with its lapse frozen, if it has lapsed by `at` while it holds a buyer's data: there is nothing else to lapse. */
export const withLapse = (order: Order, at: Timestamp): Order =>
  order.pii._tag === "Held" && order.lapsedAt === undefined && hasLapsed(factsOf(order), at)
    ? { ...order, lapsedAt: lapseAt(factsOf(order)) }
    : order

/**
 * When the buyer's data of an order must be gone, by what is known at `at`: never later than what was said before
 * (T5). `undefined` where none is held.
 *
 * @param disconnectedAt when its channel was disconnected, if it was (R79)
 */
export const deadlineFor = (
  order: Order,
  at: Timestamp,
  disconnectedAt?: Timestamp,
): Timestamp | undefined =>
  order.pii._tag === "Held"
    ? (Math.min(order.pii.deadline, deadlineOf(factsOf(order, disconnectedAt), at)) as Timestamp)
    : undefined

/** The order with its deadline, and the instant of retention's next look, as they follow from all else. */
export const withDeadline = (order: Order, at: Timestamp, disconnectedAt?: Timestamp): Order => {
  const deadline = deadlineFor(order, at, disconnectedAt)
  if (deadline === undefined || order.pii._tag !== "Held") {
    const { retentionDue, ...rest } = order
    return retentionDue === undefined ? order : rest
  }
  return {
    ...order,
    pii: { ...order.pii, deadline },
    retentionDue: nextLookAt(factsOf(order, disconnectedAt), deadline, at),
  }
}
