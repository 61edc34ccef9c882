import * as Effect from "effect/Effect"
import { AuditDigests, AuditRetention, expireAuditLog } from "../audit/index.ts"
import { forgetRaisedAlerts, RaisedAlerts } from "../integration/index.ts"
import { DAY_MILLIS, now, plusMillis } from "../kernel/index.ts"
import { type PartitionId, Store, type StoreUnavailable } from "../store/index.ts"
import { type ClockSkew, refuseSkew } from "./sweepRetention.ts"
import { throughPartitions } from "./throughPartitions.ts"

/** What one pass over logs that may expire did. */
export interface LogExpiry {
  readonly digests: number
  readonly events: number
  /** What was remembered of alerts that are long over. */
  readonly alerts: number
  /** Partitions whose log is not as it was sealed: nothing was removed there, it is evidence. */
  readonly broken: ReadonlyArray<PartitionId>
}

/**
 * One pass over the audit logs whose oldest digests have reached the host's retention (R44): `AuditRetention`, 400 days
 * unless the host says otherwise, never less than 366. For a daily job; it may run late, twice, or in several processes.
 *
 * Fails with `ClockSkew` when the host's clock and the store's disagree: a clock that jumped must not erase early (T6).
 */
export const expireAudit: Effect.Effect<LogExpiry, ClockSkew | StoreUnavailable, Store> =
  Effect.gen(function* () {
    yield* refuseSkew
    const store = yield* Store
    const at = yield* now
    const until = plusMillis(at, -(yield* AuditRetention) * DAY_MILLIS)
    const broken: Array<PartitionId> = []
    const expired = yield* throughPartitions(
      store.due(AuditDigests, "expiry", until),
      (_, partition) =>
        expireAuditLog.pipe(
          Effect.catchTag("AuditLogBroken", () => {
            if (!broken.includes(partition)) broken.push(partition)
            return Effect.succeed({ digests: 0, events: 0 })
          }),
        ),
    )
    const forgotten = yield* throughPartitions(store.due(RaisedAlerts, "expiry", at), (ids) =>
      forgetRaisedAlerts(ids),
    )
    return {
      digests: expired.reduce((sum, each) => sum + each.digests, 0),
      events: expired.reduce((sum, each) => sum + each.events, 0),
      alerts: forgotten.reduce((sum, count) => sum + count, 0),
      broken,
    }
  }).pipe(Effect.withSpan("expireAudit"))
