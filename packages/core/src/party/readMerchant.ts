import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound, readStanding } from "../access/index.ts"
import { query } from "../command/index.ts"
import { currentMerchant } from "./Merchant.ts"

/** Nothing to ask. An empty `Struct` would take any value at all. */
const Nothing = Schema.Record(Schema.String, Schema.Never)

/** The current merchant and its standing. `NotFound` where no merchant was opened. */
export const readMerchant = query({
  action: "readMerchant",
  input: Nothing,
  read: Effect.fnUntraced(function* () {
    const { value: merchant } = yield* currentMerchant
    const standing = yield* readStanding
    if (Option.isNone(standing)) return yield* new NotFound({ kind: "merchant", id: merchant.id })
    const { state, since } = standing.value.value
    return { merchant, standing: { state, since } }
  }),
})
