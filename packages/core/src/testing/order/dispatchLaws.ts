import { OrderDispatched } from "../../order/index.ts"
import { sumBy } from "../stock/StockLedger.ts"
import { partsOf } from "../stock/StockWorld.ts"
import type { OrderLedger } from "./OrderLedger.ts"
import { callsIn, isDone, law } from "./OrderTrace.ts"

const LEFT = "units that left"
const TWICE = "a dispatch that was sent twice"
const KITS = "kits that left"

const dispatch = law(
  "O8",
  "Dispatch: units leave the shelf once, and the channel is to be told of each of them once, whatever is sent again",
  [LEFT, TWICE, KITS],
  {
    atEnd: ({ beats }, see) => {
      const received = new Map<string, number>()
      for (const beat of beats) {
        for (const call of callsIn(beat, "receiveStock").filter(isDone))
          for (const { sku, quantity } of call.input.lines)
            received.set(sku, (received.get(sku) ?? 0) + quantity)
        see.same("on the shelf", onShelf(beat.after), leftOf(received, beat.after))
        see.same("to be told of", toldIn(beat.after), shippedIn(beat.after))
        see.met(
          TWICE,
          callsIn(beat, "dispatchOrder").some((call) => call.copies > 1 && isDone(call)),
        )
      }
      const shipped = beats
        .at(-1)
        ?.after.orders.flatMap(({ lines }) => lines.filter(({ buckets }) => buckets.shipped > 0))
      see.met(LEFT, shipped !== undefined && shipped.length > 0)
      see.met(KITS, shipped?.some(({ sku }) => sku === "SET") === true)
    },
  },
)

const onShelf = ({ pools }: OrderLedger) =>
  sumBy(
    pools,
    ({ sku }) => sku,
    ({ onHand }) => onHand,
  )

/** What came in less what was shipped, in units of products. */
const leftOf = (received: ReadonlyMap<string, number>, { orders }: OrderLedger) =>
  sumBy(
    [
      ...[...received].map(([sku, units]) => ({ sku, units })),
      ...orders
        .flatMap(({ lines }) => lines)
        .flatMap((line) =>
          partsOf(line.sku ?? "").map(({ sku, quantity }) => ({
            sku,
            units: -quantity * line.buckets.shipped,
          })),
        ),
    ],
    ({ sku }) => sku,
    ({ units }) => units,
  )

const shippedIn = ({ orders }: OrderLedger) =>
  sumBy(
    orders.flatMap(({ id, lines }) =>
      lines.map((line) => ({ name: `${id} ${line.id}`, units: line.buckets.shipped })),
    ),
    ({ name }) => name,
    ({ units }) => units,
  )

/** Units that messages tell of. */
const toldIn = ({ messages }: OrderLedger) =>
  sumBy(
    messages
      .filter(({ topic }) => topic === OrderDispatched.name)
      .flatMap(({ body }) => {
        const { order, lines } = body as typeof OrderDispatched.schema.Type
        return lines.map(({ line, quantity }) => ({ name: `${order} ${line}`, units: quantity }))
      }),
    ({ name }) => name,
    ({ units }) => units,
  )

/** O8: what leaves, and who is told. */
export const dispatchLaws = [dispatch]
