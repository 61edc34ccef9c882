import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { command, unchanged } from "../command/index.ts"
import { Uuid } from "../kernel/index.ts"
import { replace, Store } from "../store/index.ts"
import { ChannelSku, Listing, Listings, listingIdOf } from "./Listing.ts"

/**
 * Takes a listing away: its channel SKU resolves to nothing from now on. Removing it twice changes nothing.
 *
 * Fails with `NotFound` when it was never defined. A merchant that winds up may still remove its listings.
 */
export const removeListing = command({
  action: "removeListing",
  input: Schema.Struct({ connection: Uuid, channelSku: ChannelSku }),
  answer: Listing,
  standings: ["active", "on_stop", "suspended", "closing"],
  decide: Effect.fnUntraced(function* ({ connection, channelSku }, { at }) {
    const id = listingIdOf(connection, channelSku)
    const about = { kind: "listing", id }
    const stored = yield* (yield* Store).get(Listings, id)
    if (Option.isNone(stored)) return yield* new NotFound(about)
    if (stored.value.value.state === "removed") return unchanged(about, stored.value.value)
    const next: Listing = { ...stored.value.value, state: "removed", since: at }
    return { about, entries: [replace(stored.value, next)], answer: next }
  }),
})
