import * as Effect from "effect/Effect"
import { CurrentActor } from "../access/index.ts"
import { type AuditEvent, AuditLog, auditEvent } from "../audit/index.ts"
import { ErasureRecorded, message, type OutboxMessage } from "../integration/index.ts"
import type { Ids, Timestamp } from "../kernel/index.ts"
import type { Erasure, OrderPii } from "../privacy/index.ts"
import { CurrentPartition, type Entry, insert, remove, type Stored } from "../store/index.ts"
import type { Order } from "./Order.ts"

/** Why a buyer's data goes: the reason in the audit event. */
export type ErasureCause =
  | "RetentionEnded"
  | "OrderCancelled"
  | "ChannelDisconnected"
  | "ErasureRequested"
  | "OrderDeleted"
  | "BackupRestored"

/** Why retention takes an order's buyer away. */
export const causeOf = (order: Order, disconnectedAt: Timestamp | undefined): ErasureCause => {
  if (order.state === "cancelled") return "OrderCancelled"
  return disconnectedAt === undefined ? "RetentionEnded" : "ChannelDisconnected"
}

/** An order whose buyer's data goes, with what makes it so. */
export interface ErasureDraft {
  readonly order: Order
  readonly entries: ReadonlyArray<Entry>
  readonly erasures: ReadonlyArray<Erasure>
}

/**
 * Drafts that the buyer's data of an order goes: the sealed record with its only key, hence every document that is
 * sealed under it, too, and one audit event (R39, I4). The order's own record and the message of `tellErased` are for
 * the caller to write.
 *
 * @param sealed the record, unless the store's own expiry, the last wall, was quicker
 */
export const draftErasure = Effect.fnUntraced(function* (
  order: Order,
  sealed: Stored<OrderPii> | undefined,
  cause: ErasureCause,
  at: Timestamp,
): Effect.fn.Return<ErasureDraft, never, Ids | CurrentPartition | CurrentActor> {
  const { id: partition } = yield* CurrentPartition
  const event = yield* erasureEvent(order.id, cause, at)
  const { retentionDue: _, ...rest } = order
  return {
    order: { ...rest, pii: { _tag: "Anonymised", at } },
    entries: [...(sealed === undefined ? [] : [remove(sealed)]), insert(AuditLog, event)],
    erasures: [{ partition, kind: "buyer", id: order.id, at }],
  }
})

/** The event that the buyer's data of an order went. */
export const erasureEvent = Effect.fnUntraced(function* (
  order: string,
  cause: ErasureCause,
  at: Timestamp,
): Effect.fn.Return<AuditEvent, never, Ids | CurrentActor> {
  const { ref: actor } = yield* CurrentActor
  return yield* auditEvent({
    at,
    actor,
    action: "anonymiseBuyer",
    object: { kind: "order", id: order },
    outcome: "done",
    reason: cause,
  })
})

/** The word to the erasure ledger of what a batch erases, for that batch (I9). */
export const tellErased = (
  erasures: ReadonlyArray<Erasure>,
  at: Timestamp,
): Effect.Effect<ReadonlyArray<OutboxMessage>, never, Ids> =>
  erasures.length === 0
    ? Effect.succeed([])
    : Effect.map(message(ErasureRecorded, { erasures }, at), (told) => [told])
