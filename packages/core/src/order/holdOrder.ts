import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { command, unchanged } from "../command/index.ts"
import { message } from "../integration/index.ts"
import { replace } from "../store/index.ts"
import { Hold, isSameHold } from "./Hold.ts"
import { loadOrder } from "./loadOrder.ts"
import { OrderId } from "./Order.ts"
import { aboutOrder, OrderHeld } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"

/** The holds of an order, as they are now. */
export const HoldAnswer = Schema.Struct({ order: OrderId, holds: Schema.Array(Hold) })
export type HoldAnswer = typeof HoldAnswer.Type

/**
 * Holds an order back: it is not released, gets no allocation and is not dispatched until every hold is lifted. What
 * was promised to it stays (R8). The same hold a second time changes nothing.
 *
 * Fails with `IllegalTransition` for an order that has ended.
 *
 * @param input.code why
 * @param input.source who holds: it tells several holds of one code apart
 * @param input.reason more about it, as a code
 */
export const holdOrder = command({
  action: "holdOrder",
  standings: ["active", "on_stop", "suspended"],
  input: Schema.Struct({
    order: OrderId,
    code: Hold.fields.code,
    source: Hold.fields.source,
    reason: Hold.fields.reason,
  }),
  answer: HoldAnswer,
  decide: Effect.fnUntraced(function* ({ order: id, ...wanted }, { at }) {
    const stored = yield* loadOrder(id)
    const order = yield* Effect.fromResult(transition(stored.value, "hold"))
    const about = { kind: "order", id }
    if (order.holds.some((hold) => isSameHold(hold, wanted)))
      return unchanged(about, { order: id, holds: order.holds })
    const holds = [...order.holds, { ...wanted, heldAt: at }]
    return {
      about,
      entries: [replace(stored, { ...order, holds })],
      messages: [yield* message(OrderHeld, { ...aboutOrder(order), code: wanted.code }, at)],
      answer: { order: id, holds },
    }
  }),
})
