import type { Backorder } from "../../order/index.ts"
import { partsOf } from "../stock/StockWorld.ts"
import { type OrderLedger, orderIn } from "./OrderLedger.ts"
import { type Beat, callsIn, isDone, law, type Witness } from "./OrderTrace.ts"

const PART = "stock that reaches a part of the queue"
const SWEEPS = "two that serve one queue at the same moment"
const BESIDE = "a queue that is served while its orders change"

const queue = law(
  "R2",
  "Queue: who waits for stock is served first come, first served, and nobody is promised more than came in",
  [PART, SWEEPS, BESIDE],
  {
    atChange: (step, see) => {
      for (const { id, uncommitted, onHand, committed } of step.after.pools)
        see.require(
          uncommitted >= 0 && committed + uncommitted <= onHand,
          () => `of ${onHand} units of ${id}, ${committed} are promised and ${uncommitted} are not`,
        )
    },
    atStep: (step, see) => {
      const fills = callsIn(step, "fillBackorders")
      const [fill] = fills
      if (fill === undefined) return
      const { warehouse, sku } = fill.input
      see.met(BESIDE, fills.length < step.calls.length && isDone(fill))
      const same = fills.every(({ input }) => input.warehouse === warehouse && input.sku === sku)
      if (same && fills.length === step.calls.length && fills.every(isDone))
        lookAtService(step, { warehouse, sku }, see)
    },
  },
)

/** What a queue's orders get, each in its turn, of what is there. */
const lookAtService = (
  { before, after, calls }: Beat,
  { warehouse, sku }: { readonly warehouse: string; readonly sku: string },
  see: Witness,
): void => {
  const waiting = before.backorders
    .filter((each) => each.warehouse === warehouse && each.sku === sku)
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  let left = reachOf(before, warehouse, sku)
  let served = 0
  for (const backorder of waiting) {
    const got = Math.min(left, backorder.quantity)
    left -= got
    served += got
    const still = after.backorders.find(({ id }) => id === backorder.id)?.quantity ?? 0
    see.require(
      backorder.quantity - still === got,
      () =>
        `${backorder.id} waited for ${backorder.quantity} units and waits for ${still}, where ${got} were in its turn`,
    )
  }
  const more = committedIn(after, waiting) - committedIn(before, waiting)
  see.require(more === served, () => `${served} units were served, and ${more} promised`)
  see.met(PART, served > 0 && left === 0)
  see.met(SWEEPS, calls.length > 1 && served > 0)
}

/** How many units of a SKU the stock of a warehouse reaches for. */
const reachOf = ({ pools }: OrderLedger, warehouse: string, sku: string): number =>
  Math.min(
    ...partsOf(sku).map(({ sku: part, quantity }) => {
      const pool = pools.find((each) => each.warehouse === warehouse && each.sku === part)
      return Math.floor((pool?.uncommitted ?? 0) / quantity)
    }),
  )

const committedIn = (books: OrderLedger, queued: ReadonlyArray<Backorder>): number => {
  const lines = new Set(queued.map(({ order, line }) => `${order} ${line}`))
  return [...new Set(queued.map(({ order }) => order))]
    .flatMap((id) =>
      (orderIn(books, id)?.lines ?? []).filter((line) => lines.has(`${id} ${line.id}`)),
    )
    .reduce((sum, { committed }) => sum + committed, 0)
}

/** R2: who waits for stock. */
export const queueLaws = [queue]
