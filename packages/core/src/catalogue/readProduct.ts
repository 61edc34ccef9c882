import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { query } from "../command/index.ts"
import { Sku } from "../kernel/index.ts"
import { lookUpProduct } from "./lookUp.ts"

/** The product with this SKU. */
export const readProduct = query({
  action: "readProduct",
  input: Schema.Struct({ sku: Sku }),
  read: Effect.fnUntraced(function* ({ sku }) {
    const stored = yield* lookUpProduct(sku)
    if (Option.isNone(stored)) return yield* new NotFound({ kind: "product", id: sku })
    return stored.value.value
  }),
})
