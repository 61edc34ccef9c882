import type { Timestamp } from "../kernel/index.ts"
import type { AlertDue, AlertRule } from "./Alert.ts"
import type { AuditEvent, ObjectRef } from "./AuditEvent.ts"

/**
 * A rule over events: it holds at an event when, of the events with its subject in the window that ends there, as many
 * as its threshold count.
 */
export interface EventRule {
  readonly rule: AlertRule
  /** Milliseconds back from an event that count with it. Once told, the subject is left alone for as long. */
  readonly windowMillis: number
  readonly threshold: number
  /** Whom or what an event counts for; nothing where it does not count. */
  readonly subjectOf: (event: AuditEvent) => ObjectRef | undefined
  /** Events with the same value count once. Without it each counts. */
  readonly distinct?: (event: AuditEvent) => string
}

/** Events by instant, then by id: the order in which they are sealed and counted. */
export const inTime = (a: AuditEvent, b: AuditEvent): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/**
 * Where a rule holds: one for each event at which it does, in order. Whoever tells of them leaves out those that fall
 * into the quiet time of one before.
 *
 * @param events in order, from one window before the first event that is asked about
 */
export const whereRuleHolds = (
  { rule, windowMillis, threshold, subjectOf, distinct }: EventRule,
  events: ReadonlyArray<AuditEvent>,
): ReadonlyArray<AlertDue> => {
  const found: Array<AlertDue> = []
  const counted = new Map<string, Array<AuditEvent>>()
  for (const event of events) {
    const subject = subjectOf(event)
    if (subject === undefined) continue
    const key = `${subject.kind} ${subject.id}`
    const window = (counted.get(key) ?? []).filter(({ at }) => at > event.at - windowMillis)
    window.push(event)
    counted.set(key, window)
    const count = distinct === undefined ? window.length : new Set(window.map(distinct)).size
    if (count < threshold) continue
    const from = window[0]?.at ?? event.at
    found.push({ rule, subject, window: { from, to: event.at }, count, quietMillis: windowMillis })
  }
  return found
}

/**
 * Those of the findings that are to be told: none within the quiet time that an earlier one of its rule and subject
 * began.
 *
 * @param quietUntil until when a rule and subject are quiet already
 */
export const tellOnce = (
  found: ReadonlyArray<AlertDue>,
  quietUntil: (due: AlertDue) => Timestamp | undefined,
): ReadonlyArray<AlertDue> => {
  const quiet = new Map<string, number>()
  return [...found]
    .sort((a, b) => a.window.to - b.window.to)
    .filter((due) => {
      const key = alertKey(due)
      const until = quiet.get(key) ?? quietUntil(due) ?? Number.NEGATIVE_INFINITY
      if (due.window.to < until) return false
      quiet.set(key, due.window.to + due.quietMillis)
      return true
    })
}

/** Names a rule and its subject. */
export const alertKey = ({ rule, subject }: Pick<AlertDue, "rule" | "subject">): string =>
  `${rule} ${subject.kind} ${subject.id}`
