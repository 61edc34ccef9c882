import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"
import { Timestamp } from "../kernel/index.ts"
import { cellIdOf, WarehouseId } from "./Cell.ts"
import { draftMovements } from "./draftMovements.ts"
import { eachUnit } from "./NewMovement.ts"
import {
  BinPlace,
  binAt,
  ConditionOrSellable,
  movedAnswer,
  oneSerialEach,
  StockMoved,
  TargetBin,
  unitsFields,
} from "./Place.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

const Move = Schema.Struct({
  warehouse: WarehouseId,
  ...unitsFields,
  condition: ConditionOrSellable,
  from: BinPlace,
  to: TargetBin,
  reason: Schema.Literals(["relocation", "putaway", "integration"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("relocation" as const)),
  ),
  document: Schema.optionalKey(ObjectRef),
  occurredAt: Schema.optionalKey(Timestamp),
})

type Bins = Pick<typeof Move.Type, "from" | "to">

const elsewhere = Schema.makeFilter(({ from, to }: Bins) =>
  from.bin !== to.bin || from.package !== to.package
    ? undefined
    : { path: ["to"], issue: "another place than `from`" },
)

/**
 * Moves units from bin to bin inside a warehouse; SKU, lot and condition stay. Nothing that can be promised changes.
 * Units that are pinned to documents stay where they are (`StockAllocated`). To another warehouse, send a transfer.
 */
export const moveStock = stockCommand({
  action: "moveStock",
  input: Move.check(oneSerialEach, elsewhere),
  answer: StockMoved,
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* (input, context) {
    const { sku, lot, quantity, warehouse, condition, reason, document, occurredAt } = input
    const from = binAt(warehouse, input.from, condition)
    const draft = yield* draftMovements(
      eachUnit(
        {
          sku,
          lot,
          quantity,
          from,
          to: binAt(warehouse, input.to, condition),
          reason,
          document,
          occurredAt,
          pickSequence: input.to.pickSequence,
        },
        input.serials,
      ),
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
