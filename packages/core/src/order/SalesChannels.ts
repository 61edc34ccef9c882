import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { AccountReference, ChannelKind, ConnectionId } from "../party/index.ts"
import type { BuyerData, PlaceName } from "../privacy/index.ts"
import type { ExternalId } from "./Order.ts"

/** An order as its channel knows it. */
export interface ChannelOrder {
  readonly connection: ConnectionId
  readonly accountReference: AccountReference
  readonly externalId: ExternalId
}

/** The channel does not answer, or not now. `retryable` tells whether asking again may help by itself. */
export class ChannelUnavailable extends Schema.TaggedError<ChannelUnavailable>()(
  "ChannelUnavailable",
  { channel: Schema.String, operation: Schema.String, retryable: Schema.Boolean },
) {
  override get message() {
    return `the channel ${this.channel} could not ${this.operation}`
  }
}

/** The channel gives no buyer for the order: the account lacks the role for it (R8). The order cannot be sent. */
export class BuyerWithheld extends Schema.TaggedError<BuyerWithheld>()("BuyerWithheld", {
  channel: Schema.String,
  reason: Schema.Literals(["role_missing", "not_found", "fulfilled_by_channel"]),
}) {
  override get message() {
    return `the channel ${this.channel} gives no buyer: ${this.reason}`
  }
}

/** A place where orders come from. */
export interface SalesChannel {
  readonly kind: ChannelKind
  /** The places in which it may keep something of a buyer: each is to be registered (rules 8). Empty for one that keeps nothing. */
  readonly holds: ReadonlyArray<PlaceName>
  /**
   * The buyer of one order, asked for when it is released and not before (R45). The answer is sealed at once: an
   * adapter neither keeps nor logs it, and drops every field that it was not asked for (R5).
   */
  readonly buyer: (
    order: ChannelOrder,
  ) => Effect.Effect<BuyerData, ChannelUnavailable | BuyerWithheld>
}

/** The channels that a host has composed, by kind. */
export class SalesChannels extends Context.Service<
  SalesChannels,
  {
    readonly all: ReadonlyArray<SalesChannel>
    readonly of: (kind: ChannelKind) => SalesChannel | undefined
  }
>()("@oto-fulfilment/core/SalesChannels") {
  /** The channels of a composition; of two of one kind the last one counts. */
  static readonly from = (channels: ReadonlyArray<SalesChannel>): Layer.Layer<SalesChannels> => {
    const byKind = new Map(channels.map((channel) => [channel.kind, channel]))
    return Layer.succeed(SalesChannels, {
      all: [...byKind.values()],
      of: (kind) => byKind.get(kind),
    })
  }
}
