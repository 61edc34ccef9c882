import * as Schema from "effect/Schema"
import { MAX_UNITS, Sku, Timestamp, Units } from "../kernel/index.ts"
import { ConnectionId } from "../party/index.ts"
import { Collection, index } from "../store/index.ts"

/** A whole, in basis points: 10,000 of them are 100 %. */
export const WHOLE_SHARE = 10_000

/** A part of a whole in basis points, 0 to 10,000: 2,500 is 25 %. */
export const Share = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: WHOLE_SHARE })).pipe(
  Schema.brand("Share"),
)
export type Share = typeof Share.Type

const UpToAllUnits = Units.check(Schema.isLessThanOrEqualTo(MAX_UNITS))

/** The SKU that a rule is for, or `*` for all that have no rule of their own. */
export const RuleSku = Schema.Union([Schema.Literal("*"), Sku])
export type RuleSku = typeof RuleSku.Type

export const channelRuleFields = {
  connection: ConnectionId,
  sku: RuleSku,
  /** Units that are withheld from the channel, as safety stock. */
  buffer: UpToAllUnits,
  /** The part of what is left that the channel may sell. Shares of one SKU's channels within 100 % never oversell. */
  share: Share,
  /** The most that the channel is ever told. */
  cap: Schema.optionalKey(UpToAllUnits),
  /** With no more than so many available, the channel is told none: its listing ends before the stock does. */
  endWhen: UpToAllUnits,
}

/** How much of what is available a channel is told, for one SKU or for all others (domain 1.3). */
export const ChannelRule = Schema.Struct({
  id: Schema.String,
  ...channelRuleFields,
  since: Timestamp,
})
export type ChannelRule = typeof ChannelRule.Type

export const ChannelRules = Collection.make("channel_rules", {
  schema: ChannelRule,
  key: (rule) => rule.id,
  indexes: { connection: index("connection", "sku") },
})

/** The id of a rule. A connection's id has a fixed length and no SKU holds a `/`, so no two pairs collide. */
export const channelRuleIdOf = (connection: ConnectionId, sku: RuleSku): string =>
  `${connection}/${sku}`

/** The figures of a rule. */
export type ChannelTerms = Pick<ChannelRule, "buffer" | "share" | "cap" | "endWhen">

/** What holds where no rule was set: the channel is told all that is available. */
export const DEFAULT_TERMS: ChannelTerms = {
  buffer: 0 as Units,
  share: WHOLE_SHARE as Share,
  endWhen: 0 as Units,
}
