import * as Schema from "effect/Schema"

/** Weight in whole grams, from 1 g to 30 t. */
export const Grams = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 30_000_000 })).pipe(
  Schema.brand("Grams"),
)
export type Grams = typeof Grams.Type

/** Length in whole millimetres, from 1 mm to 20 m. */
export const Millimetres = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20_000 })).pipe(
  Schema.brand("Millimetres"),
)
export type Millimetres = typeof Millimetres.Type

/** The outer size of a thing in millimetres. */
export const Dimensions = Schema.Struct({
  length: Millimetres,
  width: Millimetres,
  height: Millimetres,
})
export type Dimensions = typeof Dimensions.Type

/** Volume in cubic millimetres. */
export const volumeOf = (size: Dimensions): number => size.length * size.width * size.height

/** Length plus twice the width and twice the height, sides sorted: how couriers limit long parcels. */
export const lengthAndGirthOf = (size: Dimensions): number => {
  const [longest = 0, middle = 0, shortest = 0] = [size.length, size.width, size.height].sort(
    (a, b) => b - a,
  )
  return longest + 2 * (middle + shortest)
}
