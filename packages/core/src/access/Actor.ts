import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import { ActorRef } from "../audit/index.ts"
import { PartitionId } from "../store/index.ts"
import { Role } from "./policy.ts"

/** What an actor may do in one partition. */
export const Grant = Schema.Struct({ partition: PartitionId, roles: Schema.Array(Role) })
export type Grant = typeof Grant.Type

/**
 * Who calls: an opaque reference, the partition that it belongs to, and its grants, one for each partition
 * that it may enter. The host makes it from a session that it has verified.
 */
export const Actor = Schema.Struct({
  ref: ActorRef,
  /** Where refusals to enter other partitions are recorded: the operator's or merchant's own partition. */
  home: PartitionId,
  grants: Schema.Array(Grant),
})
export type Actor = typeof Actor.Type

/**
 * The actor at work in the current partition, with the roles that it holds there.
 *
 * @effect-leakable-service
 */
export class CurrentActor extends Context.Service<
  CurrentActor,
  { readonly ref: ActorRef; readonly roles: ReadonlyArray<Role> }
>()("@oto-fulfilment/core/CurrentActor") {}
