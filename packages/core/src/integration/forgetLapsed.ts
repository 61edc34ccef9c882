import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { now, type Timestamp } from "../kernel/index.ts"
import { type Collection, type CollectionShape, remove, Store } from "../store/index.ts"
import { Deliveries } from "./Delivery.ts"
import { RaisedAlerts } from "./RaisedAlert.ts"
import { Receipts } from "./Receipt.ts"

/**
 * Makes what removes records of a collection that have lapsed, in the current partition. What is not due or gone already
 * is left alone, so two sweeps at once are as one.
 *
 * @returns how many were removed
 */
export const forgetLapsed = <
  A extends { readonly expiresAt: Timestamp },
  I extends CollectionShape["indexes"],
>(
  collection: Collection<A, I>,
) =>
  Effect.fnUntraced(function* (ids: ReadonlyArray<string>) {
    const store = yield* Store
    const at = yield* now
    let removed = 0
    for (const id of ids) {
      const record = yield* store.get(collection, id)
      if (Option.isNone(record) || record.value.value.expiresAt > at) continue
      removed += yield* store.commit([remove(record.value)]).pipe(
        Effect.as(1),
        Effect.catchTags({
          Conflict: () => Effect.succeed(0),
          Duplicate: Effect.die,
          Insufficient: Effect.die,
          TooLarge: Effect.die,
        }),
      )
    }
    return removed
  })

/**
 * Removes receipts of the current partition that have lapsed.
 *
 * @returns how many were removed
 */
export const forgetReceipts = forgetLapsed(Receipts)

/**
 * Removes what says of old messages of the current partition that they were delivered.
 *
 * @returns how many were removed
 */
export const forgetDeliveries = forgetLapsed(Deliveries)

/**
 * Removes what is remembered of alerts of the current partition that are long over.
 *
 * @returns how many were removed
 */
export const forgetRaisedAlerts = forgetLapsed(RaisedAlerts)
