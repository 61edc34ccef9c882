import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { WarehouseId } from "../inventory/index.ts"
import { Quantity, Sku, Timestamp, Uuid } from "../kernel/index.ts"
import {
  Collection,
  type CurrentPartition,
  type Entry,
  index,
  readEveryPage,
  remove,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { OrderId } from "./Order.ts"
import { LineId } from "./OrderLine.ts"

export const BackorderId = Uuid.pipe(Schema.brand("BackorderId"))
export type BackorderId = typeof BackorderId.Type

/**
 * Demand that was accepted with no stock behind it: a record of its own, never a negative quantity (domain 1.3).
 * It is there while units wait; it shrinks as they are filled or cancelled, and goes with the last one.
 */
export const Backorder = Schema.Struct({
  id: BackorderId,
  order: OrderId,
  line: LineId,
  /** A product or a virtual kit. */
  sku: Sku,
  warehouse: WarehouseId,
  quantity: Quantity,
  /** `preorder`: ordered before its release date. */
  kind: Schema.Literals(["backorder", "preorder"]),
  /** The release date: before it nothing is promised, whatever is in stock. */
  availableFrom: Schema.optionalKey(Timestamp),
  /** Its place in the queue: first come, first served. */
  createdAt: Timestamp,
})
export type Backorder = typeof Backorder.Type

export const Backorders = Collection.make("backorders", {
  schema: Backorder,
  key: (backorder) => backorder.id,
  indexes: {
    queue: index("warehouse", "sku", "createdAt"),
    order: index("order", "line", "createdAt"),
  },
})

/** The backorders of an order, by line and age. */
export const findBackorders = (
  order: OrderId,
): Effect.Effect<ReadonlyArray<Stored<Backorder>>, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    readEveryPage((after) =>
      store.find(Backorders, "order", { equals: { order }, after, limit: 1000 }),
    ),
  )

/** The backorder without some of its units; it goes when none is left. */
export const takeFrom = (backorder: Stored<Backorder>, units: number): Entry =>
  units === backorder.value.quantity
    ? remove(backorder)
    : replace(backorder, {
        ...backorder.value,
        quantity: (backorder.value.quantity - units) as Quantity,
      })

/**
 * Takes units out of a line's backorders, the newest first: who waited longest keeps the place in the queue. More
 * than wait is a defect of the caller.
 */
export const takeBackordered = (
  backorders: ReadonlyArray<Stored<Backorder>>,
  line: LineId,
  units: number,
): ReadonlyArray<{ readonly backorder: Stored<Backorder>; readonly units: number }> => {
  const takes: Array<{ readonly backorder: Stored<Backorder>; readonly units: number }> = []
  let left = units
  for (const backorder of backorders.filter(({ value }) => value.line === line).toReversed()) {
    if (left === 0) break
    const step = Math.min(left, backorder.value.quantity)
    takes.push({ backorder, units: step })
    left -= step
  }
  if (left > 0) throw new RangeError(`line ${line}: ${left} backordered units have no backorder`)
  return takes
}
