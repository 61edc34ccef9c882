import {
  enterPartition,
  type StockFigures as Figures,
  quantitiesOf,
  StockBalances,
  StockPools,
  Store,
} from "@oto-fulfilment/core"
import { Effect, Stream } from "effect"
import type { OpenShop } from "./openShops.ts"

/** Units, by the names of the domain. */
export type StockFigures = { readonly [Figure in keyof Figures]: number }

/**
 * What a shop has of everything: the sums over its pools, and over its cells for what is pinned. `readStock` tells
 * this of one SKU at a time; of all of them, the records are read page after page.
 */
export const stockFigures = Effect.fn("stockFigures")(function* (shop: OpenShop) {
  const inShop = enterPartition(shop.owner, shop.merchant)
  const pools = yield* inShop(Stream.runFold(everyPool, () => NOTHING, plus))
  const allocated = yield* inShop(
    Stream.runFold(
      everyCell,
      () => 0,
      (units, cell) => units + cell.allocated,
    ),
  )
  return { ...pools, allocated }
})

const NOTHING: StockFigures = {
  onHand: 0,
  unsellable: 0,
  sellable: 0,
  committed: 0,
  available: 0,
  shortfall: 0,
  allocated: 0,
}

const everyPool = Stream.unwrap(
  Effect.map(Store, (store) =>
    Stream.map(store.scan(StockPools), ({ value }) => quantitiesOf(value)),
  ),
)

const everyCell = Stream.unwrap(
  Effect.map(Store, (store) => Stream.map(store.scan(StockBalances), ({ value }) => value)),
)

const plus = (sum: StockFigures, pool: Omit<StockFigures, "allocated">): StockFigures => ({
  onHand: sum.onHand + pool.onHand,
  unsellable: sum.unsellable + pool.unsellable,
  sellable: sum.sellable + pool.sellable,
  committed: sum.committed + pool.committed,
  available: sum.available + pool.available,
  shortfall: sum.shortfall + pool.shortfall,
  allocated: sum.allocated,
})
