import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"
import { Timestamp } from "../kernel/index.ts"
import { cellIdOf, type Location, WarehouseId } from "./Cell.ts"
import { draftMovements } from "./draftMovements.ts"
import { eachUnit } from "./NewMovement.ts"
import {
  binAt,
  ConditionOrSellable,
  movedAnswer,
  oneSerialEach,
  StockMoved,
  TargetBin,
  unitsFields,
} from "./Place.ts"
import { OwnReasonCode } from "./StockMovement.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

const ADDING = ["found", "supplier_short", "mis_ship", "integration"] as const
const REMOVING = [
  "lost",
  "damaged",
  "expired",
  "recall",
  "sample",
  "write_off",
  "supplier_short",
  "mis_ship",
  "integration",
] as const
const SCRAPPING: ReadonlyArray<string> = ["damaged", "expired", "recall", "sample", "write_off"]

const Adjustment = Schema.Struct({
  direction: Schema.Literals(["add", "remove"]),
  reason: Schema.Union([Schema.Literals([...ADDING, ...REMOVING]), OwnReasonCode]),
  warehouse: WarehouseId,
  ...TargetBin.fields,
  ...unitsFields,
  condition: ConditionOrSellable,
  /** Of added units in a lot that is not known yet. */
  expiresAt: Schema.optionalKey(Timestamp),
  document: Schema.optionalKey(ObjectRef),
  occurredAt: Schema.optionalKey(Timestamp),
})
type Adjustment = typeof Adjustment.Type

type Why = Pick<Adjustment, "direction" | "reason">

const reasonFits = Schema.makeFilter(({ direction, reason }: Why) => {
  const allowed: ReadonlyArray<string> = direction === "add" ? ADDING : REMOVING
  return reason.startsWith("own:") || allowed.includes(reason)
    ? undefined
    : { path: ["reason"], issue: `a reason to ${direction} units` }
})

/**
 * The place that closes the double entry: what is destroyed or used up ends in `Scrap`; what only the books had
 * wrong is set against `Adjustment`.
 */
export const counterpartOf = ({ reason }: Pick<Adjustment, "reason">): Location =>
  SCRAPPING.includes(reason) ? { _tag: "Scrap" } : { _tag: "Adjustment" }

/**
 * Puts the books right by a movement with a reason: units that were found, lost, broken, used as samples, written
 * off. Never a set: it says how many came or went. Found units bring lot, expiry and serials as a receipt does.
 *
 * @param input.direction `add` or `remove`; each has its own reasons, and own codes as `own:...`
 */
export const adjustStock = stockCommand({
  action: "adjustStock",
  input: Adjustment.check(oneSerialEach, reasonFits),
  answer: StockMoved,
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* (input, context) {
    const { sku, lot, quantity, reason, document, occurredAt, direction } = input
    const bin = binAt(input.warehouse, input, input.condition)
    const other = counterpartOf(input)
    const draft = yield* draftMovements(
      eachUnit(
        {
          sku,
          lot,
          quantity,
          from: direction === "add" ? other : bin,
          to: direction === "add" ? bin : other,
          reason,
          document,
          occurredAt,
          expiresAt: input.expiresAt,
          pickSequence: input.pickSequence,
        },
        input.serials,
      ),
      context,
    )
    return {
      about: { kind: "cell", id: cellIdOf(bin, input) },
      entries: draft.entries,
      messages: draft.messages,
      answer: movedAnswer(draft),
    }
  }),
})
