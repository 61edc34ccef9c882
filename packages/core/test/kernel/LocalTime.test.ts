import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import {
  LocalClock,
  LocalDate,
  localDateAt,
  shipByOf,
  Timestamp,
  TimeZone,
  WorkingCalendar,
} from "../../src/kernel/index.ts"

const at = (iso: string) => Timestamp.make(Date.parse(iso))

const calendar = (given: Partial<typeof WorkingCalendar.Encoded> = {}): WorkingCalendar =>
  Schema.decodeUnknownSync(WorkingCalendar)({
    zone: "Europe/London",
    workingDays: [1, 2, 3, 4, 5],
    closedOn: [],
    cutOff: "16:00",
    ...given,
  })

const shipBy = (iso: string, given: Partial<typeof WorkingCalendar.Encoded> = {}): string =>
  new Date(Result.getOrThrow(shipByOf(calendar(given), at(iso)))).toISOString()

const everyDay = { workingDays: [1, 2, 3, 4, 5, 6, 7] } as const

describe("an order leaves", () => {
  it.each([
    ["before the cut-off: the same day", "2026-11-24T15:59:59.999Z", "2026-11-24T16:00:00.000Z"],
    ["at the cut-off: the same day", "2026-11-24T16:00:00.000Z", "2026-11-24T16:00:00.000Z"],
    ["behind the cut-off: the next day", "2026-11-24T16:00:00.001Z", "2026-11-25T16:00:00.000Z"],
    ["in the first minute of a day: that day", "2026-11-24T00:00:00Z", "2026-11-24T16:00:00.000Z"],
    ["late on Friday: on Monday", "2026-11-27T17:00:00Z", "2026-11-30T16:00:00.000Z"],
    ["on Saturday: on Monday", "2026-11-28T09:00:00Z", "2026-11-30T16:00:00.000Z"],
    ["on Sunday: on Monday", "2026-11-29T23:59:00Z", "2026-11-30T16:00:00.000Z"],
    ["late on New Year's Eve: in the new year", "2026-12-31T18:00:00Z", "2027-01-01T16:00:00.000Z"],
  ])("when it comes %s", (_, received, expected) => {
    expect(shipBy(received)).toBe(expected)
  })

  it("not on a holiday, nor on two in a row with a weekend behind them", () => {
    const closedOn = ["2026-12-24", "2026-12-25", "2026-12-28"]
    expect(shipBy("2026-12-24T09:00:00Z", { closedOn })).toBe("2026-12-29T16:00:00.000Z")
    expect(shipBy("2026-12-23T09:00:00Z", { closedOn })).toBe("2026-12-23T16:00:00.000Z")
  })

  it("on 29 February where there is one", () => {
    expect(shipBy("2028-02-28T17:00:00Z")).toBe("2028-02-29T16:00:00.000Z")
    expect(shipBy("2028-02-29T17:00:00Z")).toBe("2028-03-01T16:00:00.000Z")
    expect(shipBy("2026-02-28T17:00:00Z", everyDay)).toBe("2026-03-01T16:00:00.000Z")
  })

  it("by the warehouse's clock, in summer time as in winter time", () => {
    expect(shipBy("2026-07-01T14:59:59Z")).toBe("2026-07-01T15:00:00.000Z")
    expect(shipBy("2026-07-01T15:00:01Z")).toBe("2026-07-02T15:00:00.000Z")
    // The days on which British clocks change: one has 23 hours, one has 25.
    expect(shipBy("2026-03-28T16:00:01Z", everyDay)).toBe("2026-03-29T15:00:00.000Z")
    expect(shipBy("2026-10-24T15:00:01Z", everyDay)).toBe("2026-10-25T16:00:00.000Z")
  })

  it("an hour later on the night whose clock skips the cut-off", () => {
    const night = { ...everyDay, cutOff: "01:30" }
    expect(shipBy("2026-03-29T00:30:00Z", night)).toBe("2026-03-29T01:30:00.000Z")
    expect(shipBy("2026-03-29T01:30:01Z", night)).toBe("2026-03-30T00:30:00.000Z")
  })

  it("at the first of two cut-offs on the night whose clock shows it twice", () => {
    const night = { ...everyDay, cutOff: "01:30" }
    expect(shipBy("2026-10-24T23:30:00Z", night)).toBe("2026-10-25T00:30:00.000Z")
    expect(shipBy("2026-10-25T00:30:01Z", night)).toBe("2026-10-26T01:30:00.000Z")
  })

  it("by the date of its zone, not by that of Greenwich", () => {
    const tokyo = { zone: "Asia/Tokyo" }
    expect(shipBy("2026-11-26T22:00:00Z", tokyo)).toBe("2026-11-27T07:00:00.000Z")
    expect(shipBy("2026-11-27T15:30:00Z", tokyo)).toBe("2026-11-30T07:00:00.000Z")
    const samoa = { zone: "Pacific/Pago_Pago" }
    expect(shipBy("2026-11-28T01:00:00Z", samoa)).toBe("2026-11-28T03:00:00.000Z")
  })

  it("never, where every day is closed", () => {
    const closedOn = Array.from({ length: 400 }, (_, day) =>
      new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
    )
    const never = shipByOf(calendar({ ...everyDay, closedOn }), at("2026-01-01T00:00:00Z"))
    expect(Result.getOrThrow(Result.flip(never))).toMatchObject({
      _tag: "NoWorkingDay",
      zone: "Europe/London",
    })
    const nearly = calendar({ ...everyDay, closedOn: closedOn.slice(0, 365) })
    expect(Result.isSuccess(shipByOf(nearly, at("2026-01-01T00:00:00Z")))).toBe(true)
  })
})

describe("the date on the wall", () => {
  it.each([
    ["2026-03-29T23:30:00Z", "Europe/London", "2026-03-30"],
    ["2026-10-25T23:30:00Z", "Europe/London", "2026-10-25"],
    ["2026-01-01T00:30:00Z", "America/New_York", "2025-12-31"],
    ["2026-12-31T23:30:00Z", "Asia/Tokyo", "2027-01-01"],
    ["2028-02-29T12:00:00Z", "UTC", "2028-02-29"],
  ])("at %s in %s is %s", (iso, zone, date) => {
    expect(localDateAt(at(iso), TimeZone.make(zone))).toBe(date)
  })
})

describe("a working calendar is refused with", () => {
  const takes = (given: object) =>
    Result.isSuccess(
      Schema.decodeUnknownResult(WorkingCalendar)({
        ...Schema.encodeSync(WorkingCalendar)(calendar()),
        ...given,
      }),
    )

  it.each([
    ["an unknown zone", { zone: "Europe/Lindon" }],
    ["no zone", { zone: "" }],
    ["no working day", { workingDays: [] }],
    ["an eighth weekday", { workingDays: [8] }],
    ["weekday zero", { workingDays: [0] }],
    ["half a weekday", { workingDays: [1.5] }],
    ["a cut-off after midnight", { cutOff: "24:00" }],
    ["a cut-off of one digit", { cutOff: "9:00" }],
    ["a cut-off with seconds", { cutOff: "09:00:00" }],
    ["a holiday that does not exist", { closedOn: ["2026-02-29"] }],
    ["a thirteenth month", { closedOn: ["2026-13-01"] }],
    ["a holiday with a time", { closedOn: ["2026-12-25T00:00:00Z"] }],
  ])("%s", (_, given) => {
    expect(takes({})).toBe(true)
    expect(takes(given)).toBe(false)
  })

  it("takes the ends of every range", () => {
    expect(takes({ cutOff: "00:00", workingDays: [1, 7], closedOn: ["2028-02-29"] })).toBe(true)
    expect(takes({ cutOff: "23:59", zone: "UTC" })).toBe(true)
    expect(LocalClock.make("23:59") && LocalDate.make("2026-12-31")).toBeTruthy()
  })
})
