import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { StandingState } from "../access/index.ts"
import { ActorRef } from "../audit/index.ts"
import { Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"

export const StandingChangeId = Uuid.pipe(Schema.brand("StandingChangeId"))
export type StandingChangeId = typeof StandingChangeId.Type

/** Why a standing changed: a closed list, and codes of an operator's own as `own:...`. */
export const StandingReason = Schema.Union([
  Schema.Literals(["credit", "non_payment", "contract", "compliance", "own_request", "resolved"]),
  Schema.String.check(Schema.isPattern(/^own:[a-z][a-z0-9_]{0,40}$/u)).pipe(
    Schema.brand("OwnStandingReason"),
  ),
])
export type StandingReason = typeof StandingReason.Type

/** One change of a merchant's standing. Never replaced. */
export const StandingChange = Schema.Struct({
  id: StandingChangeId,
  from: StandingState,
  to: StandingState,
  reason: StandingReason,
  actor: ActorRef,
  at: Timestamp,
})
export type StandingChange = typeof StandingChange.Type

export const StandingChanges = Collection.make("standing_changes", {
  schema: StandingChange,
  key: (change) => change.id,
  indexes: { time: index("at") },
})

/**
 * Where each standing may lead. A merchant that is winding up may stay after all, then as an active one: a stop or a
 * suspension is decided anew. It closes from winding up only, so that nobody closes one with orders under way by a
 * single call. Closed is final.
 */
export const standingTransitions: {
  readonly [From in StandingState]: ReadonlyArray<StandingState>
} = {
  active: ["on_stop", "suspended", "closing"],
  on_stop: ["active", "suspended", "closing"],
  suspended: ["active", "on_stop", "closing"],
  closing: ["active", "closed"],
  closed: [],
}

/** The standing does not lead there. `allowed` lists where it does. Nothing changed. */
export class StandingChangeRefused extends Schema.TaggedError<StandingChangeRefused>()(
  "StandingChangeRefused",
  { from: StandingState, to: StandingState, allowed: Schema.Array(StandingState) },
) {
  override get message() {
    const allowed = this.allowed.join(" or ") || "nothing"
    return `a standing of ${this.from} does not lead to ${this.to}; it leads to ${allowed}`
  }
}

/** Whether a standing may lead to another. */
export const decideStanding = (
  from: StandingState,
  to: StandingState,
): Result.Result<StandingState, StandingChangeRefused> =>
  standingTransitions[from].includes(to)
    ? Result.succeed(to)
    : Result.fail(new StandingChangeRefused({ from, to, allowed: [...standingTransitions[from]] }))
