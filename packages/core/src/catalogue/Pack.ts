import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { MAX_UNITS, Quantity } from "../kernel/index.ts"
import { Barcodes, type Gtin } from "./Gtin.ts"

/** What a merchant calls a pack: `case`, `inner-6`. */
export const PackCode = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/u),
).pipe(Schema.brand("PackCode"))
export type PackCode = typeof PackCode.Type

/** Units that a pack holds: 2 or more. A pack of one is the unit itself. */
export const PackUnits = Quantity.check(Schema.isGreaterThanOrEqualTo(2))

/** A closed number of base units that is handled and scanned as one, such as a case of 12. */
export const Pack = Schema.Struct({
  code: PackCode,
  units: PackUnits,
  barcodes: Barcodes.pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
})
export type Pack = typeof Pack.Type

/** The packs of a product: at most 20. */
export const Packs = Schema.Array(Pack).check(Schema.isMaxLength(20))

/** What is wrong with the barcodes and packs of one product, by place: a code or a barcode that is there twice. */
export const flawsOfPacks = (
  barcodes: ReadonlyArray<Gtin>,
  packs: ReadonlyArray<Pack>,
): ReadonlyArray<{ readonly path: ReadonlyArray<PropertyKey>; readonly issue: string }> => {
  const places = [
    ...barcodes.map((gtin, at) => ({ gtin, path: ["barcodes", at] })),
    ...packs.flatMap((pack, at) =>
      pack.barcodes.map((gtin, place) => ({ gtin, path: ["packs", at, "barcodes", place] })),
    ),
  ]
  const seen = new Set<string>()
  const again = (value: string): boolean => seen.size === seen.add(value).size
  return [
    ...packs.flatMap(({ code }, at) =>
      again(`pack ${code}`) ? [{ path: ["packs", at, "code"], issue: "a code of one pack" }] : [],
    ),
    ...places.flatMap(({ gtin, path }) =>
      again(gtin) ? [{ path, issue: "a barcode that stands here once" }] : [],
    ),
  ]
}

/** A number of packs that is no number of units, or the other way round (domain 1.4). Nothing is rounded. */
export class InvalidPack extends Schema.TaggedError<InvalidPack>()("InvalidPack", {
  pack: Schema.String,
  reason: Schema.Literals(["no such pack", "does not divide", "too many units"]),
  /** Base units in one pack; absent when there is no such pack. */
  unitsPerPack: Schema.optionalKey(Schema.Int),
  /** The number that was to be converted. */
  quantity: Schema.Int,
}) {
  override get message() {
    return `${this.quantity} cannot be converted with the pack ${this.pack}: ${this.reason}`
  }
}

interface Packed {
  readonly packs: ReadonlyArray<Pack>
}

/**
 * How many base units a number of packs is.
 *
 * @param product whose packs are meant
 * @param code the pack
 * @param packs how many of them
 */
export const toBaseUnits = (
  product: Packed,
  code: string,
  packs: Quantity,
): Result.Result<Quantity, InvalidPack> => {
  const pack = product.packs.find((each) => each.code === code)
  if (pack === undefined) return refuse(code, "no such pack", packs)
  const units = pack.units * packs
  return units > MAX_UNITS
    ? refuse(code, "too many units", packs, pack.units)
    : Result.succeed(units as Quantity)
}

/**
 * How many full packs a number of base units is. Refused when it does not divide: a broken pack is not a pack.
 *
 * @param product whose packs are meant
 * @param code the pack
 * @param units base units
 */
export const toPacks = (
  product: Packed,
  code: string,
  units: Quantity,
): Result.Result<Quantity, InvalidPack> => {
  const pack = product.packs.find((each) => each.code === code)
  if (pack === undefined) return refuse(code, "no such pack", units)
  return units % pack.units === 0
    ? Result.succeed((units / pack.units) as Quantity)
    : refuse(code, "does not divide", units, pack.units)
}

const refuse = (
  pack: string,
  reason: InvalidPack["reason"],
  quantity: number,
  unitsPerPack?: number,
): Result.Result<never, InvalidPack> =>
  Result.fail(
    new InvalidPack({
      pack,
      reason,
      quantity,
      ...(unitsPerPack === undefined ? {} : { unitsPerPack }),
    }),
  )
