import { Effect } from "effect"
import type { Delivery } from "../slice/toDeliveries.ts"
import { importOrders } from "../story/importOrders.ts"
import type { Premises } from "../story/openShops.ts"
import { orderedUnits, serveOrders } from "../story/serveOrders.ts"
import { chapter } from "./chapter.ts"
import { inFull } from "./table.ts"

/** The orders of both merchants on their way through the warehouse: import, commit, release, allocate. */
export const serve = Effect.fn("serve")(function* (
  premises: Premises,
  deliveries: ReadonlyArray<Delivery>,
) {
  yield* chapter(
    "import",
    { label: "deliveries", total: deliveries.length },
    (onEach) => importOrders(premises, deliveries, "first", onEach),
    () => `${inFull(deliveries.length)} deliveries: orders, changes of orders, cancellations`,
  )
  const orders = new Set(deliveries.map(({ externalId }) => externalId)).size
  const cancelled = deliveries.filter(({ kind }) => kind === "cancellation").length
  const counting = { label: "orders", total: orders - cancelled }
  const servedAndUnits = (name: "commit" | "allocate", onEach: () => void) =>
    Effect.all([serveOrders(premises, name, onEach), orderedUnits(premises)])

  yield* chapter(
    "commit",
    counting,
    (onEach) => servedAndUnits("commit", onEach),
    ([served, { committed, backordered }]) =>
      `${inFull(committed)} units promised to ${inFull(served)} orders, ${inFull(backordered)} wait for stock`,
  )
  yield* chapter(
    "release",
    counting,
    (onEach) => serveOrders(premises, "release", onEach),
    (served) => `${inFull(served)} orders given to the warehouse`,
  )
  yield* chapter(
    "allocate",
    counting,
    (onEach) => servedAndUnits("allocate", onEach),
    ([, { allocated }]) =>
      `${inFull(allocated)} units pinned to bins and lots, first expired first out`,
  )
})
