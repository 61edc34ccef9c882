import * as Schema from "effect/Schema"
import { ActorRef } from "../audit/index.ts"
import { Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, due } from "../store/index.ts"
import { OrderId } from "./Order.ts"

export const BreakGlassId = Uuid.pipe(Schema.brand("BreakGlassId"))
export type BreakGlassId = typeof BreakGlassId.Type

/** Why somebody without a role for it must see a buyer: a closed list. */
export const BreakGlassReason = Schema.Literals([
  "delivery_problem",
  "fraud_suspicion",
  "legal_request",
  "safety",
])
export type BreakGlassReason = typeof BreakGlassReason.Type

/** How long an approved pass is good for, in milliseconds: an hour (security 3). */
export const BREAK_GLASS_MILLIS = 3_600_000

/**
 * A pass to see the buyer of one order outside of the roles: asked for with a reason, approved by somebody else, good
 * for an hour.
 */
export const BreakGlass = Schema.Struct({
  id: BreakGlassId,
  order: OrderId,
  reason: BreakGlassReason,
  requestedBy: ActorRef,
  requestedAt: Timestamp,
  approvedBy: Schema.optionalKey(ActorRef),
  /** When it ends: an hour after it was asked for while nobody has approved it, then an hour after that. */
  expiresAt: Timestamp,
})
export type BreakGlass = typeof BreakGlass.Type

export const BreakGlasses = Collection.make("break_glasses", {
  schema: BreakGlass,
  key: (pass) => pass.id,
  indexes: { expiry: due("expiresAt") },
  expires: "expiresAt",
})

/** The pass is not one, not any more, not yet, or not for this actor. */
export class BreakGlassRefused extends Schema.TaggedError<BreakGlassRefused>()(
  "BreakGlassRefused",
  {
    pass: Schema.String,
    reason: Schema.Literals(["expired", "not_approved", "own_request", "another_actor"]),
  },
) {
  override get message() {
    return `the break-glass pass ${this.pass} is refused: ${this.reason}`
  }
}
