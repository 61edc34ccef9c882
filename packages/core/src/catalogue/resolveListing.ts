import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { query } from "../command/index.ts"
import { Uuid } from "../kernel/index.ts"
import { ChannelSku, listingIdOf } from "./Listing.ts"
import { lookUpListing } from "./lookUp.ts"

/** What a channel SKU stands for now. `NotFound` when it is not listed (any more). */
export const resolveListing = query({
  action: "resolveListing",
  input: Schema.Struct({ connection: Uuid, channelSku: ChannelSku }),
  read: Effect.fnUntraced(function* ({ connection, channelSku }) {
    const listing = yield* lookUpListing(connection, channelSku)
    if (Option.isSome(listing)) return listing.value.value
    return yield* new NotFound({ kind: "listing", id: listingIdOf(connection, channelSku) })
  }),
})
