import { defineListing, defineProduct, enterPartition, receiveStock } from "@oto-fulfilment/core"
import { Array as Arr, Clock, Effect } from "effect"
import type { StockPlan } from "../slice/stockPlan.ts"
import type { OpenShop, Premises } from "./openShops.ts"

const DAY = 86_400_000
/** Products that are defined at the same time. */
const AT_ONCE = 8
/** Lines of one delivery note. */
const NOTE_LINES = 100

/** Puts a shop's products into its catalogue, and onto its channel under the channel's own codes. */
export const defineCatalogue = Effect.fn("defineCatalogue")(function* (
  shop: OpenShop,
  { products }: StockPlan,
  onEach: () => void = () => {},
) {
  const asChannel = enterPartition(shop.channel, shop.merchant)
  yield* Effect.forEach(
    products,
    ({ sku, title, perishable }) =>
      Effect.gen(function* () {
        const tracking = { lot: true, expiry: perishable }
        yield* asChannel(defineProduct({ key: `product-${sku}`, sku, title, tracking }))
        const listing = { connection: shop.connection, channelSku: sku, sku }
        yield* asChannel(defineListing({ key: `listing-${sku}`, ...listing }))
        onEach()
      }),
    { concurrency: AT_ONCE, discard: true },
  )
})

/** Books a shop's goods into the warehouse, one delivery note after the other. */
export const receiveGoods = Effect.fn("receiveGoods")(function* (
  { floor, warehouse }: Premises,
  shop: OpenShop,
  { receipts }: StockPlan,
  onEach: () => void = () => {},
) {
  const now = yield* Clock.currentTimeMillis
  const lines = receipts.map(({ bin, pickSequence, expiresInDays, ...units }) => ({
    ...units,
    place: { warehouse, bin, pickSequence },
    ...(expiresInDays === undefined ? {} : { expiresAt: now + expiresInDays * DAY }),
  }))
  const onFloor = enterPartition(floor, shop.merchant)
  yield* Effect.forEach(Arr.chunksOf(lines, NOTE_LINES), (note, index) =>
    Effect.andThen(
      onFloor(receiveStock({ key: `receipt-${index}`, lines: note })),
      Effect.sync(() => {
        for (const _line of note) onEach()
      }),
    ),
  )
})
