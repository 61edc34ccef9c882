import * as Effect from "effect/Effect"
import type { CurrentPartition, Store, StoreUnavailable } from "../store/index.ts"
import { candidatesFor, chooseWarehouses, type UnservedLine } from "./chooseWarehouses.ts"
import { mapLines, type Order } from "./Order.ts"
import { activeUnits } from "./OrderLine.ts"
import type { OrderSettings } from "./OrderSettings.ts"
import { NoWarehouse } from "./orderErrors.ts"
import { readAvailability } from "./readAvailability.ts"

/** The order with a warehouse for each line of a known SKU that has units to leave. Lines that have one keep it. */
export const brokerLines = Effect.fnUntraced(function* (
  order: Order,
  settings: OrderSettings,
): Effect.fn.Return<Order, NoWarehouse | StoreUnavailable, Store | CurrentPartition> {
  const lines = order.lines.flatMap((line): ReadonlyArray<UnservedLine> => {
    const quantity = activeUnits(line)
    return line.warehouse !== undefined || line.sku === undefined || quantity === 0
      ? []
      : [{ id: line.id, sku: line.sku, quantity }]
  })
  if (lines.length === 0) return order
  const skus = [...new Set(lines.map(({ sku }) => sku))]
  const candidates = new Set(skus.flatMap((sku) => candidatesFor(sku, order, settings)))
  const available = yield* readAvailability([...candidates], skus)
  const { warehouses, unserved } = chooseWarehouses(lines, order, settings, available)
  if (unserved.length > 0) return yield* new NoWarehouse({ lines: unserved })
  return mapLines(order, (line) => {
    const warehouse = warehouses.get(line.id)
    return warehouse === undefined ? line : { ...line, warehouse }
  })
})
