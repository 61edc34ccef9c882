import * as Effect from "effect/Effect"
import { AuditLog, auditEvent, type ObjectRef, type SystemAction } from "../audit/index.ts"
import { type Ids, now } from "../kernel/index.ts"
import { type CurrentPartition, insert, Store, type StoreUnavailable } from "../store/index.ts"

/** Who finds it: the vault itself, whoever asked it to open something. */
const VAULT = { kind: "system", id: "vault" } as const

/**
 * Records in the current partition that something sealed did not open: what the alert rules look for (I8). While it
 * cannot be recorded the caller fails with `StoreUnavailable` instead, so that nobody learns of it unrecorded.
 */
export const recordTampering = Effect.fnUntraced(function* (
  object: ObjectRef,
  reason: "Tampered" | "KeyRefused",
): Effect.fn.Return<void, StoreUnavailable, Store | Ids | CurrentPartition> {
  const event = yield* auditEvent({
    at: yield* now,
    actor: VAULT,
    action: "openSealed" satisfies SystemAction,
    object,
    outcome: "refused",
    reason,
  })
  yield* (yield* Store).commit([insert(AuditLog, event)]).pipe(
    // A new event collides with nothing and is small: what is left is that the store does not answer.
    Effect.catchTags({
      Duplicate: Effect.die,
      Conflict: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
})
