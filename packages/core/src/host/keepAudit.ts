import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Ids } from "../kernel/index.ts"
import type { KeyRing } from "../privacy/index.ts"
import type { Store } from "../store/index.ts"
import { expireAudit } from "./expireAudit.ts"
import { sealAudit } from "./sealAudit.ts"
import { watchAudit } from "./watchAudit.ts"

/**
 * Keeps the audit logs for ever: `sealAudit` every minute, `watchAudit` every hour, `expireAudit` every day. Fork it
 * beside the host's work, in any number of processes. What fails is logged and tried again.
 */
export const auditKeeper: Effect.Effect<never, never, Store | Ids | KeyRing> = Effect.suspend(() =>
  Effect.all(
    [
      again("1 minute", "sealing the audit logs", sealAudit),
      again("1 hour", "watching the audit logs", watchAudit),
      again("1 day", "expiry of the audit logs", expireAudit),
    ],
    { concurrency: "unbounded", discard: true },
  ).pipe(Effect.andThen(Effect.never)),
)

const again = <A, E extends { readonly _tag: string }, R>(
  pause: "1 minute" | "1 hour" | "1 day",
  name: string,
  work: Effect.Effect<A, E, R>,
) =>
  work.pipe(
    Effect.tap((report) => Effect.logDebug(name, report)),
    Effect.catch((error) => Effect.logWarning(`${name} failed`, error._tag)),
    Effect.repeat(Schedule.spaced(pause)),
  )
