import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { CatalogueSkus } from "../catalogue/index.ts"
import { command, unchanged } from "../command/index.ts"
import { check, insert, replace, Store } from "../store/index.ts"
import {
  ChannelRule,
  ChannelRules,
  type ChannelTerms,
  channelRuleFields,
  channelRuleIdOf,
  DEFAULT_TERMS,
} from "./ChannelRule.ts"
import { loadConnected } from "./loadConnected.ts"

const { connection, sku, buffer, share, cap, endWhen } = channelRuleFields

/**
 * Sets how much of a merchant's available stock a channel is told, for one SKU or with `*` for all that have no
 * rule of their own. It replaces the rule that was there as a whole.
 *
 * Fails with `NotFound` for a connection that is not connected, and for a SKU that the catalogue does not have.
 *
 * @param input.buffer units withheld; 0, when left out
 * @param input.share basis points of the rest, 10,000 when left out
 * @param input.cap the most that the channel is told; no limit, when left out
 * @param input.endWhen available units at or below which it is told none; 0, when left out
 */
export const setChannelRule = command({
  action: "setChannelRule",
  input: Schema.Struct({
    connection,
    sku,
    buffer: Schema.optionalKey(buffer),
    share: Schema.optionalKey(share),
    cap,
    endWhen: Schema.optionalKey(endWhen),
  }),
  answer: ChannelRule,
  decide: Effect.fnUntraced(function* (input, { at }) {
    const store = yield* Store
    const connected = yield* loadConnected(input.connection)
    if (input.sku !== "*" && Option.isNone(yield* store.get(CatalogueSkus, input.sku)))
      return yield* new NotFound({ kind: "product", id: input.sku })
    const id = channelRuleIdOf(input.connection, input.sku)
    const before = yield* store.get(ChannelRules, id)
    const after: ChannelRule = { id, ...DEFAULT_TERMS, ...input, since: at }
    const about = { kind: "connection", id: input.connection }
    if (Option.isSome(before) && areSame(before.value.value, after))
      return unchanged(about, before.value.value)
    return {
      about,
      entries: [
        check(connected),
        Option.isNone(before) ? insert(ChannelRules, after) : replace(before.value, after),
      ],
      answer: after,
    }
  }),
})

const areSame = (a: ChannelTerms, b: ChannelTerms): boolean =>
  a.buffer === b.buffer && a.share === b.share && a.cap === b.cap && a.endWhen === b.endWhen
