import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { command, unchanged } from "../command/index.ts"
import { stockCommand } from "../inventory/index.ts"
import { plusMillis, Timestamp } from "../kernel/index.ts"
import { RETENTION } from "../privacy/index.ts"
import { replace } from "../store/index.ts"
import { cancelFamily } from "./cancelFamily.ts"
import { loadOrder } from "./loadOrder.ts"
import { type Order, OrderId } from "./Order.ts"
import { IllegalTransition } from "./orderErrors.ts"

const Deletion = Schema.Struct({
  order: OrderId,
  /** When it was deleted, and when it goes for good; absent while lines are left. */
  deletedAt: Schema.optionalKey(Timestamp),
  purgeDue: Schema.optionalKey(Timestamp),
  /** Lines of an open order that did not fit into one batch: send the command again under a new key. */
  linesLeft: Schema.Int,
})

/**
 * Deletes an order, so that it can be restored for 90 days and is gone afterwards (R41). Of an open one all units that
 * are still to leave are cancelled, its children's too, which completes it (T8). Deleting it again changes nothing.
 *
 * Fails with `NotFound`, and `IllegalTransition` for the child of a split.
 */
export const deleteOrder = stockCommand({
  action: "deleteOrder",
  standings: ["active", "on_stop", "suspended", "closing"],
  input: Schema.Struct({ order: OrderId }),
  answer: Deletion,
  decide: Effect.fnUntraced(function* ({ order: id }, { at }) {
    const { value: known } = yield* loadOrder(id)
    const about = { kind: "order", id }
    yield* requireWhole(known, "delete")
    if (known.deletedAt !== undefined)
      return unchanged(about, { ...deletionOf(known), linesLeft: 0 })
    const purgeDue = plusMillis(at, RETENTION.deletedOrder)
    const cancelled = (mark: Partial<Order>) =>
      cancelFamily({
        order: id,
        amend: (order) => ({ order: { ...order, ...mark }, refused: [] }),
        mirror: (child) => child,
        cancelled: true,
        at,
      })
    const whole = yield* cancelled({ deletedAt: at, purgeDue })
    // An order with units left is not deleted yet.
    const draft = whole.left === 0 ? whole : yield* cancelled({})
    return {
      about,
      entries: draft.entries,
      messages: draft.messages,
      answer: { ...deletionOf(draft.order), linesLeft: draft.left },
    }
  }),
})

/**
 * Takes a deletion back. The order is as it was, ended; data of its buyer that is gone stays gone.
 *
 * Fails with `NotFound`, and `IllegalTransition` for one that is not deleted, or was for 90 days (R41).
 */
export const restoreOrder = command({
  action: "restoreOrder",
  input: Schema.Struct({ order: OrderId }),
  answer: Schema.Struct({ order: OrderId }),
  decide: Effect.fnUntraced(function* ({ order: id }, { at }) {
    const stored = yield* loadOrder(id)
    const { deletedAt, purgeDue, ...order } = stored.value
    yield* requireWhole(stored.value, "restore")
    if (deletedAt === undefined || purgeDue === undefined)
      return unchanged({ kind: "order", id }, { order: id })
    if (purgeDue <= at)
      return yield* new IllegalTransition({
        order: id,
        event: "restore",
        state: order.state,
        reason: "it was deleted 90 days ago",
      })
    return {
      about: { kind: "order", id },
      entries: [replace(stored, order)],
      answer: { order: id },
    }
  }),
})

const requireWhole = ({ id, splitFrom, state }: Order, event: string) =>
  splitFrom === undefined
    ? Effect.void
    : Effect.fail(
        new IllegalTransition({ order: id, event, state, reason: "it is the child of a split" }),
      )

const deletionOf = ({ id, deletedAt, purgeDue }: Order) => ({
  order: id,
  ...(deletedAt !== undefined && { deletedAt }),
  ...(purgeDue !== undefined && { purgeDue }),
})
