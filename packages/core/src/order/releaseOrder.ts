import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { message } from "../integration/index.ts"
import { stockCommand, WarehouseId } from "../inventory/index.ts"
import { type NoWorkingDay, Quantity, Sku, shipByOf, Timestamp } from "../kernel/index.ts"
import { loadPromised } from "./loadPromised.ts"
import { type Order, OrderId, ServiceLevel } from "./Order.ts"
import { allocatableUnits, LineId } from "./OrderLine.ts"
import { currentOrderSettings, type OrderSettings } from "./OrderSettings.ts"
import { aboutOrder, OrderReleased } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"
import { settleOrders } from "./settleOrders.ts"

/** What one warehouse is to send for an order: one shipment for each (warehouse, ship-by, service) (domain 2.2). */
export const ShipmentGroup = Schema.Struct({
  warehouse: WarehouseId,
  shipBy: Timestamp,
  serviceLevel: Schema.optionalKey(ServiceLevel),
  lines: Schema.Array(Schema.Struct({ line: LineId, sku: Sku, quantity: Quantity })),
})
export type ShipmentGroup = typeof ShipmentGroup.Type

/** The shipments that an order's promised units make, by warehouse. */
const shipmentGroupsOf = (order: Order, shipBy: Timestamp): ReadonlyArray<ShipmentGroup> => {
  const units = order.lines.flatMap((line) => {
    const quantity = allocatableUnits(line)
    return line.sku === undefined || line.warehouse === undefined || quantity === 0
      ? []
      : [
          {
            warehouse: line.warehouse,
            line: line.id,
            sku: line.sku,
            quantity: quantity as Quantity,
          },
        ]
  })
  return [...Map.groupBy(units, ({ warehouse }) => warehouse)].map(([warehouse, lines]) => ({
    warehouse,
    shipBy,
    ...(order.serviceLevel !== undefined && { serviceLevel: order.serviceLevel }),
    lines: lines.map(({ line, sku, quantity }) => ({ line, sku, quantity })),
  }))
}

/** When a released order leaves: as it is said, as the channel promised, as the calendar says, or at once. */
const shipByFor = (
  order: Pick<Order, "shipBy">,
  said: Timestamp | undefined,
  { calendar }: Pick<OrderSettings, "calendar">,
  at: Timestamp,
): Result.Result<Timestamp, NoWorkingDay> => {
  const given = said ?? order.shipBy
  if (given !== undefined) return Result.succeed(given)
  return calendar === null ? Result.succeed(at) : shipByOf(calendar, at)
}

/**
 * Gives an order to its warehouses: nothing holds it, and stock is promised to every unit that does not wait in a
 * queue. What waits follows when its stock comes in.
 *
 * Fails with `IllegalTransition` saying what is in the way, and with `NoWorkingDay` for a calendar that has none.
 *
 * @param input.shipBy when it is to leave; else as the channel promised, else by the merchant's calendar
 * @returns what each warehouse is to send
 */
export const releaseOrder = stockCommand({
  action: "releaseOrder",
  standings: ["active"],
  input: Schema.Struct({ order: OrderId, shipBy: Schema.optionalKey(Timestamp) }),
  answer: Schema.Struct({
    order: OrderId,
    shipBy: Timestamp,
    shipments: Schema.Array(ShipmentGroup),
  }),
  decide: Effect.fnUntraced(function* (input, { at }) {
    const promised = yield* loadPromised(input.order, at)
    const { stored } = promised
    const order = yield* Effect.fromResult(transition(promised.order, "release"))
    const settings = yield* currentOrderSettings
    const shipBy = yield* Effect.fromResult(shipByFor(order, input.shipBy, settings, at))
    const released: Order = { ...order, shipBy, releasedAt: at }
    const settled = yield* settleOrders([{ stored, next: released }], at, { progress: true })
    return {
      about: { kind: "order", id: order.id },
      entries: [...settled.entries, ...promised.lapsed],
      messages: [yield* message(OrderReleased, aboutOrder(order), at), ...settled.messages],
      answer: { order: order.id, shipBy, shipments: shipmentGroupsOf(order, shipBy) },
    }
  }),
})
