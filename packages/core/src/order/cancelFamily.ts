import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CurrentActor } from "../access/index.ts"
import { message, type OutboxMessage } from "../integration/index.ts"
import type { CommitmentResolved } from "../inventory/index.ts"
import type { Ids, Timestamp } from "../kernel/index.ts"
import type { CurrentPartition, Entry, Store, StoreUnavailable } from "../store/index.ts"
import type { Amended } from "./applySnapshot.ts"
import { cancelUnits, everyActiveUnit } from "./cancelUnits.ts"
import { draftWithin } from "./draftWithin.ts"
import { freeUnits } from "./freeUnits.ts"
import { loadPromised } from "./loadPromised.ts"
import { isFinished, type Order, type OrderId } from "./Order.ts"
import { aboutOrder, OrderUnitsCancelled } from "./orderTopics.ts"
import { settleOrders } from "./settleOrders.ts"
import type { LineUnits } from "./takeUnits.ts"

/** An order and its children after its channel amended or cancelled it. */
export interface FamilyDraft {
  readonly entries: ReadonlyArray<Entry>
  readonly messages: ReadonlyArray<OutboxMessage>
  /** The order before and after. */
  readonly before: Order
  readonly order: Order
  readonly refused: ReadonlyArray<LineUnits>
  /** Whether a unit was cancelled by the cancellation. */
  readonly cancelled: boolean
  /** Lines that did not fit into the batch. */
  readonly left: number
}

/**
 * Drafts what a channel wants of an order: first the amendment, then, where it cancelled the order, the end of every
 * unit of it and its children that is still to leave. Shipped units stay shipped.
 *
 * @param work.order the order that the channel knows
 * @param work.amend what becomes of it first
 * @param work.mirror what becomes of its children first, beside the order as it was
 * @param work.cancelled whether the channel cancelled it
 */
export const cancelFamily = Effect.fnUntraced(function* (work: {
  readonly order: OrderId
  readonly amend: (order: Order) => Amended
  readonly mirror: (child: Order, parent: Order) => Order
  readonly cancelled: boolean
  readonly at: Timestamp
}): Effect.fn.Return<
  FamilyDraft,
  CommitmentResolved | StoreUnavailable,
  Store | Ids | CurrentPartition | CurrentActor
> {
  const { at } = work
  // The external order names it, and only the children of a split ever go.
  const parent = yield* Effect.catchTag(loadPromised(work.order, at), "NotFound", Effect.die)
  const children = yield* Effect.forEach(parent.order.children, (id) => loadChild(id, at))
  const members = [parent, ...children.flat().filter(({ order }) => !isFinished(order))]
  const amended = members.map(({ order }, place) =>
    place === 0 ? work.amend(order) : { order: work.mirror(order, parent.order), refused: [] },
  )
  const units = work.cancelled
    ? amended.flatMap(({ order }, member) =>
        everyActiveUnit(order).map((units) => ({ member, units })),
      )
    : []
  const { draft, covered, left } = yield* draftWithin(
    units,
    Effect.fnUntraced(function* (some) {
      const entries: Array<Entry> = []
      const next: Array<Order> = []
      for (const [member, promised] of members.entries()) {
        const lines = some.flatMap((each) => (each.member === member ? [each.units] : []))
        const before = amended[member]?.order ?? promised.order
        const after = Result.getOrThrow(cancelUnits(before, lines, "channel"))
        entries.push(...(yield* freeUnits(promised, after, at)))
        next.push(after)
      }
      return { entries, next }
    }),
  )
  // Those that do not change are held to what was read.
  const changes = members.map(({ stored }, place) => ({
    stored,
    next: draft.next[place] ?? stored.value,
  }))
  const told = yield* Effect.forEach(draft.next, (next, member) => {
    const lines = covered.flatMap((each) => (each.member === member ? [each.units] : []))
    return lines.length === 0
      ? Effect.succeed([])
      : Effect.map(message(OrderUnitsCancelled, { ...aboutOrder(next), lines }, at), (one) => [one])
  })
  const settled = yield* settleOrders(changes, at)
  return {
    entries: [...settled.entries, ...draft.entries, ...members.flatMap(({ lapsed }) => lapsed)],
    messages: [...told.flat(), ...settled.messages],
    before: parent.stored.value,
    order: settled.orders.get(work.order) ?? parent.stored.value,
    refused: amended[0]?.refused ?? [],
    cancelled: covered.length > 0,
    left,
  }
})

/** A child, or nothing where it was merged since its parent was read: then the parent has moved too. */
const loadChild = (id: OrderId, at: Timestamp) =>
  loadPromised(id, at).pipe(
    Effect.map((child) => [child]),
    Effect.catchTag("NotFound", () => Effect.succeed([])),
  )
