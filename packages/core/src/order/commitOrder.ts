import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { unchanged } from "../command/index.ts"
import { message } from "../integration/index.ts"
import { stockCommand } from "../inventory/index.ts"
import { plusMillis } from "../kernel/index.ts"
import { replace } from "../store/index.ts"
import { brokerLines } from "./brokerLines.ts"
import { draftPromises } from "./draftPromises.ts"
import { draftWithin } from "./draftWithin.ts"
import { loadPromised } from "./loadPromised.ts"
import { OrderId } from "./Order.ts"
import { CommitRule, currentOrderSettings } from "./OrderSettings.ts"
import { aboutOrder, OrderBackordered } from "./orderTopics.ts"
import { transition } from "./orderTransitions.ts"
import { LineUnits } from "./takeUnits.ts"

/** What was promised to an order. */
export const CommitAnswer = Schema.Struct({
  order: OrderId,
  committed: Schema.Array(LineUnits),
  backordered: Schema.Array(LineUnits),
  /** Units that stay open without stock behind them. */
  uncommitted: Schema.Array(LineUnits),
  /** Lines that did not fit into one batch: send the command again under a new key. */
  linesLeft: Schema.Int,
})
export type CommitAnswer = typeof CommitAnswer.Type

/**
 * Promises stock to the open units of an order that have none, after its lines got their warehouses. What stock does
 * not reach follows the rule: `whole` refuses the command, `available` leaves it open, `backorder` puts it into the
 * queue of its SKU. Units of a product that is not released yet wait as a pre-order, whatever is in stock. Held orders
 * are promised stock too: a hold keeps the place.
 *
 * Fails with `InsufficientStock` (rule `whole`), `NoWarehouse`, and `IllegalTransition` for an order that has ended.
 *
 * @param input.rule the rule for this time; the merchant's own when left out
 */
export const commitOrder = stockCommand({
  action: "commitOrder",
  input: Schema.Struct({ order: OrderId, rule: Schema.optionalKey(CommitRule) }),
  answer: CommitAnswer,
  decide: Effect.fnUntraced(function* (input, { at }) {
    const promised = yield* loadPromised(input.order, at)
    const { stored } = promised
    yield* Effect.fromResult(transition(promised.order, "commit"))
    const settings = yield* currentOrderSettings
    const order = yield* brokerLines(promised.order, settings)
    const rule = input.rule ?? settings.commitRule
    const lifetime = settings.commitmentLifetime
    const draftOf = (lines: ReadonlyArray<string>) =>
      draftPromises(order, new Set(lines), {
        at,
        rule,
        expiresAt: lifetime === null ? undefined : plusMillis(at, lifetime),
      })
    const every = order.lines.map(({ id }) => id)
    const { draft, left } =
      rule === "whole"
        ? { draft: yield* draftOf(every), left: 0 }
        : yield* draftWithin(every, draftOf)
    const answer = {
      order: order.id,
      committed: draft.committed,
      backordered: draft.backordered,
      uncommitted: draft.uncommitted,
      linesLeft: left,
    }
    const about = { kind: "order", id: order.id }
    if (draft.order === stored.value && promised.lapsed.length === 0)
      return unchanged(about, answer)
    return {
      about,
      entries: [replace(stored, draft.order), ...draft.entries, ...promised.lapsed],
      messages:
        draft.backorders.length === 0
          ? []
          : [
              yield* message(
                OrderBackordered,
                { ...aboutOrder(order), lines: draft.backorders },
                at,
              ),
            ],
      answer,
      ...(rule === "whole" && { whenInsufficient: draft.whenInsufficient }),
    }
  }),
})
