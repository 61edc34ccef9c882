import * as Schema from "effect/Schema"
import { Timestamp } from "../kernel/index.ts"
import { PartitionId } from "../store/index.ts"
import { ObjectRef } from "./AuditEvent.ts"

/** What can be wrong enough to tell somebody at once (R37). The first dozen are found in events, the rest by watching. */
export const AlertRule = Schema.Literals([
  "failed_sign_ins",
  "failed_sign_ins_from_address",
  "cross_merchant_attempt",
  "reveals_denied",
  "many_reveals",
  "reveals_above_pattern",
  "reveal_out_of_hours",
  "break_glass",
  "session_reuse",
  "tampering",
  "powerful_role_granted",
  "credential_read",
  "log_broken",
  "log_unsealed",
  "log_silent",
  "sweep_backlog",
  "deadline_near",
  "key_ring_fault",
  "security_review_overdue",
  "case_due",
  "host_duty_unmet",
])
export type AlertRule = typeof AlertRule.Type

/**
 * Something that somebody has to look at: a rule, whom or what it is about, when and how often. Opaque ids and figures
 * only; what happened is in the audit log of the partition.
 */
export const Alert = Schema.Struct({
  rule: AlertRule,
  partition: PartitionId,
  subject: ObjectRef,
  /** What was counted: from the earliest to the latest instant. */
  window: Schema.Struct({ from: Timestamp, to: Timestamp }),
  count: Schema.Int,
})
export type Alert = typeof Alert.Type

/** An alert that a rule finds due, and for how long its subject is not told of again. */
export interface AlertDue extends Omit<Alert, "partition"> {
  readonly quietMillis: number
}

const SENTENCES: { readonly [Rule in AlertRule]: string } = {
  failed_sign_ins: "failed sign-ins to one account: lock it",
  failed_sign_ins_from_address: "failed sign-ins from one address",
  cross_merchant_attempt: "attempts to reach another partition",
  reveals_denied: "refused requests for buyers' data by one actor",
  many_reveals: "buyers shown to one actor within an hour",
  reveals_above_pattern: "buyers shown to one actor within an hour, far above what is usual for it",
  reveal_out_of_hours: "buyers shown out of hours",
  break_glass: "uses of break-glass access",
  session_reuse: "uses of a refresh token that was used before",
  tampering: "sealed values or keys that do not open",
  powerful_role_granted: "grants of a role that reaches personal data or the platform",
  credential_read: "reads of a credential by something that does not need it",
  log_broken: "places where the audit log is not as it was sealed",
  log_unsealed: "audit events that no digest covers for too long",
  log_silent: "requests without any audit event",
  sweep_backlog: "records that a sweep should have reached",
  deadline_near: "records whose personal data must be gone shortly",
  key_ring_fault: "faults of the key ring",
  security_review_overdue: "overdue reviews of the security log",
  case_due: "cases that are due",
  host_duty_unmet: "duties of the host that are not met",
}

/** An alert as one line: rule, figures and opaque ids, no personal data. */
export const alertText = ({ rule, partition, subject, window, count }: Alert): string => {
  const instants = [window.from, window.to].map((at) => new Date(at).toISOString())
  return `${rule}: ${count} ${SENTENCES[rule]} (${subject.kind} ${subject.id}, partition ${partition}, ${instants.join(" to ")})`
}
