import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { message } from "../integration/index.ts"
import { type DispatchLine, draftDispatch, SerialNumber, stockCommand } from "../inventory/index.ts"
import { Quantity, type Units } from "../kernel/index.ts"
import { draftWithin } from "./draftWithin.ts"
import { type Bucket, PINNED, unitsIn } from "./lineBuckets.ts"
import { type LinePromises, pinnedOf } from "./linePromises.ts"
import { loadPromised } from "./loadPromised.ts"
import { type Order, OrderId, OrderState } from "./Order.ts"
import { LineId } from "./OrderLine.ts"
import { aboutOrder, OrderDispatched } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"
import { settleOrders } from "./settleOrders.ts"
import { LineUnits, lineOnce, takeUnits } from "./takeUnits.ts"

/** Units of a line that leave; by serial number, where their product is tracked so. */
const Leaving = Schema.Struct({
  line: LineId,
  quantity: Quantity,
  serials: Schema.optionalKey(Schema.Array(SerialNumber)),
}).check(
  Schema.makeFilter(
    ({
      quantity,
      serials,
    }: {
      readonly quantity: number
      readonly serials?: ReadonlyArray<string>
    }) =>
      serials === undefined || serials.length === quantity
        ? undefined
        : { path: ["serials"], issue: "one serial number for each unit" },
  ),
)
type Leaving = typeof Leaving.Type

/** The order in which a line's units leave: what is packed first. */
const LEAVING: ReadonlyArray<Bucket> = ["packed", "picked", "allocated"]

/**
 * Sends units of an order: they leave their cells, once, and their promises are kept. The channel is to be told by the
 * message that comes with it (O8). When nothing is left of the order, it is completed, and its completion is frozen.
 *
 * Fails with `IllegalTransition` for an order that is held or not with its warehouses, `UnitsMissing` for more units
 * than are allocated, picked or packed, and with what inventory refuses: a lot that was recalled or expired, a serial
 * that is missing or elsewhere.
 *
 * @param input.lines what leaves; every allocated, picked and packed unit when left out
 */
export const dispatchOrder = stockCommand({
  action: "dispatchOrder",
  standings: ["active"],
  input: Schema.Struct({
    order: OrderId,
    lines: Schema.optionalKey(Schema.NonEmptyArray(Leaving).check(lineOnce)),
  }),
  answer: Schema.Struct({
    order: OrderId,
    state: OrderState,
    shipped: Schema.Array(LineUnits),
    /** Lines that did not fit into one batch: send the command again under a new key. */
    linesLeft: Schema.Int,
  }),
  decide: Effect.fnUntraced(function* (input, context) {
    const promised = yield* loadPromised(input.order, context.at)
    const { stored } = promised
    const order = yield* Effect.fromResult(transition(promised.order, "dispatch"))
    const wanted = input.lines ?? everyPinnedUnit(order)
    const shippable = yield* Effect.fromResult(shipUnits(order, wanted))
    const { draft, covered, left } = yield* draftWithin(wanted, (lines) =>
      draftDispatch(
        lines.flatMap((line) => leavingOf(promised.promises, line)),
        { ...context, rest: "keep" },
      ),
    )
    const next = left === 0 ? shippable : yield* Effect.fromResult(shipUnits(order, covered))
    const shipped = covered.map(({ line, quantity }) => ({ line, quantity }))
    const sent = yield* message(
      OrderDispatched,
      { ...aboutOrder(order), lines: shipped },
      context.at,
    )
    const settled = yield* settleOrders([{ stored, next }], context.at, { progress: true })
    return {
      about: { kind: "order", id: order.id },
      entries: [...settled.entries, ...draft.entries, ...promised.lapsed],
      messages: [sent, ...draft.messages, ...settled.messages],
      answer: {
        order: order.id,
        state: settled.orders.get(order.id)?.state ?? order.state,
        shipped,
        linesLeft: left,
      },
    }
  }),
})

const everyPinnedUnit = ({ lines }: Order): ReadonlyArray<Leaving> =>
  lines.flatMap((line) => {
    const quantity = unitsIn(line.buckets, PINNED)
    return quantity === 0 ? [] : [{ line: line.id, quantity: quantity as Quantity }]
  })

const shipUnits = (order: Order, lines: ReadonlyArray<Leaving>) =>
  takeUnits(order, lines, LEAVING, "shipped", (after, units, before) => ({
    ...after,
    committed: (before.committed - units) as Units,
  }))

/** The commitments behind units that leave. Serials are those of a line's own product, never of a kit's component. */
const leavingOf = (
  promises: LinePromises,
  { line, quantity, serials = [] }: Leaving,
): ReadonlyArray<DispatchLine> => {
  let named = 0
  return pinnedOf(promises, line, quantity).map(({ commitment, quantity: units = 0 }) => {
    const own = serials.slice(named, named + units)
    named += own.length
    return { commitment, quantity: units as Quantity, ...(own.length > 0 && { serials: own }) }
  })
}
