import * as Schema from "effect/Schema"
import { ActorRef } from "../audit/index.ts"
import { Quantity, Sku, Timestamp, Units, Uuid } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { Condition, LotCode, SerialNumber, WarehouseId } from "./Cell.ts"

export const TransferId = Uuid.pipe(Schema.brand("TransferId"))
export type TransferId = typeof TransferId.Type

/** Units of one SKU, lot and condition under way. `sent = received + lost + still in transit`. */
export const TransferLine = Schema.Struct({
  /** Names the line in its transfer: "1", "2", … */
  line: Schema.String,
  sku: Sku,
  lot: Schema.optionalKey(LotCode),
  condition: Condition,
  sent: Quantity,
  received: Units,
  lost: Units,
  /** Serial numbers still under way, for a serial-tracked product. */
  serials: Schema.Array(SerialNumber),
  /** When the oldest of the units came from their supplier: FIFO goes on from there. */
  receivedAt: Timestamp,
})
export type TransferLine = typeof TransferLine.Type

/** `closed`: every unit was received or written off. */
export const TransferState = Schema.Literals(["in_transit", "closed"])
export type TransferState = typeof TransferState.Type

/** Goods between two warehouses of one owner. Under way, they are in neither one's `onHand` (domain 1.3). */
export const StockTransfer = Schema.Struct({
  id: TransferId,
  from: WarehouseId,
  to: WarehouseId,
  lines: Schema.NonEmptyArray(TransferLine),
  state: TransferState,
  sentBy: ActorRef,
  sentAt: Timestamp,
  closedAt: Schema.optionalKey(Timestamp),
})
export type StockTransfer = typeof StockTransfer.Type

export const StockTransfers = Collection.make("stock_transfers", {
  schema: StockTransfer,
  key: (transfer) => transfer.id,
  indexes: {
    state: index("state", "sentAt"),
    from: index("from", "state", "sentAt"),
    to: index("to", "state", "sentAt"),
  },
})

/** Units of a line that are still under way. */
export const inTransitOf = ({
  sent,
  received,
  lost,
}: Pick<TransferLine, "sent" | "received" | "lost">): Units => (sent - received - lost) as Units

/** More units were to be received on a line than are under way. Nothing was received. */
export class TransferExceeded extends Schema.TaggedError<TransferExceeded>()("TransferExceeded", {
  transfer: TransferId,
  line: Schema.String,
  wanted: Schema.Int,
  inTransit: Schema.Int,
}) {
  override get message() {
    return `${this.inTransit} units are under way on line ${this.line}, not ${this.wanted}; book the rest as found`
  }
}

/** The transfer was closed before. */
export class TransferClosed extends Schema.TaggedError<TransferClosed>()("TransferClosed", {
  transfer: TransferId,
}) {}
