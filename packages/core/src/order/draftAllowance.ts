import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type ActorRef, REVEALS_PER_HOUR } from "../audit/index.ts"
import type { Timestamp, Units } from "../kernel/index.ts"
import {
  add,
  type CurrentPartition,
  type Entry,
  insert,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import type { OrderId } from "./Order.ts"
import { hourOf, RevealAllowances, Reveals } from "./Reveal.ts"

/**
 * Drafts that an actor is shown the buyer of one more order in this hour: nothing where it was shown this one before.
 * The batch is refused as `Insufficient` when the hour's allowance is used up.
 */
export const draftAllowance = Effect.fnUntraced(function* (
  actor: ActorRef,
  order: OrderId,
  at: Timestamp,
): Effect.fn.Return<
  { readonly entries: ReadonlyArray<Entry> },
  StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  const { from, until: expiresAt } = hourOf(at)
  const hour = `${actor.kind}/${actor.id}/${from}`
  const id = `${hour}/${order}`
  if (Option.isSome(yield* store.get(Reveals, id))) return { entries: [] }
  const counted = insert(Reveals, { id, order, expiresAt })
  const allowance = yield* store.get(RevealAllowances, hour)
  const left = (REVEALS_PER_HOUR - 1) as Units
  return {
    entries: [
      counted,
      Option.isNone(allowance)
        ? insert(RevealAllowances, { id: hour, left, expiresAt })
        : add(RevealAllowances, hour, { left: -1 }, { left: 0 }),
    ],
  }
})
