import * as Schema from "effect/Schema"
import { type Sku, Uuid } from "../kernel/index.ts"

export const WarehouseId = Uuid.pipe(Schema.brand("WarehouseId"))
export type WarehouseId = typeof WarehouseId.Type

const code = (name: string) =>
  Schema.String.check(
    Schema.isPattern(/^[^\s/@\p{Cc}]([^/\p{Cc}]{0,62}[^\s/\p{Cc}])?$/u, {
      message: `a ${name} of 1 to 64 characters, without "/" and without space at its ends`,
    }),
  )

/** The smallest address in a warehouse, as its label reads: `A-01-03-B`. */
export const BinCode = code("bin code").pipe(Schema.brand("BinCode"))
export type BinCode = typeof BinCode.Type

/** A batch or lot number (GS1 AI 10). */
export const LotCode = code("lot number").pipe(Schema.brand("LotCode"))
export type LotCode = typeof LotCode.Type

/** A serial number of one unit (GS1 AI 21). */
export const SerialNumber = code("serial number").pipe(Schema.brand("SerialNumber"))
export type SerialNumber = typeof SerialNumber.Type

/** A traceable container: licence plate or SSCC. */
export const PackageCode = code("package code").pipe(Schema.brand("PackageCode"))
export type PackageCode = typeof PackageCode.Type

/**
 * Whether the units of a cell may be sold. `held` is a locked bin or a stock hold. Only `sellable` counts into
 * sellable; a change of condition is a movement like any other, so it can be replayed.
 */
export const Condition = Schema.Literals([
  "sellable",
  "quarantine",
  "damaged",
  "expired",
  "recalled",
  "held",
  "returned",
])
export type Condition = typeof Condition.Type

/**
 * Where units are. `Bin` is a real place; the others close the double entry (domain 1.2): goods come from a
 * supplier, leave to a customer, are found or lost against `Adjustment`, end in `Scrap`, become a kit through
 * `Kitting`, or lie between two warehouses in the `Transit` of one transfer.
 */
export const Location = Schema.TaggedUnion({
  Bin: {
    warehouse: WarehouseId,
    bin: BinCode,
    package: Schema.optionalKey(PackageCode),
    condition: Condition,
  },
  Transit: { transfer: Uuid },
  Supplier: {},
  Customer: {},
  Adjustment: {},
  Scrap: {},
  Kitting: {},
})
export type Location = typeof Location.Type
export type BinLocation = Extract<Location, { readonly _tag: "Bin" }>

/** Identity of a cell's content: what lies where. The owner is the partition. */
export interface CellContent {
  readonly sku: Sku
  readonly lot?: LotCode | undefined
}

export const CellId = Schema.String.pipe(Schema.brand("CellId"))
export type CellId = typeof CellId.Type

/** The cell = (owner, warehouse, bin, SKU, lot, package, condition) of domain 1.2 as one id; the owner is the partition. */
export const cellIdOf = (location: BinLocation, { sku, lot }: CellContent): CellId =>
  [
    location.warehouse,
    location.bin,
    sku,
    lot ?? "",
    location.package ?? "",
    location.condition,
  ].join("/") as CellId
