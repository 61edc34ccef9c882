import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { query } from "../command/index.ts"
import { ConnectionId } from "../party/index.ts"
import { Cursor, type Page, Store } from "../store/index.ts"
import { ExternalId, type Order, OrderState, Orders } from "./Order.ts"
import { type OrderView, viewOf } from "./readOrder.ts"

/** Orders on a page: up to 100, because an order may be a megabyte. */
const PageSize = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))

/** One page of orders, without deleted ones, so that it may hold fewer than asked for. `next`: more may follow. */
export interface OrderPage {
  readonly orders: ReadonlyArray<OrderView>
  readonly next: Cursor | undefined
}

const ByState = Schema.Struct({
  state: OrderState,
  /** `orderedAt`: every order of the state, the oldest first. `shipBy`: those that have to leave, the first first. */
  by: Schema.Literals(["orderedAt", "shipBy"]),
  after: Schema.optionalKey(Cursor),
  limit: Schema.optionalKey(PageSize),
})

/**
 * Orders of the current merchant in one state, a page at a time.
 *
 * Fails with `InvalidCursor` for a cursor of another question.
 *
 * @param input.by the order of the answer
 * @param input.after `next` of the page before
 * @param input.limit orders a page, 1 to 100; 20 when left out
 */
export const findOrders = query({
  action: "findOrders",
  input: ByState,
  read: ({ state, by, after, limit = 20 }) =>
    Effect.flatMap(Store, (store) => {
      const asked = { equals: { state }, after, limit }
      return Effect.map(
        by === "shipBy" ? store.find(Orders, "shipBy", asked) : store.find(Orders, "state", asked),
        pageOf,
      )
    }),
})

/** The order that a channel knows by its external id; undefined where it has not come in, or was deleted. */
export const findOrderByExternalId = query({
  action: "findOrders",
  input: Schema.Struct({ connection: ConnectionId, externalId: ExternalId }),
  read: (equals) =>
    Effect.flatMap(Store, (store) =>
      Effect.map(
        Effect.catchTag(
          store.find(Orders, "external", { equals, limit: 1 }),
          "InvalidCursor",
          Effect.die,
        ),
        ({ items: [found] }) =>
          found === undefined || isDeleted(found.value) ? undefined : viewOf(found.value),
      ),
    ),
})

const isDeleted = ({ deletedAt }: Order): boolean => deletedAt !== undefined

const pageOf = ({ items, next }: Page<Order>): OrderPage => ({
  orders: items.flatMap(({ value }) => (isDeleted(value) ? [] : [viewOf(value)])),
  next,
})
