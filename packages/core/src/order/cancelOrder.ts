import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { message } from "../integration/index.ts"
import { stockCommand } from "../inventory/index.ts"
import { cancelUnits, everyActiveUnit } from "./cancelUnits.ts"
import { draftWithin } from "./draftWithin.ts"
import { freeUnits, putBackOf } from "./freeUnits.ts"
import { loadPromised } from "./loadPromised.ts"
import { OrderId, OrderState } from "./Order.ts"
import { aboutOrder, OrderUnitsCancelled } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"
import { settleOrders } from "./settleOrders.ts"
import { LinesUnits, LineUnits } from "./takeUnits.ts"

/** What a cancellation did. */
export const CancelAnswer = Schema.Struct({
  order: OrderId,
  state: OrderState,
  cancelled: Schema.Array(LineUnits),
  /** Units that were picked or packed and must be put back on the shelf. */
  putBack: Schema.Array(LineUnits),
  /** Lines that did not fit into one batch: send the command again under a new key. */
  linesLeft: Schema.Int,
})
export type CancelAnswer = typeof CancelAnswer.Type

/**
 * Cancels an order, or units of its lines. What was promised to them is free again, picked units are to be put back.
 * The order ends as `cancelled`, or as `completed` where the rest was shipped.
 *
 * Fails with `IllegalTransition` for an order that has ended, or a whole one of which a unit was shipped (name the
 * lines instead), and with `UnitsMissing` for more units than are still to leave.
 *
 * @param input.order the order
 * @param input.lines units by line; every unit when left out
 */
export const cancelOrder = stockCommand({
  action: "cancelOrder",
  standings: ["active", "on_stop", "suspended", "closing"],
  input: Schema.Struct({ order: OrderId, lines: Schema.optionalKey(LinesUnits) }),
  answer: CancelAnswer,
  decide: Effect.fnUntraced(function* (input, { at }) {
    const promised = yield* loadPromised(input.order, at)
    const { stored, order } = promised
    yield* Effect.fromResult(
      transition(order, input.lines === undefined ? "cancel" : "cancel_units"),
    )
    const { draft, covered, left } = yield* draftWithin(
      input.lines ?? everyActiveUnit(order),
      Effect.fnUntraced(function* (lines) {
        const next = yield* Effect.fromResult(cancelUnits(order, lines, "here"))
        return { next, entries: yield* freeUnits(promised, next, at) }
      }),
    )
    const about = { ...aboutOrder(order), lines: [...covered] }
    const told = yield* message(OrderUnitsCancelled, about, at)
    const settled = yield* settleOrders([{ stored, next: draft.next }], at)
    return {
      about: { kind: "order", id: order.id },
      entries: [...settled.entries, ...draft.entries, ...promised.lapsed],
      messages: [told, ...settled.messages],
      answer: {
        order: order.id,
        state: settled.orders.get(order.id)?.state ?? order.state,
        cancelled: covered,
        putBack: putBackOf(order, draft.next),
        linesLeft: left,
      },
    }
  }),
})
