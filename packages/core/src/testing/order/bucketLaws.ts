import type { Bucket, Order, OrderLine } from "../../order/index.ts"
import { BUCKETS } from "../../order/index.ts"
import { sumBy } from "../stock/StockLedger.ts"
import { partsOf } from "../stock/StockWorld.ts"
import { AT_CELLS, type OrderLedger, orderIn, TO_LEAVE, unitsOf } from "./OrderLedger.ts"
import { type Beat, isDone, law, onlyCall, type Witness } from "./OrderTrace.ts"

const MOVED = "units that move from one bucket to another"
const DROPPED = "units that are cancelled"
const AT_ONCE = "several act on orders at the same moment"

const buckets = law(
  "O2",
  "Buckets: each unit of a line is in exactly one bucket, whatever is done, and moves where the event says",
  [MOVED, DROPPED, AT_ONCE],
  {
    atChange: (step, see) => {
      for (const order of step.after.orders)
        for (const line of order.lines) lookAtBalance(order, line, see)
      lookAtMove(step, see)
      see.met(
        AT_ONCE,
        step.calls.filter(({ operation }) => operation !== "receiveStock").length > 1,
      )
    },
    atEnd: ({ damage }, see) =>
      see.require(damage === undefined, () => `a record is not what it may be: ${damage}`),
  },
)

const lookAtBalance = ({ id }: Order, line: OrderLine, see: Witness): void => {
  const { ordered, returned, shipped } = line.buckets
  const told = () => `line ${line.id} of ${id} has ${JSON.stringify(line.buckets)}`
  see.require(unitsOf(line) === ordered && returned <= shipped, told)
  see.require(
    Object.values(line.buckets).every((units) => units >= 0),
    told,
  )
}

/** Where an event takes the units that it names, and out of which buckets. */
const MOVES: {
  readonly [operation: string]: readonly [from: ReadonlyArray<Bucket>, to: Bucket]
} = {
  recordPick: [["allocated"], "picked"],
  recordPack: [["picked"], "packed"],
  dispatchOrder: [AT_CELLS, "shipped"],
  cancelOrder: [TO_LEAVE, "cancelled"],
}

/** An event that is all that happened moved the units that it named, and no other unit of its order. */
const lookAtMove = (step: Beat, see: Witness): void => {
  const call = onlyCall(step)
  const move = call && MOVES[call.operation]
  if (call === undefined || move === undefined || !isDone(call)) return
  const { order: id, lines } = call.input as {
    readonly order: string
    readonly lines?: ReadonlyArray<{ readonly line: string; readonly quantity: number }>
  }
  const [from, to] = move
  for (const was of orderIn(step.before, id)?.lines ?? []) {
    const is = orderIn(step.after, id)?.lines.find((line) => line.id === was.id)
    const all = unitsOf(was, from)
    const named = lines?.find(({ line }) => line === was.id)?.quantity ?? 0
    const wanted = lines === undefined ? all : named
    const rest: ReadonlyArray<Bucket> = BUCKETS.filter(
      (bucket) => bucket !== to && !from.includes(bucket),
    )
    see.require(
      is !== undefined &&
        is.buckets[to] - was.buckets[to] === wanted &&
        all - unitsOf(is, from) === wanted &&
        rest.every((bucket) => is.buckets[bucket] === was.buckets[bucket]),
      () =>
        `${call.operation} of ${wanted} units led from ${JSON.stringify(was.buckets)} to ${JSON.stringify(is?.buckets)}`,
    )
    see.met(to === "cancelled" ? DROPPED : MOVED, wanted > 0)
  }
}

const PROMISED = "orders with stock promised to them"
const PINNED = "orders with units pinned to cells"
const WAITING = "orders that wait for stock"
const KITS = "kits promised to orders"

const promises = law(
  "R1",
  "Promises: each line has the commitments, allocations and backorders that it says, and nobody else has any",
  [PROMISED, PINNED, WAITING, KITS],
  { atChange: ({ after }, see) => lookAtPromises(after, see) },
)

const lookAtPromises = (books: OrderLedger, see: Witness): void => {
  const { orders } = books
  const lines = orders.flatMap((order) => order.lines.map((line) => ({ order, line })))
  // What a line's units are in units of products; a kit in units of each component.
  const inParts = (unitsIn: (line: OrderLine) => number) =>
    sumBy(
      lines.flatMap(({ order, line }) =>
        partsOf(line.sku ?? "").map(({ sku, quantity }) => ({
          name: `${order.id} ${line.id} ${sku}`,
          units: quantity * unitsIn(line),
        })),
      ),
      ({ name }) => name,
      ({ units }) => units,
    )
  const sumOf = (
    records: ReadonlyArray<{
      readonly documentId: string
      readonly line: string
      readonly sku: string
      readonly quantity: number
    }>,
  ) =>
    sumBy(
      records,
      ({ documentId, line, sku }) => `${documentId} ${line} ${sku}`,
      ({ quantity }) => quantity,
    )
  const pending = books.commitments.filter(({ state }) => state === "pending")
  const live = books.allocations.filter(({ state }) => state === "live")
  see.same(
    "committed to",
    sumOf(pending),
    inParts(({ committed }) => committed),
  )
  see.same(
    "pinned for",
    sumOf(live),
    inParts((line) => unitsOf(line, AT_CELLS)),
  )
  see.same(
    "waiting for",
    sumBy(
      books.backorders,
      ({ order, line }) => `${order} ${line}`,
      ({ quantity }) => quantity,
    ),
    sumBy(
      lines,
      ({ order, line }) => `${order.id} ${line.id}`,
      ({ line }) => line.buckets.backordered,
    ),
  )
  see.met(PROMISED, pending.length > 0)
  see.met(PINNED, live.length > 0)
  see.met(WAITING, books.backorders.length > 0)
  see.met(
    KITS,
    pending.some(({ kit }) => kit !== undefined),
  )
}

/** O2 and R1: where the units of orders are, and what stands behind them. */
export const bucketLaws = [buckets, promises]
