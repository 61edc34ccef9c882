import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type SalesChannel, SalesChannels } from "../../order/index.ts"
import { ChannelKind } from "../../party/index.ts"
import { BuyerData } from "../../privacy/index.ts"

const KIND = ChannelKind.make("shopify")
const decode = Schema.decodeUnknownSync(BuyerData)

/** What every value of the buyer of an order contains, and nothing else in the world does. */
export const markOf = (accountReference: string, externalId: string): string =>
  `${accountReference}q${externalId}q`

/** The name that the buyer of an order has. */
export const nameOf = (mark: string): string => `Buyer ${mark}`

/** A channel whose buyers are told apart by the account and the order that they belong to. */
const channel: SalesChannel = {
  kind: KIND,
  holds: [],
  buyer: ({ accountReference, externalId }) =>
    Effect.sync(() => buyerOf(markOf(accountReference, externalId))),
}

/** The buyer whose values contain a mark. */
export const buyerOf = (mark: string): BuyerData =>
  decode({
    name: nameOf(mark),
    address: {
      line1: `1 ${mark} Road`,
      city: `Town ${mark}`,
      postcode: `TE1 ${mark}`,
      country: "GB",
    },
    email: `${mark}@example.com`,
    phone: `${mark} +44 7700 900001`,
    other: { deliveryInstructions: `Leave with ${mark}` },
  })

/** The one part of a composition that is the laws' own: what comes from it is known, so that it can be searched for. */
export const markedChannels = SalesChannels.from([channel])
