import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { type ChannelSku, lookUpKits, lookUpProducts } from "../catalogue/index.ts"
import { type InvalidInput, invalidField, unchanged } from "../command/index.ts"
import { message } from "../integration/index.ts"
import { stockCommand } from "../inventory/index.ts"
import { Money, Quantity, Sku, type Units } from "../kernel/index.ts"
import { AMENDABLE, newLine } from "./fitLine.ts"
import { freeUnits, putBackOf } from "./freeUnits.ts"
import { gatherUnits, moveUnits, orderUnits, unitsIn } from "./lineBuckets.ts"
import { loadPromised } from "./loadPromised.ts"
import { mapLines, type Order, OrderId, OrderState } from "./Order.ts"
import { LineId, type OrderLine, withBuckets } from "./OrderLine.ts"
import { UnitsMissing } from "./orderErrors.ts"
import { aboutOrder, OrderAmended } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"
import { settleOrders } from "./settleOrders.ts"
import { LineUnits, lineOnce } from "./takeUnits.ts"

/** A line to be set to a number of units: those that have been shipped count, cancelled ones do not. */
const NewQuantity = LineUnits

/** A line that comes to the order. */
const AddedLine = Schema.Struct({ line: LineId, sku: Sku, quantity: Quantity, total: Money })
type AddedLine = typeof AddedLine.Type

/**
 * Changes what is ordered, here rather than at the channel: other numbers of units, and lines that come on top. A newer
 * snapshot of the channel keeps both. More units are open, without stock; fewer are taken from those that are least
 * advanced, never from packed or shipped ones. To take a line away, cancel its units.
 *
 * Fails with `UnitsMissing` for fewer units than are packed and shipped, `NotFound` for an unknown line or SKU,
 * `InvalidInput` for a line id that is taken or another currency, and `IllegalTransition` for an order that has ended.
 *
 * @param input.set new numbers of units for lines that are there
 * @param input.add new lines, by SKU of the catalogue
 */
export const amendOrder = stockCommand({
  action: "amendOrder",
  input: Schema.Struct({
    order: OrderId,
    set: Schema.optionalKey(Schema.Array(NewQuantity).check(lineOnce)),
    add: Schema.optionalKey(Schema.Array(AddedLine).check(lineOnce)),
  }),
  answer: Schema.Struct({
    order: OrderId,
    state: OrderState,
    /** Picked units that must be put back on the shelf. */
    putBack: Schema.Array(LineUnits),
  }),
  decide: Effect.fnUntraced(function* ({ order: id, set = [], add = [] }, { at }) {
    const promised = yield* loadPromised(id, at)
    const { stored, order } = promised
    yield* Effect.fromResult(transition(order, "amend"))
    yield* knownSkus(add)
    const more = yield* Effect.fromResult(addLines(order, add))
    const next = yield* Effect.fromResult(setQuantities(more, set))
    const about = { kind: "order", id }
    if (next === stored.value)
      return unchanged(about, { order: id, state: next.state, putBack: [] })
    const freed = yield* freeUnits(promised, next, at)
    const told = yield* message(OrderAmended, aboutOrder(order), at)
    const settled = yield* settleOrders([{ stored, next }], at)
    return {
      about,
      entries: [...settled.entries, ...freed, ...promised.lapsed],
      messages: [told, ...settled.messages],
      answer: {
        order: id,
        state: settled.orders.get(id)?.state ?? next.state,
        putBack: putBackOf(order, next),
      },
    }
  }),
})

/** Every line set to its new number of units. */
export const setQuantities = (
  order: Order,
  set: ReadonlyArray<LineUnits>,
): Result.Result<Order, NotFound | UnitsMissing> => {
  const lines = new Map<LineId, OrderLine>(order.lines.map((line) => [line.id, line]))
  for (const { line: id, quantity } of set) {
    const line = lines.get(id)
    if (line === undefined) return Result.fail(new NotFound({ kind: "order line", id }))
    const less = line.buckets.ordered - line.buckets.cancelled - quantity
    const held = unitsIn(line.buckets, AMENDABLE)
    if (less > held)
      return Result.fail(new UnitsMissing({ order: order.id, line: id, wanted: less, held }))
    if (less !== 0) lines.set(id, less > 0 ? withFewer(line, less) : withMore(line, -less))
  }
  return Result.succeed(mapLines(order, (line) => lines.get(line.id) ?? line))
}

const withFewer = (line: OrderLine, units: number): OrderLine => {
  const buckets = gatherUnits(line.buckets, AMENDABLE, "cancelled", units)
  return { ...withBuckets(line, buckets), cancelledHere: buckets.cancelled }
}

/** Units that were cancelled here come back first. */
const withMore = (line: OrderLine, units: number): OrderLine => {
  const back = Math.min(units, line.cancelledHere, line.buckets.cancelled)
  const added = units - back
  return {
    ...line,
    buckets: orderUnits(moveUnits(line.buckets, "cancelled", "open", back), "open", added),
    cancelledHere: (line.cancelledHere - back) as Units,
    addedHere: (line.addedHere + added) as Units,
  }
}

const addLines = (
  order: Order,
  add: ReadonlyArray<AddedLine>,
): Result.Result<Order, InvalidInput> => {
  if (add.length === 0) return Result.succeed(order)
  const [first, ...rest] = order.lines
  const added: Array<OrderLine> = []
  for (const [place, line] of add.entries()) {
    const refuse = (field: string, issue: string) =>
      Result.fail(invalidField("amendOrder", `add[${place}].${field}`, issue))
    if (order.lines.some(({ id }) => id === line.line)) return refuse("line", "a new line id")
    if (line.total.currency !== order.currency) return refuse("total", "the order's currency")
    added.push(ownLine(line))
  }
  return Result.succeed({ ...order, lines: [first, ...rest, ...added] })
}

const ownLine = ({ line: id, sku, quantity, total }: AddedLine): OrderLine => ({
  ...newLine({
    id,
    channelSku: sku as string as ChannelSku,
    quantity,
    total,
    resolution: { sku, multiple: 1 as Quantity },
  }),
  addedHere: quantity as number as Units,
})

const knownSkus = Effect.fnUntraced(function* (add: ReadonlyArray<AddedLine>) {
  const skus = add.map(({ sku }) => sku)
  const products = yield* lookUpProducts(skus)
  const kits = yield* lookUpKits(skus.filter((sku) => !products.has(sku)))
  const unknown = skus.find((sku) => !products.has(sku) && !kits.has(sku))
  if (unknown !== undefined) return yield* new NotFound({ kind: "product", id: unknown })
})
