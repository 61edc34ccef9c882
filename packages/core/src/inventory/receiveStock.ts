import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"
import { Timestamp } from "../kernel/index.ts"
import { draftMovements } from "./draftMovements.ts"
import { eachUnit, type NewMovement } from "./NewMovement.ts"
import {
  binAt,
  ConditionOrSellable,
  movedAnswer,
  oneSerialEach,
  StockMoved,
  TargetPlace,
  unitsFields,
} from "./Place.ts"
import { stockCommand } from "./stockCommand.ts"
import { WHILE_OPEN } from "./stockStandings.ts"

const ReceiptLine = Schema.Struct({
  ...unitsFields,
  /** The expiry of the lot, as printed. */
  expiresAt: Schema.optionalKey(Timestamp),
  place: TargetPlace,
  condition: ConditionOrSellable,
}).check(oneSerialEach)
type ReceiptLine = typeof ReceiptLine.Type

const toMovements = (
  line: ReceiptLine,
  document: ObjectRef | undefined,
  occurredAt: Timestamp | undefined,
): ReadonlyArray<NewMovement> =>
  eachUnit(
    {
      sku: line.sku,
      lot: line.lot,
      quantity: line.quantity,
      from: { _tag: "Supplier" },
      to: binAt(line.place.warehouse, line.place, line.condition),
      reason: "receipt",
      document,
      occurredAt,
      expiresAt: line.expiresAt,
      pickSequence: line.place.pickSequence,
    },
    line.serials,
  )

/**
 * Books goods in: supplier to bin, all lines or none. The product's policy says what each line must bring; the first
 * units of a lot bring its expiry, and later ones agree with it. Units of a recalled or expired lot are refused as
 * sellable (`LotRefused`): receive them with the condition that they have. About 490 lines of different SKUs fit one
 * batch; a longer notice is booked in parts, each under its own key (`TooLarge`).
 *
 * @param input.lines what arrived, where it was put, and in which condition (`sellable` when left out)
 * @param input.document the notice that it was expected under
 * @param input.occurredAt when it arrived, never later than now (T4); FIFO goes by it
 */
export const receiveStock = stockCommand({
  action: "receiveStock",
  input: Schema.Struct({
    document: Schema.optionalKey(ObjectRef),
    occurredAt: Schema.optionalKey(Timestamp),
    lines: Schema.NonEmptyArray(ReceiptLine),
  }),
  answer: StockMoved,
  standings: WHILE_OPEN,
  decide: Effect.fnUntraced(function* ({ lines, document, occurredAt }, context) {
    const draft = yield* draftMovements(
      lines.flatMap((line) => toMovements(line, document, occurredAt)),
      context,
    )
    return {
      about: document ?? { kind: "warehouse", id: lines[0].place.warehouse },
      entries: draft.entries,
      messages: draft.messages,
      answer: movedAnswer(draft),
    }
  }),
})
