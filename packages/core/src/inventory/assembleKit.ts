import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"
import { Timestamp } from "../kernel/index.ts"
import { type Location, WarehouseId } from "./Cell.ts"
import { draftMovements } from "./draftMovements.ts"
import { lookUpAssembledKit, matchComponents } from "./matchComponents.ts"
import { eachUnit, type NewMovement } from "./NewMovement.ts"
import {
  BinPlace,
  binAt,
  movedAnswer,
  oneSerialEach,
  StockMoved,
  TargetBin,
  unitsFields,
} from "./Place.ts"
import { stockCommand } from "./stockCommand.ts"
import { WHILE_OPEN } from "./stockStandings.ts"

const Component = Schema.Struct({ ...unitsFields, ...BinPlace.fields }).check(oneSerialEach)

const { sku: kit, ...kitUnits } = unitsFields
const Assembly = Schema.Struct({
  kit,
  ...kitUnits,
  /** Expiry of the kits' own lot, where they have one. */
  expiresAt: Schema.optionalKey(Timestamp),
  warehouse: WarehouseId,
  components: Schema.NonEmptyArray(Component),
  to: TargetBin,
  document: Schema.optionalKey(ObjectRef),
  occurredAt: Schema.optionalKey(Timestamp),
}).check(oneSerialEach)
type Assembly = typeof Assembly.Type

const KITTING: Location = { _tag: "Kitting" }

const toMovements = (input: Assembly): ReadonlyArray<NewMovement> => {
  const { warehouse, document, occurredAt } = input
  const shared = { reason: "kitting" as const, document, occurredAt }
  const taken = input.components.flatMap((part) =>
    eachUnit(
      {
        ...shared,
        sku: part.sku,
        lot: part.lot,
        quantity: part.quantity,
        from: binAt(warehouse, part, "sellable"),
        to: KITTING,
      },
      part.serials,
    ),
  )
  const made = eachUnit(
    {
      ...shared,
      sku: input.kit,
      lot: input.lot,
      quantity: input.quantity,
      from: KITTING,
      to: binAt(warehouse, input.to, "sellable"),
      expiresAt: input.expiresAt,
      pickSequence: input.to.pickSequence,
    },
    input.serials,
  )
  return [...taken, ...made]
}

/**
 * Makes up assembled kits: sellable components go from their bins into `Kitting`, and kits come out of it, all of
 * it or nothing (domain 1.7, R11). The components must come to exactly what the kits take.
 *
 * @param input.components which units are used, from which bins of the warehouse
 * @param input.to the bin that the kits go to, as sellable units of the kit's own SKU
 */
export const assembleKit = stockCommand({
  action: "assembleKit",
  input: Assembly,
  answer: StockMoved,
  standings: WHILE_OPEN,
  decide: Effect.fnUntraced(function* (input, context) {
    const kit = yield* lookUpAssembledKit(input.kit)
    yield* Effect.fromResult(matchComponents(kit, input.quantity, input.components))
    const draft = yield* draftMovements(toMovements(input), context)
    return {
      about: { kind: "kit", id: input.kit },
      entries: draft.entries,
      messages: draft.messages,
      answer: movedAnswer(draft),
    }
  }),
})
