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
  ConditionOrSellable,
  movedAnswer,
  oneSerialEach,
  StockMoved,
  TargetBin,
  unitsFields,
} from "./Place.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

const Component = Schema.Struct({
  ...unitsFields,
  expiresAt: Schema.optionalKey(Timestamp),
  place: TargetBin,
  condition: ConditionOrSellable,
}).check(oneSerialEach)

const { sku: kit, ...kitUnits } = unitsFields
const Disassembly = Schema.Struct({
  kit,
  ...kitUnits,
  warehouse: WarehouseId,
  from: BinPlace,
  condition: ConditionOrSellable,
  components: Schema.NonEmptyArray(Component),
  document: Schema.optionalKey(ObjectRef),
  occurredAt: Schema.optionalKey(Timestamp),
}).check(oneSerialEach)
type Disassembly = typeof Disassembly.Type

const KITTING: Location = { _tag: "Kitting" }

const toMovements = (input: Disassembly): ReadonlyArray<NewMovement> => {
  const { warehouse, document, occurredAt } = input
  const shared = { reason: "kitting" as const, document, occurredAt }
  const taken = eachUnit(
    {
      ...shared,
      sku: input.kit,
      lot: input.lot,
      quantity: input.quantity,
      from: binAt(warehouse, input.from, input.condition),
      to: KITTING,
    },
    input.serials,
  )
  const regained = input.components.flatMap((part) =>
    eachUnit(
      {
        ...shared,
        sku: part.sku,
        lot: part.lot,
        quantity: part.quantity,
        from: KITTING,
        to: binAt(warehouse, part.place, part.condition),
        expiresAt: part.expiresAt,
        pickSequence: part.place.pickSequence,
      },
      part.serials,
    ),
  )
  return [...taken, ...regained]
}

/**
 * Takes assembled kits apart: kits go into `Kitting` and exactly their components come out, all of it or nothing
 * (R11). A component that broke comes out as `damaged` and is written off from there.
 *
 * @param input.from the bin that the kits are in, with their `condition`
 * @param input.components where the components go
 */
export const disassembleKit = stockCommand({
  action: "disassembleKit",
  input: Disassembly,
  answer: StockMoved,
  standings: UNTIL_CLOSED,
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
