import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { DAY_MILLIS, type Timestamp } from "./Timestamp.ts"

/** An IANA time zone name that this machine knows, such as `Europe/London`. */
export const TimeZone = Schema.String.check(
  Schema.makeFilter(
    (zone: string) => Option.isSome(DateTime.zoneMakeNamed(zone)) || "an IANA time zone name",
  ),
).pipe(Schema.brand("TimeZone"))
export type TimeZone = typeof TimeZone.Type

/** A calendar date `YYYY-MM-DD` that exists. */
export const LocalDate = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/u),
  Schema.makeFilter((date: string) => {
    const at = DateTime.make(`${date}T00:00:00Z`)
    return (
      (Option.isSome(at) && DateTime.formatIsoDateUtc(at.value) === date) || "a date that exists"
    )
  }),
).pipe(Schema.brand("LocalDate"))
export type LocalDate = typeof LocalDate.Type

/** A wall-clock time `HH:MM`, 00:00 to 23:59. */
export const LocalClock = Schema.String.check(Schema.isPattern(/^([01]\d|2[0-3]):[0-5]\d$/u)).pipe(
  Schema.brand("LocalClock"),
)
export type LocalClock = typeof LocalClock.Type

/**
 * When a warehouse works: its zone, its working weekdays (1 = Monday … 7 = Sunday), the days it is closed,
 * and the cut-off after which an order leaves on the next working day.
 */
export const WorkingCalendar = Schema.Struct({
  zone: TimeZone,
  workingDays: Schema.NonEmptyArray(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 7 }))),
  closedOn: Schema.Array(LocalDate),
  cutOff: LocalClock,
})
export type WorkingCalendar = typeof WorkingCalendar.Type

/** No working day was found within a year of the given instant: the calendar closes every day. */
export class NoWorkingDay extends Schema.TaggedError<NoWorkingDay>()("NoWorkingDay", {
  zone: TimeZone,
}) {}

/** The calendar date that a clock on the wall in `zone` shows at the instant. */
export const localDateAt = (at: Timestamp, zone: TimeZone): LocalDate =>
  DateTime.formatIsoDate(DateTime.makeZonedUnsafe(at, { timeZone: zone })) as LocalDate

/**
 * The instant of the cut-off by which an order received at `at` must leave: the same working day's when it came
 * before the cut-off, else the next working day's. Wall-clock times that daylight saving skips move forward.
 */
export const shipByOf = (
  calendar: WorkingCalendar,
  at: Timestamp,
): Result.Result<Timestamp, NoWorkingDay> => {
  for (let days = 0; days <= 366; days++) {
    const date = dateAfter(localDateAt(at, calendar.zone), days)
    const cutOff = instantOf(date, calendar.cutOff, calendar.zone)
    if (cutOff >= at && isWorkingDay(calendar, date)) return Result.succeed(cutOff)
  }
  return Result.fail(new NoWorkingDay({ zone: calendar.zone }))
}

const isWorkingDay = (calendar: WorkingCalendar, date: LocalDate): boolean =>
  calendar.workingDays.includes(weekdayOf(date)) && !calendar.closedOn.includes(date)

const utcMillisOf = (date: LocalDate): number =>
  DateTime.toEpochMillis(DateTime.makeUnsafe(`${date}T00:00:00Z`))

const weekdayOf = (date: LocalDate): number =>
  DateTime.toPartsUtc(DateTime.makeUnsafe(utcMillisOf(date))).weekDay || 7

const dateAfter = (date: LocalDate, days: number): LocalDate =>
  DateTime.formatIsoDateUtc(DateTime.makeUnsafe(utcMillisOf(date) + days * DAY_MILLIS)) as LocalDate

const instantOf = (date: LocalDate, clock: LocalClock, zone: TimeZone): Timestamp => {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number)
  const [hour = 0, minute = 0] = clock.split(":").map(Number)
  const zoned = DateTime.makeZonedUnsafe(
    { year, month, day, hour, minute, second: 0, millisecond: 0 },
    { timeZone: zone, adjustForTimeZone: true },
  )
  return DateTime.toEpochMillis(zoned) as Timestamp
}
