import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { message } from "../integration/index.ts"
import { draftReassign, stockCommand } from "../inventory/index.ts"
import { nextId, type Quantity } from "../kernel/index.ts"
import { type Entry, insert, replace } from "../store/index.ts"
import { BackorderId, Backorders, takeBackordered, takeFrom } from "./Backorder.ts"
import { withImportHolds } from "./importHolds.ts"
import { looseOf } from "./linePromises.ts"
import { loadPromised, type PromisedOrder } from "./loadPromised.ts"
import { type Order, OrderId, Orders } from "./Order.ts"
import { activeUnits } from "./OrderLine.ts"
import { currentOrderSettings } from "./OrderSettings.ts"
import { IllegalTransition } from "./orderErrors.ts"
import { OrderSplit } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"
import { type SplitUnits, splitLines } from "./splitLines.ts"
import { LinesUnits } from "./takeUnits.ts"

/**
 * Makes units of an order an order of their own, to be served from another warehouse or at another time. Lines keep
 * their ids, units their promises and their place in the queue; the total of a line is shared out exactly. The child is
 * held by what holds the parent, which completes with its last child (T8).
 *
 * Fails with `UnitsMissing` for units that are pinned to cells or gone, and `IllegalTransition` for an order that has
 * ended, is a child itself, or would be left without a unit.
 *
 * @param input.lines the units that leave
 * @returns the child's id
 */
export const splitOrder = stockCommand({
  action: "splitOrder",
  input: Schema.Struct({ order: OrderId, lines: LinesUnits }),
  answer: Schema.Struct({ order: OrderId, child: OrderId }),
  decide: Effect.fnUntraced(function* ({ order: id, lines }, { at }) {
    const { stored, order, promises, backorders, lapsed } = yield* loadPromised(id, at)
    yield* Effect.fromResult(transition(order, "split"))
    const split = yield* Effect.fromResult(splitLines(order, lines))
    if (split.order.lines.every((line) => activeUnits(line) === 0)) {
      const reason = "no unit would be left in it"
      return yield* new IllegalTransition({ order: id, event: "split", state: order.state, reason })
    }
    const settings = yield* currentOrderSettings
    const made = childOf(order, split, yield* nextId(OrderId))
    const child = withImportHolds(made, { settings, at })
    const takes = child.lines.flatMap((line) =>
      line.committed === 0 ? [] : looseOf(promises, line.id, line.committed),
    )
    const reassigned = yield* draftReassign(takes, { kind: "order", id: child.id })
    return {
      about: { kind: "order", id },
      entries: [
        replace(stored, { ...split.order, children: [...order.children, child.id] }),
        insert(Orders, child),
        ...reassigned.entries,
        ...(yield* moveBackorders(backorders, child)),
        ...lapsed,
      ],
      messages: [yield* message(OrderSplit, { order: id, child: child.id }, at)],
      answer: { order: id, child: child.id },
    }
  }),
})

const childOf = (parent: Order, { lines }: SplitUnits, id: OrderId): Order => {
  const { externalId: _id, externalVersion: _version, children: _children, ...rest } = parent
  return { ...rest, id, lines, splitFrom: parent.id, children: [], pii: { _tag: "NotFetched" } }
}

/** The child's share of the backorders, with the place in the queue that they have. */
const moveBackorders = Effect.fnUntraced(function* (
  backorders: PromisedOrder["backorders"],
  child: Order,
) {
  const entries: Array<Entry> = []
  for (const { id: line, buckets } of child.lines) {
    for (const { backorder, units } of takeBackordered(backorders, line, buckets.backordered)) {
      const { value } = backorder
      if (units === value.quantity) {
        entries.push(replace(backorder, { ...value, order: child.id }))
        continue
      }
      const id = yield* nextId(BackorderId)
      const quantity = units as Quantity
      entries.push(
        takeFrom(backorder, units),
        insert(Backorders, { ...value, id, order: child.id, quantity }),
      )
    }
  }
  return entries
})
