import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { message, type OutboxMessage } from "../integration/index.ts"
import { draftReassign, stockCommand } from "../inventory/index.ts"
import { type Entry, remove, replace } from "../store/index.ts"
import { joinOrders } from "./joinLines.ts"
import { looseOf } from "./linePromises.ts"
import { loadPromised } from "./loadPromised.ts"
import { OrderId } from "./Order.ts"
import { OrderMerged } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"
import { settleOrders } from "./settleOrders.ts"

/** Children that one command takes back. */
const Children = Schema.NonEmptyArray(OrderId).check(Schema.isMaxLength(20), Schema.isUnique())

/**
 * Takes children back into the order that they were split from: split and merge leave lines, quantities, holds and
 * promises as they were (O5). The children are gone afterwards.
 *
 * Fails with `NotFound` for an unknown order, and `IllegalTransition` for a child of another order, in another state,
 * or of which units are allocated or shipped.
 *
 * @param input.order the order that they were split from
 * @param input.children which of its children, 1 to 20
 */
export const mergeOrders = stockCommand({
  action: "mergeOrders",
  input: Schema.Struct({ order: OrderId, children: Children }),
  answer: Schema.Struct({ order: OrderId, merged: Schema.Array(OrderId) }),
  decide: Effect.fnUntraced(function* ({ order: id, children }, { at }) {
    const parent = yield* loadPromised(id, at)
    yield* Effect.fromResult(transition(parent.order, "merge"))
    const entries: Array<Entry> = [...parent.lapsed]
    const messages: Array<OutboxMessage> = []
    let next = parent.order
    for (const childId of children) {
      const { stored, order, promises, backorders, lapsed } = yield* loadPromised(childId, at)
      yield* Effect.fromResult(transition(order, "merge"))
      next = yield* Effect.fromResult(joinOrders(next, order))
      const takes = order.lines.flatMap((line) =>
        line.committed === 0 ? [] : looseOf(promises, line.id, line.committed),
      )
      const reassigned = yield* draftReassign(takes, { kind: "order", id })
      entries.push(
        remove(stored),
        ...reassigned.entries,
        ...backorders.map((backorder) => replace(backorder, { ...backorder.value, order: id })),
        ...lapsed,
      )
      messages.push(yield* message(OrderMerged, { order: id, child: childId }, at))
    }
    const settled = yield* settleOrders([{ stored: parent.stored, next }], at)
    return {
      about: { kind: "order", id },
      entries: [...settled.entries, ...entries],
      messages: [...messages, ...settled.messages],
      answer: { order: id, merged: children },
    }
  }),
})
