import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CommandContext } from "../command/index.ts"
import { stockCommand } from "../inventory/index.ts"
import type { Bucket } from "./lineBuckets.ts"
import { loadOrder } from "./loadOrder.ts"
import { OrderId } from "./Order.ts"
import { type OrderEvent, transition } from "./orderTransitions.ts"
import { settleOrders } from "./settleOrders.ts"
import { LinesUnits, LineUnits, takeUnits } from "./takeUnits.ts"

const FloorWork = Schema.Struct({ order: OrderId, lines: LinesUnits })
const FloorAnswer = Schema.Struct({ order: OrderId, lines: Schema.Array(LineUnits) })

/** Moves units of lines one step on, as somebody on the floor did. It is a fact, so a hold does not refuse it. */
const decideStep = (event: OrderEvent, from: Bucket, to: Bucket) =>
  Effect.fnUntraced(function* (
    { order: id, lines }: typeof FloorWork.Type,
    { at }: Pick<CommandContext, "at">,
  ) {
    const stored = yield* loadOrder(id)
    const order = yield* Effect.fromResult(transition(stored.value, event))
    const next = yield* Effect.fromResult(takeUnits(order, lines, [from], to))
    const settled = yield* settleOrders([{ stored, next }], at, { progress: true })
    return {
      about: { kind: "order", id },
      entries: settled.entries,
      messages: settled.messages,
      answer: { order: id, lines },
    }
  })

/**
 * Records that allocated units were picked.
 *
 * Fails with `UnitsMissing` for more than are allocated, and `IllegalTransition` for an order that is not with its
 * warehouses.
 */
export const recordPick = stockCommand({
  action: "recordPick",
  input: FloorWork,
  answer: FloorAnswer,
  decide: decideStep("pick", "allocated", "picked"),
})

/**
 * Records that picked units were packed.
 *
 * Fails with `UnitsMissing` for more than are picked, and `IllegalTransition` for an order that is not with its
 * warehouses.
 */
export const recordPack = stockCommand({
  action: "recordPack",
  input: FloorWork,
  answer: FloorAnswer,
  decide: decideStep("pack", "picked", "packed"),
})
