import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { lookUpProduct } from "../catalogue/index.ts"
import { command } from "../command/index.ts"
import { clampToPresent, MAX_UNITS, nextId, Sku, Timestamp, Units } from "../kernel/index.ts"
import { insert } from "../store/index.ts"
import { cellIdOf, LotCode, WarehouseId } from "./Cell.ts"
import { BinPlace, binAt, ConditionOrSellable } from "./Place.ts"
import { CountId, StockCounts } from "./StockCount.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

/**
 * Records what somebody counted in a cell, 0 included. Nothing moves until the count is approved, and movements
 * meanwhile neither wait for it nor get lost (domain 1.6).
 *
 * @param input.counted units seen
 * @param input.countedAt when they were seen, never later than now (T4); now, when left out
 * @param input.blind whether the counter did not see the expected figure
 */
export const countStock = command({
  action: "countStock",
  input: Schema.Struct({
    warehouse: WarehouseId,
    ...BinPlace.fields,
    sku: Sku,
    lot: Schema.optionalKey(LotCode),
    condition: ConditionOrSellable,
    expiresAt: Schema.optionalKey(Timestamp),
    counted: Units.check(Schema.isLessThanOrEqualTo(MAX_UNITS)),
    countedAt: Schema.optionalKey(Timestamp),
    blind: Schema.Boolean,
  }),
  answer: Schema.Struct({ count: CountId }),
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ countedAt, ...input }, { at, actor }) {
    if (Option.isNone(yield* lookUpProduct(input.sku)))
      return yield* new NotFound({ kind: "product", id: input.sku })
    const id = yield* nextId(CountId)
    return {
      about: { kind: "count", id },
      entries: [
        insert(StockCounts, {
          id,
          cell: cellIdOf(binAt(input.warehouse, input, input.condition), input),
          ...input,
          countedAt: clampToPresent(countedAt ?? at, at),
          counter: actor,
          state: "recorded",
          recordedAt: at,
        }),
      ],
      answer: { count: id },
    }
  }),
})
