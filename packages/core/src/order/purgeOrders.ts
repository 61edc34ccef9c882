import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { CurrentActor } from "../access/index.ts"
import { AuditLog, auditEvent } from "../audit/index.ts"
import { Outbox } from "../integration/index.ts"
import { now } from "../kernel/index.ts"
import { type Erasure, ErasureLedger, OrderPiis } from "../privacy/index.ts"
import { CurrentPartition, type Entry, insert, remove, replace, Store } from "../store/index.ts"
import { tellErased } from "./draftErasure.ts"
import { ExternalOrders, externalOrderIdOf } from "./ExternalOrder.ts"
import { loadFamily } from "./loadOrder.ts"
import type { OrderId } from "./Order.ts"

/**
 * Removes deleted orders of the current partition whose 90 days are over, with their children and all that is held of
 * their buyers (R41). Movements of stock stay. That the channel's order is not to be taken in again stays too. It may
 * run late, twice or in two processes at once.
 *
 * @param ids the orders, from `Store.due`
 * @param whether `always` removes orders that are not due, as the replay of the erasure ledger does (I9)
 * @returns how many were removed; the erasure ledger has them when this answers
 */
export const purgeOrders = Effect.fn("purgeOrders")(function* (
  ids: ReadonlyArray<OrderId>,
  whether: "due" | "always" = "due",
) {
  const { id: partition } = yield* CurrentPartition
  const ledger = yield* ErasureLedger
  let removed = 0
  for (const id of ids) {
    const at = yield* now
    const entries = yield* draftPurge(id, whether === "due" ? at : undefined)
    if (entries === undefined) continue
    const erasures: ReadonlyArray<Erasure> = [{ partition, kind: "order", id, at }]
    const event = yield* auditEvent({
      at,
      actor: (yield* CurrentActor).ref,
      action: "purgeOrder",
      object: { kind: "order", id },
      outcome: "done",
    })
    const told = (yield* tellErased(erasures, at)).map((each) => insert(Outbox, each))
    const batch = [...entries, insert(AuditLog, event), ...told]
    const committed = yield* Effect.result((yield* Store).commit(batch))
    if (Result.isSuccess(committed)) {
      yield* ledger.append(erasures)
      removed += 1
    } else if (committed.failure._tag === "StoreUnavailable") return yield* committed.failure
    // It moved: it was restored, or somebody else removed it. The next pass looks again.
    else if (committed.failure._tag !== "Conflict") return yield* Effect.die(committed.failure)
  }
  return removed
})

const draftPurge = Effect.fnUntraced(function* (id: OrderId, at: number | undefined) {
  const store = yield* Store
  const [stored] = yield* loadFamily([id])
  if (stored === undefined) return undefined
  const { purgeDue, children, connection, externalId } = stored.value
  if (at !== undefined && (purgeDue === undefined || purgeDue > at)) return undefined
  const sealed = yield* store.getMany(OrderPiis, [id])
  const external =
    externalId === undefined
      ? []
      : [
          ...(yield* store.getMany(ExternalOrders, [
            externalOrderIdOf(connection, externalId),
          ])).values(),
        ]
  const entries: Array<Entry> = [
    remove(stored),
    ...(yield* loadFamily(children)).map((child) => remove(child)),
    ...[...sealed.values()].map((record) => remove(record)),
    ...external.map((known) => {
      const { order: _, ...rest } = known.value
      return replace(known, { ...rest, cancelled: true })
    }),
  ]
  return entries
})
