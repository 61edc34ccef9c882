import { DAY_MILLIS, plusMillis, type Timestamp } from "../kernel/index.ts"
import type { AlertDue, AlertRule } from "./Alert.ts"
import type { AuditBreak } from "./AuditBreak.ts"
import type { ObjectRef } from "./AuditEvent.ts"

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** What is watched in one partition, as far as it is known. What is left out raises no alert. */
export interface Watched {
  /** The first break that a check of the log found. */
  readonly broken?: AuditBreak | undefined
  /** The instant of the oldest event that no digest covers. */
  readonly oldestUnsealed?: Timestamp | undefined
  /** The latest audit event and, since then, the requests that were answered and the first of them. */
  readonly silence?: {
    readonly lastEventAt: Timestamp
    readonly firstRequestAt: Timestamp
    readonly requests: number
  }
  /** Since when the oldest record is due that a sweep should have reached. */
  readonly oldestDue?: Timestamp | undefined
  /** The nearest deadline of personal data that is still there. */
  readonly nearestDeadline?: Timestamp | undefined
  /** What the key ring says is not as it must be (R34). */
  readonly keyRingFaults?: number
  /** When the next review of the security log is due (`reviewDue`). */
  readonly reviewDueAt?: Timestamp | undefined
  /** Cases and incidents that are open, each with the instant at which it is due. */
  readonly cases?: ReadonlyArray<{ readonly subject: ObjectRef; readonly due: Timestamp }>
}

/** Unsealed events older than this are told of: two sealing intervals (chosen). */
const UNSEALED_MILLIS = 30 * MINUTE
/** Requests without an event for this long are told of (security 4). */
const SILENT_MILLIS = 15 * MINUTE
/** A sweep that is this far behind is told of (security 4). */
const BACKLOG_MILLIS = 6 * HOUR
/** Personal data that is this near to its deadline is told of: the sweep comes 24 hours before (security 4). */
const NEAR_MILLIS = 12 * HOUR
/** Before a case is due it is told of at these times, and when it is due (R53). */
const CASE_LEADS = [14 * DAY_MILLIS, 7 * DAY_MILLIS, 2 * DAY_MILLIS, 0] as const

/** What is to be told of at an instant. While it lasts it is told again after its quiet time. */
export const judgeWatched = (watched: Watched, at: Timestamp): ReadonlyArray<AlertDue> => {
  const log: ObjectRef = { kind: "audit_log", id: "partition" }
  const due = (
    rule: AlertRule,
    from: Timestamp,
    { subject = log, count = 1, quietMillis = 6 * HOUR }: Partial<AlertDue> = {},
  ): AlertDue => ({ rule, subject, window: { from, to: at }, count, quietMillis })
  const since = (start: Timestamp | undefined, millis: number): start is Timestamp =>
    start !== undefined && at - start > millis
  const { broken, oldestUnsealed, silence, oldestDue, nearestDeadline, reviewDueAt } = watched
  const found: Array<AlertDue> = []
  if (broken !== undefined) {
    const digest: ObjectRef = { kind: "audit_digest", id: String(broken.digest) }
    found.push(due("log_broken", at, { subject: digest }))
  }
  if (since(oldestUnsealed, UNSEALED_MILLIS)) found.push(due("log_unsealed", oldestUnsealed))
  if (silence !== undefined && silence.requests > 0 && isSilent(silence, at))
    found.push(due("log_silent", silence.firstRequestAt, { count: silence.requests }))
  if (since(oldestDue, BACKLOG_MILLIS)) found.push(due("sweep_backlog", oldestDue))
  if (nearestDeadline !== undefined && nearestDeadline - at < NEAR_MILLIS)
    found.push(due("deadline_near", at))
  if ((watched.keyRingFaults ?? 0) > 0)
    found.push(due("key_ring_fault", at, { count: watched.keyRingFaults ?? 0 }))
  if (since(reviewDueAt, 0))
    found.push(due("security_review_overdue", reviewDueAt, { quietMillis: DAY_MILLIS }))
  return [...found, ...casesDue(watched.cases ?? [], at)]
}

const isSilent = (
  { lastEventAt, firstRequestAt }: NonNullable<Watched["silence"]>,
  at: Timestamp,
): boolean => at - Math.max(lastEventAt, firstRequestAt) > SILENT_MILLIS

/** A case is told of once at each of its times: what was told at an earlier one says nothing of the next. */
const casesDue = (cases: NonNullable<Watched["cases"]>, at: Timestamp): ReadonlyArray<AlertDue> =>
  cases.flatMap(({ subject, due }) => {
    const reached = CASE_LEADS.filter((lead) => due - lead <= at)
    const lead = reached[reached.length - 1]
    if (lead === undefined) return []
    const from = plusMillis(due, -lead)
    // Quiet until the next time; a case that is due is told of daily.
    const next = CASE_LEADS.find((other) => other < lead)
    const quietMillis = next === undefined ? DAY_MILLIS : plusMillis(due, -next) - at
    return [{ rule: "case_due", subject, window: { from, to: at }, count: 1, quietMillis }]
  })
