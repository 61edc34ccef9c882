import { isFinished, type Order } from "../../order/index.ts"
import { type OrderLedger, orderIn, TO_LEAVE, unitsOf } from "./OrderLedger.ts"
import { type Beat, isRefused, law, onlyCall, outcomesOf, type Witness } from "./OrderTrace.ts"
import { LEADS_TO, whyNot } from "./orderEvents.ts"

const UNFIT = "an event that the order's state does not allow"
const HELD = "an event that a hold forbids"
const RELEASED = "an order that its warehouse may start on"
const REFUSED = "several commands refused at the same moment"

const transitions = law(
  "O3",
  "Transitions: only those of the table happen; an event that cannot be changes nothing and says why",
  [UNFIT, HELD, RELEASED, REFUSED],
  {
    atStep: (step, see) => {
      lookAtRefusal(step, see)
      if (!step.calls.every(isRefused)) return
      see.require(step.before === step.after, () => "what was refused changed something")
      see.met(REFUSED, step.calls.length > 1)
    },
    atChange: (step, see) => lookAtStates(step, see),
  },
)

/** An event that the table does not list for the order is refused, and by that name. */
const lookAtRefusal = (step: Beat, see: Witness): void => {
  const call = onlyCall(step)
  if (call === undefined || !("order" in call.input)) return
  const order = orderIn(step.before, call.input.order)
  const why = order && whyNot(call.operation, order)
  if (order === undefined || why === undefined) return
  see.met(UNFIT, why === "its state")
  see.met(HELD, why === "a hold")
  for (const outcome of outcomesOf(call))
    see.require(
      outcome.end === "refused" && outcome.tag === "IllegalTransition",
      () =>
        `${call.operation} of a ${order.state} order, against ${why}: ${JSON.stringify(outcome)}`,
    )
}

const lookAtStates = ({ before, after, calls }: Beat, see: Witness): void => {
  for (const { id, state, splitFrom } of before.orders) {
    const now = orderIn(after, id)
    if (now === undefined) {
      see.require(
        splitFrom !== undefined && calls.some(({ operation }) => operation === "mergeOrders"),
        () => `the ${state} order ${id} is gone`,
      )
      continue
    }
    see.require(
      LEADS_TO[state].includes(now.state),
      () => `the order ${id} was ${state}, and is ${now.state}`,
    )
    if (state !== "accepted" || now.state !== "processing") continue
    see.met(RELEASED)
    see.require(
      calls.some((call) => call.operation === "releaseOrder" && call.input.order === id),
      () => `nobody released ${id}, and it is ${now.state}`,
    )
  }
  for (const { id, state, splitFrom } of after.orders) {
    if (orderIn(before, id) !== undefined) continue
    see.require(
      state === "accepted" || state === "cancelled" || splitFrom !== undefined,
      () => `the order ${id} began as ${state}`,
    )
  }
}

const COMPLETED = "an order that was shipped"
const CANCELLED = "an order that was cancelled"
const PARENT = "an order that ended with its children"

const endings = law(
  "R4",
  "Endings: an order ends with its last unit, as what became of its units, holds nothing from then on, and stays as it is",
  [COMPLETED, CANCELLED, PARENT],
  {
    atChange: ({ before, after }, see) => {
      for (const order of after.orders)
        if (isFinished(order)) lookAtEnd(order, after, see)
        else lookAtOpen(order, after, see)
      for (const was of before.orders.filter(isFinished)) {
        const now = orderIn(after, was.id)
        see.require(
          now?.state === was.state && now.completedAt === was.completedAt,
          () => `${was.id} had ended as ${was.state}, and is ${now?.state}`,
        )
      }
    },
  },
)

const leftIn = ({ lines }: Order): number =>
  lines.reduce((sum, line) => sum + unitsOf(line, TO_LEAVE), 0)

const childrenOf = ({ children }: Order, books: OrderLedger): ReadonlyArray<Order> =>
  children.flatMap((id) => orderIn(books, id) ?? [])

/** Something of an open order is still to leave: of its own, or of a child. */
const lookAtOpen = (order: Order, books: OrderLedger, see: Witness): void => {
  const open = childrenOf(order, books).some((child) => !isFinished(child))
  see.require(leftIn(order) > 0 || open, () => `nothing is left of ${order.id}, and it is open`)
}

const lookAtEnd = (order: Order, books: OrderLedger, see: Witness): void => {
  const { id, state, completedAt } = order
  const children = childrenOf(order, books)
  const shipped = [order, ...children].some(({ lines }) =>
    lines.some(({ buckets }) => buckets.shipped > 0),
  )
  see.require(leftIn(order) === 0, () => `${leftIn(order)} units of ${id} are left, and it is over`)
  see.require(children.every(isFinished), () => `${id} is over, and a child of it is not`)
  see.require(completedAt !== undefined, () => `${id} is over, and does not say since when`)
  see.require(
    state === (shipped ? "completed" : "cancelled"),
    () => `${id} is ${state}, and ${shipped ? "something" : "nothing"} of it was shipped`,
  )
  const held = [
    ...books.commitments.filter((each) => each.state === "pending" && each.documentId === id),
    ...books.allocations.filter((each) => each.state === "live" && each.documentId === id),
    ...books.backorders.filter((each) => each.order === id),
  ]
  see.require(held.length === 0, () => `${id} is over, and holds ${held[0]?.id}`)
  see.met(state === "completed" ? COMPLETED : CANCELLED)
  see.met(PARENT, children.length > 0)
}

/** O3 and R4: which way an order goes, and how it ends. */
export const lifeLaws = [transitions, endings]
