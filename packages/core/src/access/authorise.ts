import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  AuditLog,
  auditEvent,
  type ObjectRef,
  type Purpose,
  type SystemAction,
} from "../audit/index.ts"
import { type Ids, now } from "../kernel/index.ts"
import {
  CurrentPartition,
  insert,
  openPartition,
  PartitionId,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { type Actor, CurrentActor } from "./Actor.ts"
import { type Action, allows } from "./policy.ts"

/** The actor's roles in this partition do not allow the action. The refusal is in the audit log. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", {
  action: Schema.String,
}) {
  override get message() {
    return `none of the actor's roles allows ${this.action}`
  }
}

/** There is no such thing, or not for this actor: both look the same (R29). */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", {
  kind: Schema.String,
  id: Schema.String,
}) {
  override get message() {
    return `there is no ${this.kind} ${this.id}`
  }
}

/** Refuses the action unless one of the current actor's roles allows it, and records the refusal. */
export const authorise = Effect.fnUntraced(function* (action: Action) {
  const actor = yield* CurrentActor
  if (allows(action, actor.roles)) return
  const { id } = yield* CurrentPartition
  yield* recordRefusal(action, { kind: "partition", id }, "Forbidden")
  return yield* new Forbidden({ action })
})

/**
 * Lets an actor into a partition, and runs `work` there. Refused as `NotFound`, whether the partition is somebody
 * else's or does not exist; the attempt is recorded in the actor's own partition.
 *
 * @param actor whom the host has verified
 * @param partition the merchant's or operator's id
 */
export const enterPartition =
  (actor: Actor, partition: string) =>
  <A, E, R>(
    work: Effect.Effect<A, E, R>,
  ): Effect.Effect<
    A,
    E | NotFound | StoreUnavailable,
    Exclude<R, CurrentPartition | CurrentActor> | Store | Ids
  > => {
    const grant = actor.grants.find((each) => each.partition === partition)
    const inside = grant === undefined ? actor.home : grant.partition
    const entered: Effect.Effect<
      A,
      E | NotFound | StoreUnavailable,
      R | Store | Ids | CurrentPartition | CurrentActor
    > = grant === undefined ? refuseEntry(partition) : work
    return entered.pipe(
      Effect.provideService(CurrentPartition, openPartition(inside)),
      Effect.provideService(CurrentActor, { ref: actor.ref, roles: grant?.roles ?? [] }),
    ) as Effect.Effect<
      A,
      E | NotFound | StoreUnavailable,
      Exclude<R, CurrentPartition | CurrentActor> | Store | Ids
    >
  }

const isPartitionId = Schema.is(PartitionId)

const refuseEntry = Effect.fnUntraced(function* (partition: string) {
  // The caller gets back what it sent; the log takes ids only, whatever was typed in place of one.
  const id = isPartitionId(partition) ? partition : "malformed"
  yield* recordRefusal("enterPartition", { kind: "partition", id }, "NotFound")
  return yield* new NotFound({ kind: "partition", id: partition.slice(0, 128) })
})

/**
 * Records that the current actor was refused something, in the current partition.
 *
 * @param reason the tag of the error
 * @param purpose what data was asked for, if it was for data
 */
export const recordRefusal = Effect.fnUntraced(function* (
  action: Action | SystemAction,
  object: ObjectRef,
  reason: string,
  purpose?: Purpose,
) {
  const store = yield* Store
  const actor = yield* CurrentActor
  const at = yield* now
  const refusal = {
    at,
    actor: actor.ref,
    action,
    object,
    outcome: "refused",
    reason,
    ...(purpose !== undefined && { purpose }),
  } as const
  yield* store
    .commit([insert(AuditLog, yield* auditEvent(refusal))])
    // A new event collides with nothing and is small: what is left is that the store does not answer.
    .pipe(
      Effect.catchTags({
        Duplicate: Effect.die,
        Conflict: Effect.die,
        Insufficient: Effect.die,
        TooLarge: Effect.die,
      }),
    )
})
