import {
  type Cursor,
  enterPartition,
  findOrders,
  OrderState,
  type OrderView,
} from "@oto-fulfilment/core"
import { Effect, Option, Stream } from "effect"
import type { OpenShop } from "./openShops.ts"

const PAGE = 100

/** All orders of a shop, state after state, page after page, each with its derived status. */
export const everyOrder = (shop: Pick<OpenShop, "owner" | "merchant">) =>
  Stream.fromIterable(OrderState.literals).pipe(
    Stream.flatMap((state) => ordersIn(shop, state)),
    Stream.runCollect,
  )

const ordersIn = (shop: Pick<OpenShop, "owner" | "merchant">, state: OrderState) =>
  Stream.paginate(undefined as Cursor | undefined, (after) =>
    Effect.map(
      findOrders({ state, by: "orderedAt", limit: PAGE, ...(after !== undefined && { after }) }),
      ({ orders, next }): readonly [ReadonlyArray<OrderView>, Option.Option<Cursor>] => [
        orders,
        Option.fromUndefinedOr(next),
      ],
    ).pipe(enterPartition(shop.owner, shop.merchant)),
  )
