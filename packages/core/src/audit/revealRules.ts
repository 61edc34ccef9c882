import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { DAY_MILLIS, type Timestamp, TimeZone } from "../kernel/index.ts"
import type { AlertDue } from "./Alert.ts"
import type { AuditEvent } from "./AuditEvent.ts"
import type { EventRule } from "./EventRule.ts"
import { isReveal } from "./eventRules.ts"

const HOUR = 3_600_000

/** How far back an actor's pattern reaches: 14 days (chosen). */
export const PATTERN_MILLIS = 14 * DAY_MILLIS

/** Hours with reveals from which on a pattern is known (chosen). */
const KNOWN_HOURS = 24

/** Reveals an hour from which on it is worth looking at the pattern (chosen). */
export const LEAST_REVEALS = 10

/** Times the usual that is far above it (chosen). */
const FAR_ABOVE = 3

/**
 * The working hours of a house, by the clock on its wall: from one full hour to before another, every day.
 * 05:00 to 23:00 in London unless the host says otherwise.
 */
export const RevealHours = Context.Reference<WorkingHours>("@oto-fulfilment/core/RevealHours", {
  defaultValue: () => ({ zone: TimeZone.make("Europe/London"), from: 5, to: 23 }),
})

const Hour = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 24 }))

/** From which hour to before which hour people work, in which zone. */
export const WorkingHours = Schema.Struct({ zone: TimeZone, from: Hour, to: Hour })
export type WorkingHours = typeof WorkingHours.Type

/** The rule that buyers are shown in working hours only. */
export const outOfHours = ({ zone, from, to }: WorkingHours): EventRule => ({
  rule: "reveal_out_of_hours",
  windowMillis: HOUR,
  threshold: 1,
  subjectOf: (event) => {
    if (!isReveal(event, "done")) return undefined
    const { hour } = DateTime.toParts(DateTime.makeZonedUnsafe(event.at, { timeZone: zone }))
    const working = from <= to ? hour >= from && hour < to : hour >= from || hour < to
    return working ? undefined : { kind: event.actor.kind, id: event.actor.id }
  },
})

/**
 * Where an actor saw more than three times as many buyers within an hour as in 95 of 100 of its busy hours of the 14
 * days before. An actor with fewer than 24 busy hours has no pattern yet.
 *
 * @param events of one actor, in order, from 14 days and an hour before `since`
 * @param since the first instant that is asked about
 */
export const farAbovePattern = (
  events: ReadonlyArray<AuditEvent>,
  since: Timestamp,
): ReadonlyArray<AlertDue> => {
  const reveals = events.filter((event) => isReveal(event, "done"))
  return reveals.flatMap((event, place) => {
    if (event.at < since) return []
    const known = reveals.slice(0, place + 1)
    const hour = known.filter(({ at }) => at > event.at - HOUR)
    const count = new Set(hour.map(({ object }) => object.id)).size
    const usual = usualReveals(known, event.at - HOUR)
    if (count < LEAST_REVEALS || usual === undefined || count <= FAR_ABOVE * usual) return []
    const { kind, id } = event.actor
    const from = hour[0]?.at ?? event.at
    const window = { from, to: event.at }
    return [
      { rule: "reveals_above_pattern", subject: { kind, id }, window, count, quietMillis: HOUR },
    ]
  })
}

/** The 95th percentile (nearest rank) of distinct orders in the busy hours of the 14 days up to `until`. */
const usualReveals = (reveals: ReadonlyArray<AuditEvent>, until: number): number | undefined => {
  const hours = new Map<number, Set<string>>()
  for (const { at, object } of reveals) {
    if (at > until || at <= until - PATTERN_MILLIS) continue
    const hour = Math.floor((until - at) / HOUR)
    hours.set(hour, (hours.get(hour) ?? new Set()).add(object.id))
  }
  if (hours.size < KNOWN_HOURS) return undefined
  const counts = [...hours.values()].map(({ size }) => size).sort((a, b) => a - b)
  return counts[Math.ceil(0.95 * counts.length) - 1]
}
