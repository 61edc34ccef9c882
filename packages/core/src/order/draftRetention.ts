import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CurrentActor } from "../access/index.ts"
import type { Ids, Timestamp } from "../kernel/index.ts"
import { OrderPiis } from "../privacy/index.ts"
import { type CurrentPartition, replace, Store, type StoreUnavailable } from "../store/index.ts"
import { causeOf, draftErasure, type ErasureDraft } from "./draftErasure.ts"
import { connectionEndOf } from "./loadConnection.ts"
import type { Order } from "./Order.ts"
import { withDeadline } from "./orderRetention.ts"

/**
 * Drafts what a change of an order means for its buyer's data: an earlier deadline is written into the sealed record,
 * and data whose deadline has come goes in the same batch, as when an order is cancelled before anything was dispatched
 * (R45), or ends after its channel was disconnected (R79).
 */
export const draftRetention = Effect.fnUntraced(function* (
  changed: Order,
  at: Timestamp,
): Effect.fn.Return<ErasureDraft, StoreUnavailable, Store | Ids | CurrentPartition | CurrentActor> {
  if (changed.pii._tag !== "Held")
    return { order: withDeadline(changed, at), entries: [], erasures: [] }
  const disconnectedAt = yield* connectionEndOf(changed)
  const order = withDeadline(changed, at, disconnectedAt)
  const unchanged = { order, entries: [], erasures: [] }
  if (order.pii._tag !== "Held") return unchanged
  const { deadline } = order.pii
  if (deadline === changed.pii.deadline && deadline > at) return unchanged
  const found = yield* (yield* Store).get(OrderPiis, order.id)
  const sealed = Option.getOrUndefined(found)
  if (deadline <= at) {
    return yield* draftErasure(order, sealed, causeOf(order, disconnectedAt), at)
  }
  return {
    ...unchanged,
    entries: sealed === undefined ? [] : [replace(sealed, { ...sealed.value, deadline })],
  }
})
