import type { AuditEvent, EventRule } from "../../src/audit/index.ts"

/** Where a rule holds, in the plainest way: for each event, all others are looked at. */
export const naivelyHolds = (rule: EventRule, events: ReadonlyArray<AuditEvent>) =>
  events.flatMap((event, place) => {
    const subject = rule.subjectOf(event)
    if (subject === undefined) return []
    const window = events.slice(0, place + 1).filter((other) => {
      const same = rule.subjectOf(other)
      return (
        same !== undefined &&
        same.kind === subject.kind &&
        same.id === subject.id &&
        other.at > event.at - rule.windowMillis
      )
    })
    const seen = rule.distinct ? new Set(window.map(rule.distinct)).size : window.length
    return seen >= rule.threshold ? [{ subject, to: event.at, count: seen }] : []
  })

/** What is told of, in the plainest way: the first, and then each that comes a window later at least. */
export const naivelyTold = (
  holds: ReadonlyArray<{ readonly subject: { kind: string; id: string }; readonly to: number }>,
  windowMillis: number,
) => {
  const last = new Map<string, number>()
  return holds.filter(({ subject, to }) => {
    const key = `${subject.kind} ${subject.id}`
    const before = last.get(key)
    if (before !== undefined && to < before + windowMillis) return false
    last.set(key, to)
    return true
  })
}
