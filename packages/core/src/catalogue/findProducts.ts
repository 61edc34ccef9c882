import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { pageFields, pageOf, query } from "../command/index.ts"
import { Store } from "../store/index.ts"
import { ProductState, Products } from "./Product.ts"

/** The merchant's products by SKU, a page at a time, of one state or of all. */
export const findProducts = query({
  action: "findProducts",
  input: Schema.Struct({ ...pageFields, state: Schema.optionalKey(ProductState) }),
  read: Effect.fnUntraced(function* ({ state, ...page }) {
    const store = yield* Store
    return pageOf(
      state === undefined
        ? yield* store.find(Products, "sku", page)
        : yield* store.find(Products, "state", { ...page, equals: { state } }),
    )
  }),
})
