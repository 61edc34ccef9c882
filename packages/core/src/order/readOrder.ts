import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { query } from "../command/index.ts"
import { loadOrder } from "./loadOrder.ts"
import { type Order, OrderId } from "./Order.ts"
import { type OrderStatus, statusOf } from "./orderStatus.ts"

/** An order with what its lines and holds say. */
export interface OrderView {
  readonly order: Order
  readonly status: OrderStatus
}

/** The view of an order. */
export const viewOf = (order: Order): OrderView => ({ order, status: statusOf(order) })

/** An order of the current merchant with its derived status. Fails with `NotFound`. */
export const readOrder = query({
  action: "readOrder",
  input: Schema.Struct({ order: OrderId }),
  read: ({ order }) => Effect.map(loadOrder(order), ({ value }) => viewOf(value)),
})
