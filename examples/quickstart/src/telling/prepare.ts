import { Effect } from "effect"
import { type StockPlan, stockPlan } from "../slice/stockPlan.ts"
import type { SoldOrder } from "../slice/toOrders.ts"
import { type OpenShop, openShops } from "../story/openShops.ts"
import { defineCatalogue, receiveGoods } from "../story/stockShelves.ts"
import { chapter } from "./chapter.ts"
import { inFull } from "./table.ts"

/** Before the first order: merchants are open, their products known, their goods on the shelf. */
export const prepare = Effect.fn("prepare")(function* (orders: ReadonlyArray<SoldOrder>) {
  const premises = yield* chapter(
    "open",
    { label: "merchants", total: 2 },
    openShops,
    ({ shops }) =>
      `one operator with one warehouse; merchants: ${shops.map(({ name }) => name).join(", ")}`,
  )
  const plans = premises.shops.map((shop) => ({
    shop,
    plan: stockPlan(orders.filter((order) => order.shop === shop.shop)),
  }))
  const forEachShop = <A, E, R>(
    work: (shop: OpenShop, plan: StockPlan) => Effect.Effect<A, E, R>,
  ) => Effect.forEach(plans, ({ shop, plan }) => work(shop, plan), { discard: true })

  const products = plans.reduce((sum, { plan }) => sum + plan.products.length, 0)
  yield* chapter(
    "catalogue",
    { label: "products", total: products },
    (onEach) => forEachShop((shop, plan) => defineCatalogue(shop, plan, onEach)),
    () => `${inFull(products)} products, each of them listed on its merchant's channel`,
  )

  const receipts = plans.flatMap(({ plan }) => plan.receipts)
  const units = receipts.reduce((sum, { quantity }) => sum + quantity, 0)
  yield* chapter(
    "receive",
    { label: "receipts", total: receipts.length },
    (onEach) => forEachShop((shop, plan) => receiveGoods(premises, shop, plan, onEach)),
    () => `${inFull(units)} units into ${inFull(receipts.length)} cells of bins and lots`,
  )
  return premises
})
