import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CurrentActor } from "../access/index.ts"
import { message, type OutboxMessage } from "../integration/index.ts"
import type { Ids, Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  check,
  type Entry,
  replace,
  type Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { tellErased } from "./draftErasure.ts"
import { draftRetention } from "./draftRetention.ts"
import { loadFamily } from "./loadOrder.ts"
import { isFinished, type Order, type OrderId } from "./Order.ts"
import { progressed } from "./orderRetention.ts"
import { aboutOrder, OrderCancelled, OrderCompleted } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"

/** An order as it was read and as it is to be. */
export interface OrderChange {
  readonly stored: Stored<Order>
  readonly next: Order
}

/**
 * The order after `settle`, if nothing of it or its children is left to leave: `completed` where a unit was shipped,
 * else `cancelled`. Its completion is frozen, and it holds nothing back any more (T8).
 */
export const settle = (order: Order, at: Timestamp, children: ReadonlyArray<Order> = []): Order => {
  const settled = transition(order, "settle", children)
  if (Result.isFailure(settled)) return order
  return { ...settled.success, holds: [], completedAt: order.completedAt ?? at }
}

/** Orders to be written, settled, with what follows for the orders that they were split from. */
export interface SettledOrders {
  readonly entries: ReadonlyArray<Entry>
  readonly messages: ReadonlyArray<OutboxMessage>
  /** The changed orders as they end, by id. */
  readonly orders: ReadonlyMap<OrderId, Order>
}

/**
 * Drafts the writing of changed orders. One with nothing left is settled; so is the parent of a child that is, once
 * its own units and its other children have gone (T8). What was only read for that is pinned by a check, so that two
 * children that finish at once do not both think that the other is open. What the change means for the buyer's data is
 * part of the same batch.
 *
 * @param options.progress whether fulfilment got on by it: also that of the order that a child was split from (T8)
 */
export const settleOrders = Effect.fnUntraced(function* (
  changes: ReadonlyArray<OrderChange>,
  at: Timestamp,
  options: { readonly progress?: boolean } = {},
): Effect.fn.Return<
  SettledOrders,
  StoreUnavailable,
  Store | Ids | CurrentPartition | CurrentActor
> {
  const family = new Map<OrderId, Member>()
  for (const { stored, next } of changes)
    family.set(next.id, { stored, order: next.children.length === 0 ? settle(next, at) : next })
  for (const parent of parentsToSettle([...family.values()])) {
    yield* load(family, [parent])
    const member = family.get(parent)
    if (member === undefined || isFinished(member.order)) continue
    yield* load(family, member.order.children)
    const children = member.order.children.flatMap((id) => family.get(id)?.order ?? [])
    family.set(parent, { ...member, order: settle(member.order, at, children) })
  }
  if (options.progress === true) yield* markProgress(family, changes, at)
  const members = yield* Effect.forEach([...family.values()], ({ stored, order }) =>
    order === stored.value
      ? Effect.succeed({ stored, order, entries: [check(stored)], erasures: [] })
      : Effect.map(draftRetention(order, at), (kept) => ({
          stored,
          order: kept.order,
          entries: [replace(stored, kept.order), ...kept.entries],
          erasures: kept.erasures,
        })),
  )
  const ended = members.filter(
    ({ stored, order }) => isFinished(order) && !isFinished(stored.value),
  )
  const told = yield* Effect.forEach(ended, ({ order }) =>
    message(order.state === "cancelled" ? OrderCancelled : OrderCompleted, aboutOrder(order), at),
  )
  const erased = yield* tellErased(
    members.flatMap(({ erasures }) => erasures),
    at,
  )
  return {
    entries: members.flatMap(({ entries }) => entries),
    messages: [...told, ...erased],
    orders: new Map(members.map(({ order }) => [order.id, order])),
  }
})

/** Writes into the changed orders, and into those that they were split from, that fulfilment got on. */
const markProgress = Effect.fnUntraced(function* (
  family: Map<OrderId, Member>,
  changes: ReadonlyArray<OrderChange>,
  at: Timestamp,
): Effect.fn.Return<void, StoreUnavailable, Store | CurrentPartition> {
  const parents = changes.flatMap(({ next }) => next.splitFrom ?? [])
  yield* load(family, parents)
  for (const id of new Set([...changes.map(({ next }) => next.id), ...parents])) {
    const member = family.get(id)
    if (member !== undefined) family.set(id, { ...member, order: progressed(member.order, at) })
  }
})

/** An order as it was read, and as it is to be: the same where it was only looked at. */
interface Member {
  readonly stored: Stored<Order>
  readonly order: Order
}

const load = Effect.fnUntraced(function* (
  family: Map<OrderId, Member>,
  ids: ReadonlyArray<OrderId>,
): Effect.fn.Return<void, StoreUnavailable, Store | CurrentPartition> {
  for (const stored of yield* loadFamily(ids.filter((id) => !family.has(id))))
    family.set(stored.value.id, { stored, order: stored.value })
})

/** Orders with children that may have nothing left now: the changed ones, and the parents of finished children. */
const parentsToSettle = (members: ReadonlyArray<Member>): ReadonlySet<OrderId> =>
  new Set(
    members.flatMap(({ order }) => {
      if (order.children.length > 0) return [order.id]
      return order.splitFrom !== undefined && isFinished(order) ? [order.splitFrom] : []
    }),
  )
