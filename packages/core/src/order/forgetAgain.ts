import * as Effect from "effect/Effect"
import type { CurrentActor } from "../access/index.ts"
import { type Ids, now, type Timestamp } from "../kernel/index.ts"
import { OrderPiis } from "../privacy/index.ts"
import {
  type CurrentPartition,
  type Entry,
  replace,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { draftErasure } from "./draftErasure.ts"
import { type OrderId, Orders } from "./Order.ts"

/** A buyer's erasure as the ledger has it. */
export interface ForgottenBuyer {
  readonly order: OrderId
  readonly at: Timestamp
}

/**
 * Makes the buyers of orders forgotten that the erasure ledger says are: after a restore of an older backup, the order
 * says again that its data is gone, since when it was, and sealed data that came back goes (I9). An order that says so
 * already is left alone, so that this may run at each boot.
 *
 * @param buyers at most 200 of the current partition
 * @returns how many had come back
 */
export const forgetAgain = (
  buyers: ReadonlyArray<ForgottenBuyer>,
): Effect.Effect<number, StoreUnavailable, Store | Ids | CurrentPartition | CurrentActor> =>
  Effect.gen(function* () {
    const store = yield* Store
    const at = yield* now
    const ids = buyers.map(({ order }) => order)
    const orders = yield* store.getMany(Orders, ids)
    const sealed = yield* store.getMany(OrderPiis, ids as ReadonlyArray<string>)
    const entries: Array<Entry> = []
    let back = 0
    for (const { order: id, at: erasedAt } of buyers) {
      const stored = orders.get(id)
      if (stored === undefined || stored.value.pii._tag === "Anonymised") continue
      const erased = yield* draftErasure(stored.value, sealed.get(id), "BackupRestored", at)
      const order = { ...erased.order, pii: { _tag: "Anonymised", at: erasedAt } } as const
      entries.push(replace(stored, order), ...erased.entries)
      back += 1
    }
    yield* store.commit(entries)
    return back
  }).pipe(
    Effect.catchTags({
      // Somebody is at work beside the replay: read again.
      Conflict: () => Effect.suspend(() => forgetAgain(buyers)),
      Duplicate: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
