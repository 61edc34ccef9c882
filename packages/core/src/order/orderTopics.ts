import * as Schema from "effect/Schema"
import { topic } from "../integration/index.ts"
import { WarehouseId } from "../inventory/index.ts"
import { Quantity, Sku } from "../kernel/index.ts"
import { ConnectionId } from "../party/index.ts"
import { HoldCode } from "./Hold.ts"
import { ExternalId, OrderId } from "./Order.ts"
import { LineId } from "./OrderLine.ts"

/** Which order a message is about: ids only (R13). The external id is absent for the child of a split. */
const About = Schema.Struct({
  order: OrderId,
  connection: ConnectionId,
  externalId: Schema.optionalKey(ExternalId),
})

/** Units of a line that a message is about. */
const Units = Schema.Struct({ line: LineId, quantity: Quantity })

/** An order came in. */
export const OrderImported = topic("order.imported", About)

/** The lines of an order changed, by its channel or here. */
export const OrderAmended = topic("order.amended", About)

/** Units wait for stock, or for their release date. */
export const OrderBackordered = topic(
  "order.backordered",
  Schema.Struct({
    ...About.fields,
    lines: Schema.Array(
      Schema.Struct({ line: LineId, sku: Sku, warehouse: WarehouseId, quantity: Quantity }),
    ),
  }),
)

/** Something holds the order back. */
export const OrderHeld = topic("order.held", Schema.Struct({ ...About.fields, code: HoldCode }))

/** The warehouse may start on it. */
export const OrderReleased = topic("order.released", About)

/** Units left: the channel is to be told, once for each message (O8). */
export const OrderDispatched = topic(
  "order.dispatched",
  Schema.Struct({ ...About.fields, lines: Schema.Array(Units) }),
)

/** Units were cancelled here. */
export const OrderUnitsCancelled = topic(
  "order.units_cancelled",
  Schema.Struct({ ...About.fields, lines: Schema.Array(Units) }),
)

/** No unit of the order is left and none was shipped. */
export const OrderCancelled = topic("order.cancelled", About)

/** The last unit was shipped or cancelled. The retention of the buyer's data starts here (T8). */
export const OrderCompleted = topic("order.completed", About)

/** Nothing happened to an order for 30 days past its promised date: somebody should look at it (T8). */
export const OrderStalled = topic("order.stalled", About)

/** Nothing happened to an order for 60 days past its promised date: the retention of its buyer's data begins (T8). */
export const OrderLapsed = topic("order.lapsed", About)

/** Part of an order became an order of its own. */
export const OrderSplit = topic("order.split", Schema.Struct({ order: OrderId, child: OrderId }))

/** A child went back into the order that it was split from. */
export const OrderMerged = topic("order.merged", Schema.Struct({ order: OrderId, child: OrderId }))

/** The ids of an order, for the body of a message. */
export const aboutOrder = ({
  id,
  connection,
  externalId,
}: {
  readonly id: OrderId
  readonly connection: ConnectionId
  readonly externalId?: ExternalId
}): typeof About.Type => ({
  order: id,
  connection,
  ...(externalId !== undefined && { externalId }),
})
