import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { unchanged } from "../command/index.ts"
import { type CommitRequest, draftCommit, stockCommand, WarehouseId } from "../inventory/index.ts"
import { plusMillis, Quantity, Sku, type Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Cursor,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { type Backorder, Backorders, takeFrom } from "./Backorder.ts"
import { moveUnits } from "./lineBuckets.ts"
import { loadFamily } from "./loadOrder.ts"
import { mapLines, type Order, OrderId } from "./Order.ts"
import { LineId, withCommitted } from "./OrderLine.ts"
import { currentOrderSettings } from "./OrderSettings.ts"

/** Backorders that one command fills at most. */
const AT_MOST = 200

/** Backordered units that got stock. */
export const FilledBackorder = Schema.Struct({ order: OrderId, line: LineId, quantity: Quantity })
export type FilledBackorder = typeof FilledBackorder.Type

/**
 * Promises stock that came in to those who wait for it: first come, first served, as far as it reaches. Pre-orders
 * wait for their release date, and those behind them in the queue do not wait for them. The units are open again, with
 * a commitment; held orders are served in their turn.
 *
 * @param input.warehouse where stock came in
 * @param input.sku a product, or a virtual kit
 * @param input.limit how many backorders to look at, 1 to 200; 100 when left out
 * @returns what was filled, and whether the queue has more that stock may reach
 */
export const fillBackorders = stockCommand({
  action: "fillBackorders",
  input: Schema.Struct({
    warehouse: WarehouseId,
    sku: Sku,
    limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: AT_MOST }))),
  }),
  answer: Schema.Struct({ filled: Schema.Array(FilledBackorder), more: Schema.Boolean }),
  decide: Effect.fnUntraced(function* ({ warehouse, sku, limit = 100 }, { at }) {
    const about = { kind: "stock_pool", id: `${warehouse}/${sku}` }
    const { commitmentLifetime: lifetime } = yield* currentOrderSettings
    const expiresAt = lifetime === null ? undefined : plusMillis(at, lifetime)
    for (;;) {
      const { queue, more } = yield* readQueue(warehouse, sku, at, limit)
      const draft = yield* draftCommit(queue.map(requestOf), { policy: "available", at, expiresAt })
      const fills = queue.flatMap((backorder, place) => {
        const units = draft.granted[place]?.quantity ?? 0
        return units === 0 ? [] : [{ backorder, units }]
      })
      if (fills.length === 0) return unchanged(about, { filled: [], more: false })
      const orders = yield* loadFamily([...new Set(fills.map(orderOf))])
      // Where the queue moved while the orders were read, the two do not belong together.
      if (!(yield* areThere(fills))) continue
      return {
        about,
        entries: [
          ...orders.map((stored) => replace(stored, filled(stored.value, fills))),
          ...fills.map(({ backorder, units }) => takeFrom(backorder, units)),
          ...draft.entries,
        ],
        answer: { filled: fills.map(toAnswer), more: more && draft.short.length === 0 },
      }
    }
  }),
})

/** Units of a backorder that stock reaches. */
interface Fill {
  readonly backorder: Stored<Backorder>
  readonly units: number
}

const orderOf = ({ backorder }: Fill): OrderId => backorder.value.order

const toAnswer = ({ backorder: { value }, units }: Fill): FilledBackorder => ({
  order: value.order,
  line: value.line,
  quantity: units as Quantity,
})

const areThere = (
  fills: ReadonlyArray<Fill>,
): Effect.Effect<boolean, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    Effect.map(
      store.getMany(
        Backorders,
        fills.map(({ backorder }) => backorder.id),
      ),
      (now) => fills.every(({ backorder: { id, version } }) => now.get(id)?.version === version),
    ),
  )

/** The first of the queue whose time has come. */
const readQueue = Effect.fnUntraced(function* (
  warehouse: WarehouseId,
  sku: Sku,
  at: Timestamp,
  limit: number,
): Effect.fn.Return<
  { readonly queue: ReadonlyArray<Stored<Backorder>>; readonly more: boolean },
  StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  const queue: Array<Stored<Backorder>> = []
  let after: Cursor | undefined
  do {
    const page = yield* store
      .find(Backorders, "queue", { equals: { warehouse, sku }, after, limit })
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    queue.push(...page.items.filter(({ value: { availableFrom = 0 } }) => availableFrom <= at))
    after = page.next
  } while (after !== undefined && queue.length <= limit)
  return { queue: queue.slice(0, limit), more: queue.length > limit }
})

const requestOf = ({ value }: Stored<Backorder>): CommitRequest => ({
  document: { kind: "order", id: value.order },
  line: value.line,
  sku: value.sku,
  warehouse: value.warehouse,
  quantity: value.quantity,
})

const filled = (order: Order, fills: ReadonlyArray<Fill>): Order =>
  mapLines(order, (line) => {
    const units = fills.reduce(
      (sum, { backorder: { value }, units }) =>
        value.order === order.id && value.line === line.id ? sum + units : sum,
      0,
    )
    return units === 0
      ? line
      : withCommitted(
          { ...line, buckets: moveUnits(line.buckets, "backordered", "open", units) },
          units,
        )
  })
