import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Quantity, Sku } from "../kernel/index.ts"
import {
  BinCode,
  type BinLocation,
  Condition,
  LotCode,
  PackageCode,
  SerialNumber,
  WarehouseId,
} from "./Cell.ts"
import { MovementId, type StockMovement } from "./StockMovement.ts"
import { Shortfall } from "./stockMessages.ts"

/** The walking rank of a bin, 0 to 1,000,000,000: lower is nearer to where a walk starts. */
const PickSequence = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1e9 }))

/** A bin in a known warehouse, and the package in it, where the units lie in one. */
export const BinPlace = Schema.Struct({
  bin: BinCode,
  package: Schema.optionalKey(PackageCode),
})

/** A bin that units go to; its rank may be told with it. */
export const TargetBin = Schema.Struct({
  ...BinPlace.fields,
  pickSequence: Schema.optionalKey(PickSequence),
})

/** A bin of a named warehouse that units go to. */
export const TargetPlace = Schema.Struct({ warehouse: WarehouseId, ...TargetBin.fields })

/** A condition that is `sellable` where nothing is said. */
export const ConditionOrSellable = Condition.pipe(
  Schema.withDecodingDefaultKey(Effect.succeed("sellable" as const)),
)

/** Units of one SKU and lot. Serial-tracked units are named one by one. */
export const unitsFields = {
  sku: Sku,
  lot: Schema.optionalKey(LotCode),
  quantity: Quantity,
  serials: Schema.optionalKey(
    Schema.Array(SerialNumber).check(Schema.isMinLength(1), Schema.isMaxLength(1000)),
  ),
}

interface Serialised {
  readonly quantity: number
  readonly serials?: ReadonlyArray<string>
}

/** A serial names one unit, each another one: as many of them as units, or none. */
export const oneSerialEach = Schema.makeFilter(({ quantity, serials }: Serialised) =>
  serials === undefined || (serials.length === quantity && new Set(serials).size === quantity)
    ? undefined
    : { path: ["serials"], issue: "one serial number for each unit, each of them once" },
)

/** The location of a bin with the condition of what lies there. */
export const binAt = (
  warehouse: WarehouseId,
  place: typeof BinPlace.Type,
  condition: Condition,
): BinLocation => ({
  _tag: "Bin",
  warehouse,
  bin: place.bin,
  ...(place.package !== undefined && { package: place.package }),
  condition,
})

/** What moved: each journal line with its units, and the promises that lost their stock by it. */
export const StockMoved = Schema.Struct({
  moved: Schema.Array(Schema.Struct({ movement: MovementId, sku: Sku, quantity: Quantity })),
  shortfalls: Schema.Array(Shortfall),
})
export type StockMoved = typeof StockMoved.Type

/** The answer that tells of movements. */
export const movedAnswer = (draft: {
  readonly movements: ReadonlyArray<StockMovement>
  readonly shortfalls: ReadonlyArray<Shortfall>
}): StockMoved => ({
  moved: draft.movements.map(({ id: movement, sku, quantity }) => ({ movement, sku, quantity })),
  shortfalls: draft.shortfalls,
})
