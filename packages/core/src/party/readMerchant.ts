import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { NotFound, readStanding } from "../access/index.ts"
import { noInput, query } from "../command/index.ts"
import { currentMerchant } from "./Merchant.ts"

/** The current merchant and its standing. `NotFound` where no merchant was opened. */
export const readMerchant = query({
  action: "readMerchant",
  input: noInput,
  read: Effect.fnUntraced(function* () {
    const { value: merchant } = yield* currentMerchant
    const standing = yield* readStanding
    if (Option.isNone(standing)) return yield* new NotFound({ kind: "merchant", id: merchant.id })
    const { state, since } = standing.value.value
    return { merchant, standing: { state, since } }
  }),
})
