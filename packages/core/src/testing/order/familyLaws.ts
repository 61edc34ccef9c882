import { canonical } from "../../command/index.ts"
import { BUCKETS, type Order } from "../../order/index.ts"
import { sumBy } from "../stock/StockLedger.ts"
import { type OrderLedger, orderIn } from "./OrderLedger.ts"
import { type Beat, type Call, isDone, law, onlyCall, type Witness } from "./OrderTrace.ts"

const PROMISED = "units with stock promised to them that leave for an order of their own"
const WAITING = "units that wait for stock and leave for an order of their own"
const HELD = "an order that is split while it is held"
const BACK = "an order that is as it was before it was split"
const SEVERAL = "an order that was split several times and is as it was"

const family = law(
  "O5",
  "Families: a split and a merge keep lines, quantities, totals, holds and promises, and a merge undoes a split",
  [PROMISED, WAITING, HELD, BACK, SEVERAL],
  {
    atChange: (step, see) => {
      const call = onlyCall(step)
      if (call === undefined || !isDone(call)) return
      if (call.operation === "splitOrder") lookAtSplit(step, call.input.order, see)
      else if (call.operation !== "mergeOrders") return
      for (const [what, sumsOf] of Object.entries(SUMS))
        see.same(what, sumsOf(step.after), sumsOf(step.before))
      see.require(
        canonical(step.before.pools) === canonical(step.after.pools),
        () => `${call.operation} changed the stock`,
      )
    },
    atEnd: ({ beats }, see) => lookAtReturns(beats, see),
  },
)

/** What orders have together, whichever of a family has it. */
const SUMS: { readonly [what: string]: (books: OrderLedger) => ReadonlyMap<string, number> } = {
  units: ({ orders }) =>
    sumBy(
      orders.flatMap(({ lines }) =>
        lines.flatMap((line) =>
          [...BUCKETS, "ordered" as const].map((bucket) => ({
            name: `${line.sku} of line ${line.id} ${bucket}`,
            units: line.buckets[bucket],
          })),
        ),
      ),
      ({ name }) => name,
      ({ units }) => units,
    ),
  totals: ({ orders }) =>
    sumBy(
      orders.flatMap(({ lines }) => lines),
      ({ id, sku }) => `${sku} of line ${id}`,
      ({ total }) => Number(total.minor),
    ),
  promises: ({ commitments }) =>
    sumBy(
      commitments,
      ({ line, pool, state, createdAt }) => `${pool} for line ${line}, ${state} since ${createdAt}`,
      ({ quantity }) => quantity,
    ),
  places: ({ backorders }) =>
    sumBy(
      backorders,
      ({ line, sku, kind, createdAt }) => `${sku} for line ${line}, ${kind} since ${createdAt}`,
      ({ quantity }) => quantity,
    ),
}

/** A child has of its parent what is not in lines. */
const lookAtSplit = ({ before, after }: Beat, id: string, see: Witness): void => {
  const parent = orderIn(before, id)
  const children = after.orders.filter((order) => orderIn(before, order.id) === undefined)
  see.require(children.length === 1, () => `a split made ${children.length} orders`)
  for (const child of children) {
    see.require(
      child.splitFrom === id && inheritance(child) === inheritance(parent),
      () => `the child of ${id} has ${inheritance(child)}`,
    )
    see.met(
      PROMISED,
      child.lines.some(({ committed }) => committed > 0),
    )
    see.met(
      WAITING,
      child.lines.some(({ buckets }) => buckets.backordered > 0),
    )
    see.met(HELD, child.holds.length > 0)
  }
}

const inheritance = (order: Order | undefined): string =>
  canonical([order?.holds, order?.state, order?.payment, order?.country, order?.connection])

/** An order with the children that it had at an earlier moment is as it was then, if it was only split and merged since. */
const lookAtReturns = (beats: ReadonlyArray<Beat>, see: Witness): void => {
  let start = 0
  for (const [place, step] of beats.entries()) {
    const call = onlyCall(step)
    const done = call !== undefined && isDone(call) ? call.operation : undefined
    if (done === "mergeOrders") lookAtMerge(beats.slice(start, place + 1), call, see)
    else if (step.before !== step.after && done !== "splitOrder") start = place + 1
  }
}

/** @param since what happened since anything but a split or a merge, up to the merge */
const lookAtMerge = (since: ReadonlyArray<Beat>, call: Call | undefined, see: Witness): void => {
  const last = since.at(-1)
  if (call?.operation !== "mergeOrders" || last === undefined) return
  const is = orderIn(last.after, call.input.order)
  const whole = since.find(
    ({ before }) =>
      canonical(orderIn(before, call.input.order)?.children) === canonical(is?.children),
  )
  if (whole === undefined) return
  const was = orderIn(whole.before, call.input.order)
  see.require(
    canonical(was) === canonical(is),
    () => `split and merged, the order is ${canonical(is)}, and was ${canonical(was)}`,
  )
  see.met(BACK)
  const splits = since.filter((beat) => onlyCall(beat)?.operation === "splitOrder")
  see.met(SEVERAL, is?.children.length === 0 && splits.length > 1)
}

/** O5: orders that are made of orders. */
export const familyLaws = [family]
