import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { pageFields, pageOf, query } from "../command/index.ts"
import { Uuid } from "../kernel/index.ts"
import { Store } from "../store/index.ts"
import { ListingState, Listings } from "./Listing.ts"

/** The listings of a connection by channel SKU, a page at a time; those that are listed, or those removed. */
export const findListings = query({
  action: "findListings",
  input: Schema.Struct({
    ...pageFields,
    connection: Uuid,
    state: ListingState.pipe(Schema.withDecodingDefaultKey(Effect.succeed("listed" as const))),
  }),
  read: Effect.fnUntraced(function* ({ connection, state, ...page }) {
    const found = yield* (yield* Store).find(Listings, "connection", {
      ...page,
      equals: { connection, state },
    })
    return pageOf(found)
  }),
})
