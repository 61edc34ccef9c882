import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { command, unchanged } from "../command/index.ts"
import { message } from "../integration/index.ts"
import { MAX_UNITS } from "../kernel/index.ts"
import { replace } from "../store/index.ts"
import { resolveLine } from "./fitLine.ts"
import { withImportHolds } from "./importHolds.ts"
import { loadOrder } from "./loadOrder.ts"
import { mapLines, type Order, OrderId } from "./Order.ts"
import { LineId } from "./OrderLine.ts"
import { currentOrderSettings } from "./OrderSettings.ts"
import { aboutOrder, OrderAmended } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"
import { type Resolutions, resolveSkus } from "./resolveSkus.ts"

/** The lines of the order with what the catalogue now knows of their channel SKUs. */
export const resolveLines = (order: Order, resolutions: Resolutions): Order =>
  mapLines(order, (line) => {
    const resolution = resolutions.get(line.channelSku)
    if (line.sku !== undefined || resolution === undefined) return line
    return line.buckets.ordered * resolution.multiple > MAX_UNITS
      ? line
      : resolveLine(line, resolution)
  })

/**
 * Looks the unknown SKUs of an order up again, after the catalogue learned of them. When all are known, the hold that
 * the import set for them is lifted.
 *
 * Fails with `IllegalTransition` for an order that has ended.
 */
export const resolveOrderLines = command({
  action: "resolveOrderLines",
  input: Schema.Struct({ order: OrderId }),
  answer: Schema.Struct({
    order: OrderId,
    resolved: Schema.Array(LineId),
    unresolved: Schema.Array(LineId),
  }),
  decide: Effect.fnUntraced(function* (input, { at }) {
    const stored = yield* loadOrder(input.order)
    const order = yield* Effect.fromResult(transition(stored.value, "resolve"))
    const unknown = unresolvedIn(order)
    const resolutions = yield* resolveSkus(
      order.connection,
      order.lines.flatMap(({ sku, channelSku }) => (sku === undefined ? [channelSku] : [])),
    )
    const resolved = resolveLines(order, resolutions)
    const unresolved = unresolvedIn(resolved)
    const about = { kind: "order", id: order.id }
    const answer = {
      order: order.id,
      resolved: unknown.filter((id) => !unresolved.includes(id)),
      unresolved,
    }
    if (answer.resolved.length === 0) return unchanged(about, answer)
    const settings = yield* currentOrderSettings
    return {
      about,
      entries: [replace(stored, withImportHolds(resolved, { settings, at }))],
      messages: [yield* message(OrderAmended, aboutOrder(order), at)],
      answer,
    }
  }),
})

const unresolvedIn = ({ lines }: Order): ReadonlyArray<LineId> =>
  lines.flatMap(({ id, sku }) => (sku === undefined ? [id] : []))
