import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { NotFound } from "../access/index.ts"
import type { Timestamp } from "../kernel/index.ts"
import { type OrderPii, OrderPiis } from "../privacy/index.ts"
import { type CurrentPartition, Store, type Stored, type StoreUnavailable } from "../store/index.ts"
import { connectionEndOf } from "./loadConnection.ts"
import { loadOrder } from "./loadOrder.ts"
import type { Order, OrderId } from "./Order.ts"
import { deadlineFor } from "./orderRetention.ts"

/** The buyer's data of an order was never fetched: it is, when the order is released (R45). */
export class BuyerNotHeld extends Schema.TaggedError<BuyerNotHeld>()("BuyerNotHeld", {
  order: Schema.String,
}) {
  override get message() {
    return `no buyer data is held for the order ${this.order}; it is fetched once the order is released`
  }
}

/** The buyer's data is gone, or its deadline has come: it is not shown any more, whatever has been swept (R39, I1). */
export class PiiAnonymised extends Schema.TaggedError<PiiAnonymised>()("PiiAnonymised", {
  order: Schema.String,
}) {
  override get message() {
    return `the buyer data of the order ${this.order} is anonymised`
  }
}

/** An order beside the sealed data of its buyer, which belongs to the order that it was split from, if it was. */
export interface HeldBuyer {
  readonly order: Stored<Order>
  /** The order that the buyer's data belongs to. */
  readonly root: Stored<Order>
  readonly sealed: Stored<OrderPii>
  readonly deadline: Timestamp
}

/**
 * The sealed buyer of an order. The deadline is looked at here, by all that is known now, so that no read depends on a
 * sweep (I1).
 */
export const loadBuyer = Effect.fnUntraced(function* (
  id: OrderId,
  at: Timestamp,
): Effect.fn.Return<
  HeldBuyer,
  NotFound | BuyerNotHeld | PiiAnonymised | StoreUnavailable,
  Store | CurrentPartition
> {
  const order = yield* loadOrder(id)
  const { splitFrom } = order.value
  const root = splitFrom === undefined ? order : yield* loadOrder(splitFrom)
  if (root.value.pii._tag === "NotFetched") return yield* new BuyerNotHeld({ order: id })
  const deadline = yield* deadlineNow(root.value, at)
  const store = yield* Store
  const sealed = yield* store.get(OrderPiis, root.value.id)
  if (deadline === undefined || deadline <= at || Option.isNone(sealed))
    return yield* new PiiAnonymised({ order: id })
  if (sealed.value.value.deadline <= at) return yield* new PiiAnonymised({ order: id })
  return { order, root, sealed: sealed.value, deadline }
})

/** The deadline by all that is known now, the end of its channel's connection included (R79). */
const deadlineNow = Effect.fnUntraced(function* (root: Order, at: Timestamp) {
  const ended = yield* connectionEndOf(root)
  return deadlineFor(root, at, ended)
})
