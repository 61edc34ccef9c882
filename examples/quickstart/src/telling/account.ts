import type { OrderSummary } from "@oto-fulfilment/core"
import { Effect } from "effect"
import type { LeftOut } from "../slice/toOrders.ts"
import { everyOrder } from "../story/everyOrder.ts"
import type { Premises } from "../story/openShops.ts"
import type { StockFigures } from "../story/stockFigures.ts"
import { table } from "./table.ts"

const SUMMARIES = [
  "allocated",
  "committed",
  "awaiting_stock",
  "backordered",
  "held",
  "cancelled",
] as const satisfies ReadonlyArray<OrderSummary>

/** How many orders and lines each merchant has, and how many orders of each status that occurs. */
export const ordersTable = Effect.fn("ordersTable")(function* ({ shops }: Premises) {
  const merchants = yield* Effect.forEach(shops, ({ name, ...shop }) =>
    Effect.map(everyOrder(shop), (orders) => ({
      name,
      orders: orders.length,
      lines: orders.reduce((sum, { order }) => sum + order.lines.length, 0),
      statuses: Map.groupBy(orders, ({ status }) => status.summary),
    })),
  )
  const occurring = SUMMARIES.filter((summary) =>
    merchants.some(({ statuses }) => statuses.has(summary)),
  )
  return table([
    ["Orders", "orders", "lines", ...occurring.map((each) => each.replace("_", " "))],
    ...merchants.map(({ name, orders, lines, statuses }) => [
      name,
      orders,
      lines,
      ...occurring.map((summary) => statuses.get(summary)?.length ?? 0),
    ]),
  ])
})

const FIGURES = [
  ["on hand", "onHand"],
  ["unsellable", "unsellable"],
  ["committed", "committed"],
  ["allocated", "allocated"],
  ["available", "available"],
] as const satisfies ReadonlyArray<readonly [string, keyof StockFigures]>

/** The units that each merchant has, at several times. */
export const stockTable = (
  names: ReadonlyArray<string>,
  times: { readonly [when: string]: ReadonlyArray<StockFigures> },
): string =>
  table([
    ["Stock", ...FIGURES.map(([heading]) => heading)],
    ...names.flatMap((name, merchant) =>
      Object.entries(times).map(([when, figures]) => [
        `${name}, ${when}`,
        ...FIGURES.map(([, figure]) => figures[merchant]?.[figure] ?? 0),
      ]),
    ),
  ])

/** Which rows of the data set are in no order, and why. */
export const leftOutTable = (leftOut: ReadonlyArray<LeftOut>): string =>
  table([
    ["Rows that are in no order", "rows"],
    ...[...Map.groupBy(leftOut, ({ reason }) => reason)].map(([reason, rows]) => [
      reason,
      rows.length,
    ]),
  ])
