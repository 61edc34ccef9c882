import * as Schema from "effect/Schema"
import { Standing } from "../access/index.ts"
import { command } from "../command/index.ts"
import { draftStanding } from "./draftStanding.ts"
import { StandingReason } from "./StandingChange.ts"

/**
 * Closes the current merchant, for good. It must be winding up: `changeStanding` to `closing` first, and again to
 * `active` if it stays after all. Once this has answered, no command of the merchant is committed any more.
 *
 * Whether orders are under way or stock is left is for whoever closes to look at; the goods are not party's to know.
 *
 * Fails with `StandingRefused` while the merchant is not winding up.
 */
export const closeMerchant = command({
  action: "closeMerchant",
  input: Schema.Struct({ reason: StandingReason }),
  answer: Standing,
  standings: ["closing"],
  decide: ({ reason }, context) => draftStanding("closed", reason, context),
})
