import {
  type Cursor,
  enterPartition,
  findProducts,
  MAX_PAGE,
  readStock,
  type StockReport,
} from "@oto-fulfilment/core"
import { Effect, Option, Stream } from "effect"
import type { OpenShop } from "./openShops.ts"

/** Units, by the names of the domain. */
export type StockFigures = { readonly [Figure in keyof StockReport["total"]]: number }

/** What a shop has of everything: the sums over its products. */
export const stockFigures = Effect.fn("stockFigures")(function* (shop: OpenShop) {
  const asOwner = enterPartition(shop.owner, shop.merchant)
  const products = yield* Stream.paginate(undefined as Cursor | undefined, (after) =>
    Effect.map(
      asOwner(findProducts({ limit: MAX_PAGE, ...(after === undefined ? {} : { after }) })),
      ({ items, next }) => [items, Option.fromUndefinedOr(next)],
    ),
  ).pipe(Stream.runCollect)
  const reports = yield* Effect.forEach(products, ({ sku }) => asOwner(readStock({ sku })))
  const sum = (figure: keyof StockFigures) =>
    reports.reduce((units, { total }) => units + total[figure], 0)
  return {
    onHand: sum("onHand"),
    unsellable: sum("unsellable"),
    sellable: sum("sellable"),
    committed: sum("committed"),
    allocated: sum("allocated"),
    available: sum("available"),
    shortfall: sum("shortfall"),
  }
})
