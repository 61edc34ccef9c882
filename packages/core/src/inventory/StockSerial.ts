import * as Schema from "effect/Schema"
import { Sku, Timestamp } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { CellId, Location, LotCode, SerialNumber } from "./Cell.ts"

export const SerialId = Schema.String.pipe(Schema.brand("SerialId"))
export type SerialId = typeof SerialId.Type

export const serialIdOf = (sku: Sku, serial: SerialNumber): SerialId =>
  `${sku}/${serial}` as SerialId

/** One tracked unit and where it is: in exactly one place at a time (L5). */
export const StockSerial = Schema.Struct({
  id: SerialId,
  sku: Sku,
  serial: SerialNumber,
  lot: Schema.optionalKey(LotCode),
  location: Location,
  /** The cell that it lies in, while its location is a bin. */
  cell: Schema.optionalKey(CellId),
  movedAt: Timestamp,
})
export type StockSerial = typeof StockSerial.Type

export const StockSerials = Collection.make("stock_serials", {
  schema: StockSerial,
  key: (unit) => unit.id,
  indexes: { sku: index("sku"), cell: index("cell") },
})
