import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type ChannelOrder, ChannelUnavailable, type SalesChannel } from "../order/index.ts"
import { ChannelKind } from "../party/index.ts"
import { BuyerData } from "../privacy/index.ts"

/** A channel that a test or a demonstration can watch and disturb. */
export interface PlaceholderChannel extends SalesChannel {
  /** The orders whose buyers were asked for, in turn. */
  readonly asked: ReadonlyArray<ChannelOrder>
  /** From now on it does not answer; `false` mends it. */
  readonly break: (broken: boolean) => void
}

/**
 * A channel without a marketplace behind it: its buyers are `Buyer 0001`, `Buyer 0002` and so on, numbered as their
 * orders are asked for, the same order always the same one. Nobody lives at their addresses.
 *
 * @param kind as connections name the channel
 * @param mark a text that each of a buyer's values contains, to search a composition for; none when left out
 */
export const placeholderChannel = (kind: string, mark = ""): PlaceholderChannel => {
  const asked: Array<ChannelOrder> = []
  const numbers = new Map<string, number>()
  let broken = false
  return {
    kind: ChannelKind.make(kind),
    holds: [],
    asked,
    break: (value) => {
      broken = value
    },
    buyer: (order) =>
      Effect.suspend(() => {
        asked.push(order)
        if (broken)
          return Effect.fail(
            new ChannelUnavailable({ channel: kind, operation: "give a buyer", retryable: true }),
          )
        const name = `${order.connection}/${order.externalId}`
        const number = numbers.get(name) ?? numbers.size + 1
        numbers.set(name, number)
        return Effect.succeed(buyerNumber(number, mark))
      }),
  }
}

const decode = Schema.decodeUnknownSync(BuyerData)

const buyerNumber = (number: number, mark: string): BuyerData => {
  const digits = String(number).padStart(4, "0")
  const marked = (text: string) => (mark === "" ? text : `${text} ${mark}`)
  return decode({
    name: marked(`Buyer ${digits}`),
    address: {
      line1: marked(`${number} Placeholder Road`),
      city: marked("Testington"),
      postcode: marked(`TE1 ${digits}`),
      country: "GB",
    },
    // The domain is reserved: no mail reaches anybody (RFC 2606). So is the range of numbers (Ofcom, for drama).
    email: `buyer-${digits}${mark === "" ? "" : `-${mark}`}@example.com`,
    phone: `${mark === "" ? "" : `${mark} `}+44 7700 900${String(number % 1000).padStart(3, "0")}`,
    other: { deliveryInstructions: marked(`Leave with neighbour ${digits}`) },
  })
}
