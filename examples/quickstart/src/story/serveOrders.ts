import {
  allocateOrders,
  commitOrders,
  enterPartition,
  releaseOrders,
  type StepOptions,
  type StepSummary,
} from "@oto-fulfilment/core"
import { Effect } from "effect"
import { everyOrder } from "./everyOrder.ts"
import type { Premises } from "./openShops.ts"

/** The steps of an order's way that the engine has so far, each of them for all orders of a merchant. */
const STEPS = { commit: commitOrders, release: releaseOrders, allocate: allocateOrders }

/** Does one step for the orders of every merchant, the oldest first. Returns how many orders took it. */
export const serveOrders = Effect.fn("serveOrders")(function* (
  { floor, shops }: Premises,
  name: keyof typeof STEPS,
  onEach: () => void = () => {},
) {
  // One at a time: who came first is served first.
  const options: StepOptions = { concurrency: 1, onOutcome: onEach }
  const summaries: ReadonlyArray<StepSummary> = yield* Effect.forEach(shops, ({ merchant }) =>
    enterPartition(floor, merchant)(STEPS[name](options)),
  )
  return summaries.reduce((sum, { served }) => sum + served, 0)
})

/** The units of all orders that are promised, that wait for stock, and that are pinned to cells. */
export const orderedUnits = Effect.fn("orderedUnits")(function* ({ shops }: Premises) {
  const views = (yield* Effect.forEach(shops, everyOrder)).flat()
  const lines = views.flatMap(({ order }) => order.lines)
  return {
    committed: lines.reduce((sum, { committed }) => sum + committed, 0),
    backordered: lines.reduce((sum, { buckets }) => sum + buckets.backordered, 0),
    allocated: lines.reduce((sum, { buckets }) => sum + buckets.allocated, 0),
  }
})
