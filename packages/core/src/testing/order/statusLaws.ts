import { canonical } from "../../command/index.ts"
import {
  BUCKETS,
  type FulfilmentStatus,
  type Order,
  type OrderStatus,
  type OrderSummary,
} from "../../order/index.ts"
import { orderIn, TO_LEAVE } from "./OrderLedger.ts"
import { law } from "./OrderTrace.ts"

const ON_THE_WAY = "an order on its way"
const HELD = "an order that is held"
const OVER = "an order of which nothing is left"

const status = law(
  "O6",
  "Status: what is said of an order is a function of its lines and holds alone, whenever it is worked out",
  [ON_THE_WAY, HELD, OVER],
  {
    atEnd: ({ beats, views }, see) => {
      for (const { order, status: said } of views) {
        const meant = canonical(statusFrom(order))
        see.require(
          canonical(said) === meant,
          () => `${order.id} is said to be ${canonical(said)}, and is ${meant}`,
        )
        see.met(ON_THE_WAY, said.fulfilment !== "unfulfilled")
        see.met(HELD, said.summary === "held")
        see.met(OVER, said.summary === "shipped" || said.summary === "cancelled")
        const last = beats.at(-1)
        const stored = last && orderIn(last.after, order.id)
        see.require(
          canonical(stored) === canonical(order),
          () => `${order.id} is not what is read of it`,
        )
      }
    },
  },
)

type Units = { readonly [bucket in (typeof BUCKETS)[number] | "returned"]: number }
type Rows<A> = ReadonlyArray<readonly [A, boolean]>

const firstOf = <A>(rows: Rows<A>): A => {
  const found = rows.find(([, applies]) => applies)
  if (found === undefined) throw new TypeError("the last row applies always")
  return found[0]
}

/** The status that lines and holds come to (domain 2.1). Written anew here: the first row that applies. */
const statusFrom = ({ lines, holds }: Order): OrderStatus => {
  const units = Object.fromEntries(
    [...BUCKETS, "returned" as const].map((bucket) => [
      bucket,
      lines.reduce((sum, { buckets }) => sum + buckets[bucket], 0),
    ]),
  ) as Units
  const left = TO_LEAVE.reduce((sum, bucket) => sum + units[bucket], 0)
  const committed = lines.reduce((sum, line) => sum + line.committed, 0)
  const fulfilment = firstOf<FulfilmentStatus>([
    ["shipped", units.shipped > 0 && left === 0],
    ["partially_shipped", units.shipped > 0],
    ["in_progress", units.picked > 0 || units.packed > 0],
    ["allocated", units.allocated > 0 && left === units.allocated],
    ["partially_allocated", units.allocated > 0],
    ["unfulfilled", true],
  ])
  return {
    fulfilment,
    returns: firstOf([
      ["none", units.returned === 0],
      ["returned", units.returned === units.shipped],
      ["part_returned", true],
    ]),
    summary: firstOf<OrderSummary>([
      ["cancelled", left + units.shipped === 0],
      ["shipped", left === 0],
      ["held", holds.length > 0],
      ["partially_shipped", units.shipped > 0],
      ["in_progress", units.picked > 0 || units.packed > 0],
      ["allocated", left === units.allocated],
      ["awaiting_stock", committed < units.open + units.allocated],
      ["backordered", units.backordered > 0],
      ["committed", true],
    ]),
  }
}

/** O6: what is said of an order. */
export const statusLaws = [status]
