import {
  dispatchOrder,
  enterPartition,
  fetchBuyer,
  nextId,
  type OrderId,
  recordPack,
  recordPick,
  revealForLabel,
  Uuid,
} from "@oto-fulfilment/core"
import { Effect, Redacted } from "effect"
import { everyOrder } from "./everyOrder.ts"
import type { OpenShop, Premises } from "./openShops.ts"

const freshKey = nextId(Uuid)

/** The orders of a shop that are with the warehouse and have something pinned for them. */
export const sendable = (shop: OpenShop) =>
  Effect.map(everyOrder(shop), (views) =>
    views.flatMap(({ order }) => {
      const pinned = order.lines.some(
        ({ buckets }) => buckets.allocated + buckets.picked + buckets.packed > 0,
      )
      return order.state === "processing" && pinned ? [order.id] : []
    }),
  )

/** Fetches the buyers of all orders that the warehouse has, from their channels: sealed at once. */
export const fetchBuyers = Effect.fn("fetchBuyers")(function* (
  { floor, shops }: Premises,
  onEach: () => void = () => {},
) {
  let fetched = 0
  for (const shop of shops)
    for (const order of yield* sendable(shop)) {
      yield* enterPartition(
        floor,
        shop.merchant,
      )(Effect.flatMap(freshKey, (key) => fetchBuyer({ key, order })))
      fetched += 1
      onEach()
    }
  return fetched
})

/** Picks and packs what one order has, and shows its buyer as a label wants it, and as everything else sees it. */
export const packOne = Effect.fn("packOne")(function* ({ floor }: Premises, shop: OpenShop) {
  const [order] = yield* sendable(shop)
  if (order === undefined) return yield* Effect.die(new Error("an order is needed"))
  const views = yield* everyOrder(shop)
  const found = views.find((view) => view.order.id === order)
  const lines = (found?.order.lines ?? []).flatMap(({ id, buckets }) =>
    buckets.allocated > 0 ? [{ line: id as string, quantity: buckets.allocated as number }] : [],
  ) as [{ line: string; quantity: number }]
  const onFloor = enterPartition(floor, shop.merchant)
  yield* onFloor(Effect.flatMap(freshKey, (key) => recordPick({ key, order, lines })))
  yield* onFloor(Effect.flatMap(freshKey, (key) => recordPack({ key, order, lines })))
  const label = yield* enterPartition(shop.owner, shop.merchant)(revealForLabel({ order }))
  return { order, onLabel: Redacted.value(label.name), elsewhere: String(label.name) }
})

/** Sends everything that is pinned. Large orders leave in several parts. */
export const dispatchAll = Effect.fn("dispatchAll")(function* (
  { floor, shops }: Premises,
  onEach: () => void = () => {},
) {
  let completed = 0
  for (const shop of shops)
    for (const order of yield* sendable(shop)) {
      const state = yield* enterPartition(floor, shop.merchant)(dispatchWhole(order))
      if (state === "completed") completed += 1
      onEach()
    }
  return completed
})

const dispatchWhole = Effect.fnUntraced(function* (order: OrderId) {
  for (;;) {
    const { state, linesLeft } = yield* dispatchOrder({ key: yield* freshKey, order })
    if (linesLeft === 0) return state
  }
})
