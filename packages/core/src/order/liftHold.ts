import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { command } from "../command/index.ts"
import { replace } from "../store/index.ts"
import { Hold, isSameHold } from "./Hold.ts"
import { HoldAnswer } from "./holdOrder.ts"
import { loadOrder } from "./loadOrder.ts"
import { OrderId } from "./Order.ts"
import { transition } from "./orderTransitions.ts"

/**
 * Lifts one hold of an order, named by its code and source. The others stay.
 *
 * Fails with `NotFound` for a hold that the order does not have, and `IllegalTransition` for an order that has ended.
 */
export const liftHold = command({
  action: "liftHold",
  standings: ["active", "on_stop", "suspended"],
  input: Schema.Struct({ order: OrderId, code: Hold.fields.code, source: Hold.fields.source }),
  answer: HoldAnswer,
  decide: Effect.fnUntraced(function* ({ order: id, code, source }) {
    const stored = yield* loadOrder(id)
    const order = yield* Effect.fromResult(transition(stored.value, "lift"))
    const holds = order.holds.filter((hold) => !isSameHold(hold, { code, source }))
    if (holds.length === order.holds.length)
      return yield* new NotFound({ kind: "hold", id: `${code}/${source}` })
    return {
      about: { kind: "order", id },
      entries: [replace(stored, { ...order, holds })],
      answer: { order: id, holds },
    }
  }),
})
