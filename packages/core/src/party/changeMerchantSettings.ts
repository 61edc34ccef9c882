import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { canonical, command, unchanged } from "../command/index.ts"
import { Currency, TimeZone } from "../kernel/index.ts"
import { replace } from "../store/index.ts"
import { currentMerchant, Merchant } from "./Merchant.ts"

/** Changes the current merchant's settings; one that is left out stays. */
export const changeMerchantSettings = command({
  action: "changeMerchantSettings",
  input: Schema.Struct({
    currency: Schema.optionalKey(Currency),
    timeZone: Schema.optionalKey(TimeZone),
  }),
  answer: Merchant,
  standings: ["active", "on_stop", "suspended"],
  decide: Effect.fnUntraced(function* (changes) {
    const stored = yield* currentMerchant
    const before = stored.value
    const after: Merchant = { ...before, settings: { ...before.settings, ...changes } }
    const about = { kind: "merchant", id: before.id }
    return canonical(after) === canonical(before)
      ? unchanged(about, before)
      : { about, entries: [replace(stored, after)], answer: after }
  }),
})
