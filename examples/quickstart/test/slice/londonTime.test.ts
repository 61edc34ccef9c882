import { describe, expect, it } from "@effect/vitest"
import { londonInstant } from "../../src/slice/londonTime.ts"

describe("the time in London", () => {
  it.each([
    ["in winter it is UTC", "2010-12-01 08:26:00", "2010-12-01T08:26:00.000Z"],
    ["in summer it is an hour ahead", "2011-10-10 08:23:00", "2011-10-10T07:23:00.000Z"],
    ["early hours may lie on the day before", "2011-06-01 00:30:00", "2011-05-31T23:30:00.000Z"],
    ["the last minute of winter", "2011-03-27 00:59:00", "2011-03-27T00:59:00.000Z"],
    ["the first minute of summer", "2011-03-27 02:00:00", "2011-03-27T01:00:00.000Z"],
    ["a time that was skipped", "2011-03-27 01:30:00", "2011-03-27T01:30:00.000Z"],
    ["a time that came twice", "2011-10-30 01:30:00", "2011-10-30T00:30:00.000Z"],
    ["the day after", "2011-10-31 08:00:00", "2011-10-31T08:00:00.000Z"],
  ])("%s", (_name, clock, instant) => {
    expect(new Date(londonInstant(clock)).toISOString()).toBe(instant)
  })
})
