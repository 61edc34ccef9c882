import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import { DAY_MILLIS, plusMillis, type Timestamp } from "../kernel/index.ts"

/** The fewest days that logs are kept: the longest twelve calendar months (T3, R44). */
export const LEAST_LOG_DAYS = 366

/** Days that logs are kept: 366 to 36,500. Fewer cannot be said. */
export const LogDays = Schema.Int.check(
  Schema.isBetween({ minimum: LEAST_LOG_DAYS, maximum: 36_500 }),
).pipe(Schema.brand("LogDays"))
export type LogDays = typeof LogDays.Type

/**
 * How long audit events are kept: 400 days, or as the host says, `Layer.succeed(AuditRetention, LogDays.make(500))`.
 * A change applies to all that is kept still, and never lets go of an event younger than 366 days (R44).
 */
export const AuditRetention = Context.Reference<LogDays>("@oto-fulfilment/core/AuditRetention", {
  defaultValue: () => LogDays.make(400),
})

/** When an event of `at` may go at last: at this instant, not a millisecond before (T2, T3). */
export const expiryOf = (at: Timestamp, days: LogDays): Timestamp =>
  plusMillis(at, Math.max(LEAST_LOG_DAYS, days) * DAY_MILLIS)
