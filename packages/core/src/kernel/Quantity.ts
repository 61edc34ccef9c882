import * as Schema from "effect/Schema"

/**
 * The largest number of units that one line, cell or counter may hold: far above any real order
 * and far below the point at which sums of safe integers lose exactness.
 */
export const MAX_UNITS = 1_000_000_000

/** Units to move, order or promise: a whole number from 1 to 1,000,000,000, in the SKU's base unit (domain 1.4). */
export const Quantity = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MAX_UNITS })).pipe(
  Schema.brand("Quantity"),
)
export type Quantity = typeof Quantity.Type

/** Units that are there: a whole number from 0 upwards, in the SKU's base unit. */
export const Units = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(Schema.brand("Units"))
export type Units = typeof Units.Type

/** A counter that may be in debt: a whole number of either sign. */
export const SignedUnits = Schema.Int.pipe(Schema.brand("SignedUnits"))
export type SignedUnits = typeof SignedUnits.Type

/** No units. */
export const NO_UNITS = Units.make(0)

/** The sum of a list of numbers of units. */
export const sumUnits = (units: Iterable<number>): Units => {
  let total = 0
  for (const unit of units) total += unit
  return total as Units
}
