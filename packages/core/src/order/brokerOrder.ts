import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { command } from "../command/index.ts"
import { WarehouseId } from "../inventory/index.ts"
import { replace } from "../store/index.ts"
import { brokerLines } from "./brokerLines.ts"
import { loadOrder } from "./loadOrder.ts"
import { mapLines, type Order, OrderId } from "./Order.ts"
import { LineId } from "./OrderLine.ts"
import { currentOrderSettings } from "./OrderSettings.ts"
import { transition } from "./orderTransitions.ts"

/** Which warehouse serves which line. */
export const BrokeredLine = Schema.Struct({ line: LineId, warehouse: WarehouseId })

/**
 * Chooses the warehouses of an order by the merchant's rules. Lines that have a warehouse keep it, unless it is to be
 * chosen anew: then those that no stock is promised to and that do not wait for any are chosen again.
 *
 * Fails with `NoWarehouse` naming the lines that none may serve, and `IllegalTransition` for an order that has ended.
 *
 * @param input.again whether to choose anew
 */
export const brokerOrder = command({
  action: "brokerOrder",
  input: Schema.Struct({ order: OrderId, again: Schema.optionalKey(Schema.Boolean) }),
  answer: Schema.Struct({ order: OrderId, lines: Schema.Array(BrokeredLine) }),
  decide: Effect.fnUntraced(function* (input) {
    const stored = yield* loadOrder(input.order)
    const order = yield* Effect.fromResult(transition(stored.value, "broker"))
    const asked = input.again === true ? withoutWarehouses(order) : order
    const brokered = yield* brokerLines(asked, yield* currentOrderSettings)
    const before = new Map(order.lines.map(({ id, warehouse }) => [id, warehouse]))
    const changed = brokered.lines.some(({ id, warehouse }) => warehouse !== before.get(id))
    return {
      about: { kind: "order", id: order.id },
      entries: changed ? [replace(stored, brokered)] : [],
      answer: {
        order: order.id,
        lines: brokered.lines.flatMap(({ id, warehouse }) =>
          warehouse === undefined ? [] : [{ line: id, warehouse }],
        ),
      },
    }
  }),
})

const withoutWarehouses = (order: Order): Order =>
  mapLines(order, (line) => {
    const { warehouse: _, ...rest } = line
    const { backordered, shipped } = line.buckets
    return line.committed + backordered + shipped > 0 ? line : rest
  })
