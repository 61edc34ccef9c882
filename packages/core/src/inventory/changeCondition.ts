import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"
import { Timestamp } from "../kernel/index.ts"
import { Condition, cellIdOf, WarehouseId } from "./Cell.ts"
import { draftMovements } from "./draftMovements.ts"
import { eachUnit } from "./NewMovement.ts"
import { BinPlace, binAt, movedAnswer, oneSerialEach, StockMoved, unitsFields } from "./Place.ts"
import { OwnReasonCode } from "./StockMovement.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

const ConditionReason = Schema.Union([
  Schema.Literals(["condition_change", "damaged", "expired", "recall", "integration"]),
  OwnReasonCode,
])

const Change = Schema.Struct({
  warehouse: WarehouseId,
  ...BinPlace.fields,
  ...unitsFields,
  from: Condition,
  to: Condition,
  reason: ConditionReason.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("condition_change" as const)),
  ),
  document: Schema.optionalKey(ObjectRef),
  occurredAt: Schema.optionalKey(Timestamp),
})

type Conditions = Pick<typeof Change.Type, "from" | "to">

const another = Schema.makeFilter(({ from, to }: Conditions) =>
  from === to ? { path: ["to"], issue: "another condition than `from`" } : undefined,
)

/**
 * Says that units in a bin are in another condition: quarantined, damaged, expired, held (a locked bin), or fit to be
 * sold again. It is a movement from cell to cell in the same bin, so it can be replayed and corrected.
 *
 * Taking promised units out of sale is allowed, and names the lines at risk. Units of a recalled or expired lot never
 * become sellable (`LotRefused`, R10).
 */
export const changeCondition = stockCommand({
  action: "changeCondition",
  input: Change.check(oneSerialEach, another),
  answer: StockMoved,
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* (input, context) {
    const { sku, lot, quantity, warehouse, reason, document, occurredAt } = input
    const from = binAt(warehouse, input, input.from)
    const to = binAt(warehouse, input, input.to)
    const draft = yield* draftMovements(
      eachUnit({ sku, lot, quantity, from, to, reason, document, occurredAt }, input.serials),
      context,
    )
    return {
      about: { kind: "cell", id: cellIdOf(from, input) },
      entries: draft.entries,
      messages: draft.messages,
      answer: movedAnswer(draft),
    }
  }),
})
