import * as Schema from "effect/Schema"
import { Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"

export const AuditEventId = Uuid.pipe(Schema.brand("AuditEventId"))
export type AuditEventId = typeof AuditEventId.Type

/** Who acted: a signed-in person, a channel or courier, or the system itself. An opaque id, never a name. */
export const ActorRef = Schema.Struct({
  kind: Schema.Literals(["user", "integration", "system"]),
  id: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/u)),
})
export type ActorRef = typeof ActorRef.Type

/** What an event, a movement or a message is about: a kind of record and its opaque id. */
export const ObjectRef = Schema.Struct({
  kind: Schema.String.check(Schema.isPattern(/^[a-z][a-z_]{0,63}$/u)),
  id: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(512)),
})
export type ObjectRef = typeof ObjectRef.Type

/**
 * One thing that somebody did, or was refused. It is an entry of the batch that it describes, so there is no
 * effect without its event (I10). Opaque ids only: an event holds no personal data and no value of a field.
 */
export const AuditEvent = Schema.Struct({
  id: AuditEventId,
  at: Timestamp,
  actor: ActorRef,
  action: Schema.String,
  object: ObjectRef,
  outcome: Schema.Literals(["done", "refused"]),
  /** The tag of the error, for a refusal. */
  reason: Schema.optionalKey(Schema.String),
  /** The idempotency key of the command, which ties the event to its receipt. */
  correlation: Schema.optionalKey(Schema.String),
})
export type AuditEvent = typeof AuditEvent.Type

/** The audit log of a partition, in the order of time. */
export const AuditLog = Collection.make("audit_log", {
  schema: AuditEvent,
  key: (event) => event.id,
  indexes: { time: index("at"), action: index("action", "at") },
})
