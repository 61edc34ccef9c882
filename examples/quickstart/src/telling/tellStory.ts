import { Console, Effect } from "effect"
import type { InvoiceLine } from "../slice/readSlice.ts"
import { toDeliveries } from "../slice/toDeliveries.ts"
import { toOrders } from "../slice/toOrders.ts"
import { stockFigures } from "../story/stockFigures.ts"
import { leftOutTable, ordersTable, stockTable } from "./account.ts"
import { challenge } from "./challenge.ts"
import { forget } from "./forget.ts"
import { prepare } from "./prepare.ts"
import { serve } from "./serve.ts"
import { inFull } from "./table.ts"

/** The whole demo: busy days of a shop, what is tried against them, and the account at the end. */
export const tellStory = Effect.fn("tellStory")(function* (rows: ReadonlyArray<InvoiceLine>) {
  const { orders, leftOut } = toOrders(rows)
  const lines = orders.reduce((sum, order) => sum + order.lines.length, 0)
  yield* Console.log(
    `\n${inFull(rows.length)} invoice lines of a gift retailer: ${inFull(orders.length)} orders with ${inFull(lines)} lines\n`,
  )
  const deliveries = toDeliveries(orders)

  const premises = yield* prepare(orders)
  const received = yield* Effect.forEach(premises.shops, stockFigures)
  yield* serve(premises, deliveries)
  yield* challenge(premises, deliveries)
  yield* forget(premises)
  const now = yield* Effect.forEach(premises.shops, stockFigures)

  const names = premises.shops.map(({ name }) => name)
  yield* Console.log(`\n${yield* ordersTable(premises)}`)
  yield* Console.log(`\n${stockTable(names, { received, now })}`)
  yield* Console.log(`\n${leftOutTable(leftOut)}\n`)
})
