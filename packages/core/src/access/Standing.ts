import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Timestamp } from "../kernel/index.ts"
import {
  Collection,
  type CurrentPartition,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"

/**
 * What a partition's owner may do. `on_stop`: takes orders, nothing leaves (credit stop). `suspended`: stock
 * work only, no new orders. `closing`: only what winds up. `closed`: nothing, for ever.
 */
export const StandingState = Schema.Literals([
  "active",
  "on_stop",
  "suspended",
  "closing",
  "closed",
])
export type StandingState = typeof StandingState.Type

/** One record a partition. Every batch of the partition `check`s it, so a change of standing fences later writes. */
export const Standing = Schema.Struct({
  id: Schema.Literal("standing"),
  state: StandingState,
  since: Timestamp,
})
export type Standing = typeof Standing.Type

export const Standings = Collection.make("standings", {
  schema: Standing,
  key: (standing) => standing.id,
  indexes: {},
  fence: 32,
})

/** The standing of the current partition as read, or none where nobody has opened it. */
export const readStanding: Effect.Effect<
  Option.Option<Stored<Standing>>,
  StoreUnavailable,
  Store | CurrentPartition
> = Effect.flatMap(Store, (store) => store.get(Standings, "standing"))

/** The partition's standing does not allow the command. `allowed` lists the standings that do. */
export class StandingRefused extends Schema.TaggedError<StandingRefused>()("StandingRefused", {
  command: Schema.String,
  state: StandingState,
  allowed: Schema.Array(StandingState),
}) {
  override get message() {
    return `${this.command} is refused while the standing is ${this.state}; it needs ${this.allowed.join(" or ")}`
  }
}
