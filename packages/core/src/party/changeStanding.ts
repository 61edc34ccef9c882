import * as Schema from "effect/Schema"
import { Standing, StandingState } from "../access/index.ts"
import { command } from "../command/index.ts"
import { draftStanding } from "./draftStanding.ts"
import { StandingReason } from "./StandingChange.ts"

/**
 * Puts the current merchant on stop, suspends it, starts to wind it up, or makes it active again. The standing that it
 * has already changes nothing.
 *
 * Every batch of the partition checks the standing's record, which this replaces: what was decided under the old
 * standing and is not committed yet is decided again under the new one.
 *
 * Fails with `StandingChangeRefused` when the present standing does not lead there.
 */
export const changeStanding = command({
  action: "changeStanding",
  input: Schema.Struct({
    to: Schema.Literals(["active", "on_stop", "suspended", "closing"]),
    reason: StandingReason,
  }),
  answer: Standing,
  // Every standing, also `closed`: the table refuses what it does not list.
  standings: StandingState.literals,
  decide: ({ to, reason }, context) => draftStanding(to, reason, context),
})
