import type { AuditEvent, ObjectRef } from "./AuditEvent.ts"
import type { EventRule } from "./EventRule.ts"

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Orders whose buyers one actor may be shown within an hour, outside of a print batch (R46, security 4; chosen). */
export const REVEALS_PER_HOUR = 50

const actorOf = ({ actor }: AuditEvent): ObjectRef => ({ kind: actor.kind, id: actor.id })
const is = (action: string, outcome: AuditEvent["outcome"]) => (event: AuditEvent) =>
  event.action === action && event.outcome === outcome

/** Whether somebody asked to see a buyer, and was shown one or refused. */
export const isReveal = (event: AuditEvent, outcome: AuditEvent["outcome"]): boolean =>
  event.outcome === outcome && event.action.startsWith("reveal")

/** Roles that reach personal data of any buyer, or the platform itself. */
const POWERFUL = new Set(["platform_admin", "privacy_officer"])

/** Access out of the ordinary: that it was opened, and each use of it. */
const BREAKING_GLASS = new Set(["breakGlass", "revealUnderBreakGlass"])

/** Reasons that say that something sealed, a key or a log was tampered with (I8). */
const TAMPERED = new Set(["Tampered", "KeyRefused", "InvalidCiphertext", "AuditLogBroken"])

/**
 * The rules that look at each event and those shortly before (security 4). All numbers are chosen defaults.
 *
 * At `signIn` the actor is the account that was tried and the object is the address, both as opaque ids; the object of
 * `grantRole` is the role, that of `readCredential` the credential.
 */
export const eventRules: ReadonlyArray<EventRule> = [
  {
    rule: "failed_sign_ins",
    windowMillis: 15 * MINUTE,
    threshold: 5,
    subjectOf: (event) => (is("signIn", "refused")(event) ? actorOf(event) : undefined),
  },
  {
    rule: "failed_sign_ins_from_address",
    windowMillis: 10 * MINUTE,
    threshold: 20,
    subjectOf: (event) => (is("signIn", "refused")(event) ? event.object : undefined),
  },
  {
    rule: "cross_merchant_attempt",
    windowMillis: HOUR,
    threshold: 1,
    subjectOf: (event) => (is("enterPartition", "refused")(event) ? actorOf(event) : undefined),
  },
  {
    rule: "reveals_denied",
    windowMillis: HOUR,
    threshold: 3,
    subjectOf: (event) => (isReveal(event, "refused") ? actorOf(event) : undefined),
  },
  {
    rule: "many_reveals",
    windowMillis: HOUR,
    threshold: REVEALS_PER_HOUR + 1,
    subjectOf: (event) => (isReveal(event, "done") ? actorOf(event) : undefined),
    distinct: ({ object }) => object.id,
  },
  {
    rule: "break_glass",
    windowMillis: HOUR,
    threshold: 1,
    subjectOf: (event) =>
      event.outcome === "done" && BREAKING_GLASS.has(event.action) ? actorOf(event) : undefined,
  },
  {
    rule: "session_reuse",
    windowMillis: HOUR,
    threshold: 1,
    subjectOf: (event) => (is("refreshSession", "refused")(event) ? actorOf(event) : undefined),
  },
  {
    rule: "tampering",
    windowMillis: HOUR,
    threshold: 1,
    subjectOf: ({ outcome, reason, object }) =>
      outcome === "refused" && reason !== undefined && TAMPERED.has(reason) ? object : undefined,
  },
  {
    rule: "powerful_role_granted",
    windowMillis: HOUR,
    threshold: 1,
    subjectOf: (event) =>
      is("grantRole", "done")(event) && POWERFUL.has(event.object.id) ? actorOf(event) : undefined,
  },
  {
    rule: "credential_read",
    windowMillis: HOUR,
    threshold: 1,
    subjectOf: (event) =>
      event.action === "readCredential" && event.actor.kind !== "integration"
        ? actorOf(event)
        : undefined,
  },
]

/** How far back from an event the longest window reaches, in milliseconds. */
export const LONGEST_WINDOW = Math.max(...eventRules.map(({ windowMillis }) => windowMillis))
