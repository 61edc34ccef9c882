import * as Result from "effect/Result"
import { PINNED, unitsIn } from "./lineBuckets.ts"
import { isFinished, type Order, type OrderState } from "./Order.ts"
import { activeUnits, allocatableUnits, uncommittedUnits } from "./OrderLine.ts"
import { IllegalTransition } from "./orderErrors.ts"

/** What may happen to an order. Each operation is one of them, but for `settle`, which follows when no unit is left. */
export type OrderEvent =
  | "accept"
  | "resolve"
  | "broker"
  | "commit"
  | "hold"
  | "lift"
  | "release"
  | "allocate"
  | "short_pick"
  | "pick"
  | "pack"
  | "dispatch"
  | "amend"
  | "cancel"
  | "cancel_units"
  | "split"
  | "merge"
  | "settle"
  | "authorise_return"
  | "archive"

/** What a guard looks at: the order, and the children that were split from it where the event depends on them. */
export interface Case {
  readonly order: Order
  readonly children: ReadonlyArray<Order>
}

/** What must hold for a transition. */
export interface Guard {
  /** What is the matter when it does not hold. */
  readonly otherwise: string
  readonly holds: (at: Case) => boolean
}

/** One row of the table: an event, the states in which it may happen, the state that follows, what must hold. */
export interface Transition {
  readonly event: OrderEvent
  readonly from: ReadonlyArray<OrderState>
  readonly to: OrderState | "same"
  readonly guards: ReadonlyArray<Guard>
}

const notHeld: Guard = {
  otherwise: "it is held",
  holds: ({ order }) => order.holds.length === 0,
}
const committed: Guard = {
  otherwise: "open units have no stock promised to them",
  holds: ({ order }) => order.lines.every((line) => uncommittedUnits(line) === 0),
}
const somethingToPick: Guard = {
  otherwise: "no unit of it can be picked",
  holds: ({ order }) => order.lines.some((line) => allocatableUnits(line) > 0),
}
const somethingToSend: Guard = {
  otherwise: "no unit of it is allocated",
  holds: ({ order }) => order.lines.some(({ buckets }) => unitsIn(buckets, PINNED) > 0),
}
const noChild: Guard = {
  otherwise: "it is the child of a split",
  holds: ({ order }) => order.splitFrom === undefined,
}
const nothingLeft: Guard = {
  otherwise: "units of it are still to leave",
  holds: ({ order, children }) =>
    order.lines.every((line) => activeUnits(line) === 0) && children.every(isFinished),
}
const somethingLeft: Guard = {
  otherwise: "none of its own units is left",
  holds: ({ order }) => order.lines.some((line) => activeUnits(line) > 0),
}
const shipped: Guard = {
  otherwise: "no unit was shipped",
  holds: ({ order, children }) =>
    [order, ...children].some(({ lines }) => lines.some(({ buckets }) => buckets.shipped > 0)),
}
const nothingShipped: Guard = {
  otherwise: "a unit was shipped",
  holds: (at) => !shipped.holds(at),
}

const OPEN = ["accepted", "processing"] as const

const row = (
  event: OrderEvent,
  from: ReadonlyArray<OrderState>,
  to: Transition["to"],
  ...guards: ReadonlyArray<Guard>
): Transition => ({ event, from, to, guards })

/** The table of domain 2.2. What it does not list cannot happen (O3). An order begins as `accepted`, by its import. */
export const TRANSITIONS: ReadonlyArray<Transition> = [
  row("accept", ["draft"], "accepted"),
  row("resolve", OPEN, "same"),
  row("broker", OPEN, "same"),
  row("commit", OPEN, "same"),
  row("hold", OPEN, "same"),
  row("lift", OPEN, "same"),
  row("release", ["accepted"], "processing", notHeld, committed, somethingToPick),
  row("allocate", ["processing"], "same", notHeld),
  row("short_pick", ["processing"], "same"),
  row("pick", ["processing"], "same"),
  row("pack", ["processing"], "same"),
  row("dispatch", ["processing"], "same", notHeld, somethingToSend),
  row("amend", OPEN, "same"),
  row("cancel", OPEN, "same", nothingShipped, somethingLeft),
  row("cancel_units", OPEN, "same"),
  row("split", OPEN, "same", noChild),
  row("merge", OPEN, "same"),
  row("settle", OPEN, "completed", nothingLeft, shipped),
  row("settle", OPEN, "cancelled", nothingLeft, nothingShipped),
  row("authorise_return", ["completed"], "same"),
  row("archive", ["completed", "cancelled"], "archived"),
]

/**
 * The order in the state that follows the event, or why the event cannot happen. The units that an event moves
 * are for its operation to move.
 *
 * @param children the orders that were split from it; only `settle` looks at them
 */
export const transition = (
  order: Order,
  event: OrderEvent,
  children: ReadonlyArray<Order> = [],
): Result.Result<Order, IllegalTransition> => {
  const rows = TRANSITIONS.filter((each) => each.event === event && each.from.includes(order.state))
  const fits = rows.find(({ guards }) => guards.every(({ holds }) => holds({ order, children })))
  if (fits !== undefined)
    return Result.succeed(fits.to === "same" ? order : { ...order, state: fits.to })
  const failed = rows[0]?.guards.find(({ holds }) => !holds({ order, children }))
  return Result.fail(
    new IllegalTransition({
      order: order.id,
      event,
      state: order.state,
      reason: failed?.otherwise ?? `it would have to be ${statesOf(event)}`,
    }),
  )
}

const statesOf = (event: OrderEvent): string =>
  [...new Set(TRANSITIONS.flatMap((each) => (each.event === event ? each.from : [])))].join(" or ")
