import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/**
 * An instant: whole milliseconds since 1970-01-01T00:00:00Z on the UTC time line (T1).
 *
 * Records hold instants in this form because it sorts, compares and adds exactly, in every store.
 */
export const Timestamp = Schema.Int.check(
  Schema.isBetween({ minimum: 0, maximum: 8_640_000_000_000_000 }),
).pipe(Schema.brand("Timestamp"))
export type Timestamp = typeof Timestamp.Type

/** One day in milliseconds: a day is elapsed time, daylight saving changes nothing (T1). */
export const DAY_MILLIS = 86_400_000

/** The present instant, from Effect's Clock only (T4). */
export const now: Effect.Effect<Timestamp> = Effect.map(
  Clock.currentTimeMillis,
  (millis) => Math.trunc(millis) as Timestamp,
)

/**
 * An instant that lies `millis` milliseconds after `start` (before it, when negative),
 * kept inside the range that a `Timestamp` can hold.
 */
export const plusMillis = (start: Timestamp, millis: number): Timestamp =>
  Math.min(8_640_000_000_000_000, Math.max(0, start + Math.trunc(millis))) as Timestamp

/** An instant given by an outside system, never later than `present` (T4). */
export const clampToPresent = (given: Timestamp, present: Timestamp): Timestamp =>
  given > present ? present : given
