import { DateTime } from "effect"

/**
 * The instant, in milliseconds since 1970 in UTC, at which clocks in the United Kingdom showed `YYYY-MM-DD HH:MM:SS`.
 * In the hour that they show twice in autumn it is the first one; in the hour that they skip in spring it is the time
 * that clocks showed which had not been put forward yet.
 */
export const londonInstant = (clock: string): number => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = clock
    .split(/[- :]/u)
    .map(Number)
  const zoned = DateTime.makeZonedUnsafe(
    { year, month, day, hour, minute, second, millisecond: 0 },
    { timeZone: "Europe/London", adjustForTimeZone: true },
  )
  return DateTime.toEpochMillis(zoned)
}
