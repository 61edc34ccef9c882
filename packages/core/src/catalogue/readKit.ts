import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { query } from "../command/index.ts"
import { Sku } from "../kernel/index.ts"
import { lookUpKit } from "./lookUp.ts"

/** The kit with this SKU, virtual or assembled. */
export const readKit = query({
  action: "readKit",
  input: Schema.Struct({ sku: Sku }),
  read: Effect.fnUntraced(function* ({ sku }) {
    const stored = yield* lookUpKit(sku)
    if (Option.isNone(stored)) return yield* new NotFound({ kind: "kit", id: sku })
    return stored.value.value
  }),
})
