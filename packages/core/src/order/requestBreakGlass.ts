import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { type ActorRef, AuditLog, auditEvent } from "../audit/index.ts"
import { command, unchanged } from "../command/index.ts"
import { nextId, plusMillis, Timestamp } from "../kernel/index.ts"
import { insert, replace, Store } from "../store/index.ts"
import {
  BREAK_GLASS_MILLIS,
  BreakGlasses,
  BreakGlassId,
  BreakGlassReason,
  BreakGlassRefused,
} from "./BreakGlass.ts"
import { loadOrder } from "./loadOrder.ts"
import { OrderId } from "./Order.ts"

/**
 * Asks for a pass to see the buyer of one order without a role for it. It is good for nothing until somebody else has
 * approved it, within the hour.
 *
 * Fails with `NotFound` for an unknown order.
 */
export const requestBreakGlass = command({
  action: "requestBreakGlass",
  input: Schema.Struct({ order: OrderId, reason: BreakGlassReason }),
  answer: Schema.Struct({ pass: BreakGlassId, expiresAt: Timestamp }),
  decide: Effect.fnUntraced(function* ({ order, reason }, { at, actor }) {
    yield* loadOrder(order)
    const id = yield* nextId(BreakGlassId)
    const expiresAt = plusMillis(at, BREAK_GLASS_MILLIS)
    return {
      about: { kind: "order", id: order },
      entries: [
        insert(BreakGlasses, {
          id,
          order,
          reason,
          requestedBy: actor,
          requestedAt: at,
          expiresAt,
        }),
      ],
      answer: { pass: id, expiresAt },
    }
  }),
})

/** Whether two references are to the same actor. */
export const isSameActor = (left: ActorRef, right: ActorRef): boolean =>
  left.kind === right.kind && left.id === right.id

/**
 * Approves a pass that somebody else asked for: it is good for an hour from now. The event that it leaves raises an
 * alert.
 *
 * Fails with `NotFound`, and `BreakGlassRefused` for one's own request, or one that was left for an hour.
 */
export const approveBreakGlass = command({
  action: "approveBreakGlass",
  input: Schema.Struct({ pass: BreakGlassId }),
  answer: Schema.Struct({ pass: BreakGlassId, order: OrderId, expiresAt: Timestamp }),
  decide: Effect.fnUntraced(function* ({ pass: id }, { at, actor }) {
    const stored = yield* (yield* Store).get(BreakGlasses, id)
    if (Option.isNone(stored)) return yield* new NotFound({ kind: "break_glass", id })
    const pass = stored.value.value
    if (isSameActor(pass.requestedBy, actor))
      return yield* new BreakGlassRefused({ pass: id, reason: "own_request" })
    if (pass.expiresAt <= at) return yield* new BreakGlassRefused({ pass: id, reason: "expired" })
    // Approving it again does not make it good for longer.
    if (pass.approvedBy !== undefined)
      return unchanged(
        { kind: "order", id: pass.order },
        { pass: id, order: pass.order, expiresAt: pass.expiresAt },
      )
    const expiresAt = plusMillis(at, BREAK_GLASS_MILLIS)
    const opened = yield* auditEvent({
      at,
      actor: pass.requestedBy,
      action: "breakGlass",
      object: { kind: "order", id: pass.order },
      outcome: "done",
    })
    return {
      about: { kind: "order", id: pass.order },
      entries: [
        replace(stored.value, { ...pass, approvedBy: actor, expiresAt }),
        insert(AuditLog, opened),
      ],
      answer: { pass: id, order: pass.order, expiresAt },
    }
  }),
})
