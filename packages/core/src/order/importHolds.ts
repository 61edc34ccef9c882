import type { Timestamp } from "../kernel/index.ts"
import { type Hold, type HoldReason, IMPORT_SOURCE, isSameHold, joinHolds } from "./Hold.ts"
import type { Order } from "./Order.ts"
import type { OrderSettings } from "./OrderSettings.ts"

/**
 * The order with the holds that its import sets and lifts by itself: `stock` while the SKU of a line is unknown,
 * `payment` while the channel says that payment is pending. `client` says that the channel wanted what could not be
 * done any more; it stays until somebody lifts it.
 *
 * @param refused whether a part of the newest snapshot was refused
 */
export const withImportHolds = (
  order: Order,
  {
    settings,
    at,
  }: { readonly settings: Pick<OrderSettings, "holdUnpaid">; readonly at: Timestamp },
  refused = false,
): Order => {
  const holds: Array<Hold> = []
  const hold = (code: Hold["code"], reason: string) => {
    const made: Hold = {
      code,
      source: IMPORT_SOURCE,
      reason: reason as HoldReason,
      heldAt: at,
    }
    holds.push(order.holds.find((each) => isSameHold(each, made)) ?? made)
  }
  if (order.lines.some(({ sku }) => sku === undefined)) hold("stock", "unknown_sku")
  if (order.payment === "pending" && settings.holdUnpaid) hold("payment", "payment_pending")
  if (refused) hold("client", "amendment_refused")
  const others = order.holds.filter(
    ({ code, source }) => source !== IMPORT_SOURCE || code === "client",
  )
  return { ...order, holds: joinHolds(others, holds) }
}
