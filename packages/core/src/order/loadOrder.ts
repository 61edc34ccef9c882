import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { NotFound } from "../access/index.ts"
import { type CurrentPartition, Store, type Stored, type StoreUnavailable } from "../store/index.ts"
import { type Order, type OrderId, Orders } from "./Order.ts"

/** The order as stored. Fails with `NotFound` when there is none in the current partition. */
export const loadOrder = (
  id: OrderId,
): Effect.Effect<Stored<Order>, NotFound | StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    Effect.flatMap(
      store.get(Orders, id),
      Option.match({
        onNone: () => Effect.fail(new NotFound({ kind: "order", id })),
        onSome: Effect.succeed,
      }),
    ),
  )

/**
 * Those of the orders that are there. A child that another order names may have gone by a merge since that order was
 * read: whoever reads it this way holds the other order to its version.
 */
export const loadFamily = (
  ids: ReadonlyArray<OrderId>,
): Effect.Effect<ReadonlyArray<Stored<Order>>, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    Effect.map(store.getMany(Orders, ids), (found) => [...found.values()]),
  )
