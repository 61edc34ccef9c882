import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { type Ids, nextId, personal, Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, due, index } from "../store/index.ts"
import { Purpose } from "./Purpose.ts"

export const AuditEventId = Uuid.pipe(Schema.brand("AuditEventId"))
export type AuditEventId = typeof AuditEventId.Type

/** Who acted: a signed-in person, a channel or courier, or the system itself. An opaque id, never a name. */
export const ActorRef = Schema.Struct({
  kind: Schema.Literals(["user", "integration", "system"]),
  id: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/u)).annotate(
    personal({ category: "account" }),
  ),
})
export type ActorRef = typeof ActorRef.Type

/** What an event, a movement or a message is about: a kind of record and its opaque id. */
export const ObjectRef = Schema.Struct({
  kind: Schema.String.check(Schema.isPattern(/^[a-z][a-z_]{0,63}$/u)),
  id: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(512)),
})
export type ObjectRef = typeof ObjectRef.Type

/** The number of a digest: the first of a partition is 1, and none is left out. */
export const DigestNumber = Schema.Int.check(
  Schema.isBetween({ minimum: 1, maximum: 999_999_999_999 }),
)

const facts = Schema.Struct({
  id: AuditEventId,
  at: Timestamp,
  actor: ActorRef,
  /** The name of an operation, or one of `SystemAction`. */
  action: Schema.String.check(Schema.isPattern(/^[a-z][A-Za-z0-9]{0,63}$/u)),
  object: ObjectRef,
  /** What data was read or given away for (R11). */
  purpose: Schema.optionalKey(Purpose),
  outcome: Schema.Literals(["done", "refused"]),
  /** The tag of the error, for a refusal; else a code that tells why. */
  reason: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^[A-Za-z][A-Za-z0-9_./-]{0,127}$/u)),
  ),
  /** The idempotency key of the command, which ties the event to its receipt. */
  correlation: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^[!-~]{1,128}$/u))),
  /** The digest that sealed it. */
  digest: Schema.optionalKey(DigestNumber),
  /**
   * `at`, until a digest seals it: by this, sealing finds what is left to seal, whenever it came to be written. Nobody
   * gives it: it follows from `digest`.
   */
  unsealedAt: Schema.optionalKey(Timestamp),
})

type Facts = typeof facts.Type

/**
 * One thing that somebody did, or was refused. It is an entry of the batch that it describes, so there is no
 * effect without its event (I10). Opaque ids only: an event holds no personal data and no value of a field.
 *
 * An event is never changed, but once: a digest seals it (`sealAuditLog`).
 */
export const AuditEvent = facts
  .check(
    Schema.makeFilter(
      ({ at, digest, unsealedAt }: Facts) =>
        unsealedAt === (digest === undefined ? at : undefined) ||
        "sealed, or waiting since it happened",
    ),
  )
  .pipe(
    Schema.decodeTo(
      Schema.toType(facts),
      SchemaTransformation.transform({
        decode: (event): Facts => event,
        encode: ({ unsealedAt: _, ...event }): Facts =>
          event.digest === undefined ? { ...event, unsealedAt: event.at } : event,
      }),
    ),
  )
export type AuditEvent = typeof AuditEvent.Type

/**
 * What is recorded beside the operations of the policy: at the doors, at sign-in, with keys, and what the engine does on
 * its own. Together with the policy's names this is the closed set of actions.
 */
export const SystemAction = Schema.Literals([
  "enterPartition",
  "registerOperator",
  "signIn",
  "refreshSession",
  "grantRole",
  "breakGlass",
  "readCredential",
  "openSealed",
  "giveUpJob",
  "anonymiseBuyer",
  "purgeOrder",
])
export type SystemAction = typeof SystemAction.Type

/**
 * The audit log of a partition, in the order of time. An upcast of an event must leave its canonical form as it is:
 * digests were made over that.
 */
export const AuditLog = Collection.make("audit_log", {
  schema: AuditEvent,
  key: (event) => event.id,
  indexes: {
    time: index("at"),
    action: index("action", "at"),
    digest: index("digest", "at"),
    unsealed: index("unsealedAt"),
    sealing: due("unsealedAt"),
  },
})

/** What the writer of an event says of it. */
export type AuditFacts = Omit<AuditEvent, "id" | "digest" | "unsealedAt">

/** A new event, for the batch of what it tells of: `insert(AuditLog, yield* auditEvent({ … }))`. */
export const auditEvent = (said: AuditFacts): Effect.Effect<AuditEvent, never, Ids> =>
  Effect.map(nextId(AuditEventId), (id) => ({ id, ...said }))
