import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Currency, minorDigits } from "./Currency.ts"

const LIMIT = 10n ** 15n

/**
 * An exact amount: whole minor units (pence, cents) as a bigint, with its ISO 4217 currency.
 * In a record the minor units stand as a decimal string.
 */
export const Money = Schema.Struct({
  currency: Currency,
  minor: Schema.BigIntFromString.check(Schema.isBetweenBigInt({ minimum: -LIMIT, maximum: LIMIT })),
})
export type Money = typeof Money.Type

/** Two amounts of different currencies were to be added or compared. Convert one of them first. */
export class CurrencyMismatch extends Schema.TaggedError<CurrencyMismatch>()("CurrencyMismatch", {
  left: Currency,
  right: Currency,
}) {
  override get message() {
    return `${this.left} and ${this.right} cannot be added; convert one of them first`
  }
}

/** An amount could not be shared out. `reason` says what was wrong with the weights. */
export class BadAllocation extends Schema.TaggedError<BadAllocation>()("BadAllocation", {
  reason: Schema.Literals(["no weights", "negative weight", "all weights are zero"]),
}) {}

/** No money, in a currency. */
export const zero = (currency: Currency): Money => ({ currency, minor: 0n })

/** The sum of two amounts of one currency. */
export const add = (left: Money, right: Money): Result.Result<Money, CurrencyMismatch> =>
  left.currency === right.currency
    ? Result.succeed({ currency: left.currency, minor: left.minor + right.minor })
    : Result.fail(new CurrencyMismatch({ left: left.currency, right: right.currency }))

/** The same amount with the other sign. */
export const negate = (amount: Money): Money => ({
  currency: amount.currency,
  minor: -amount.minor,
})

/**
 * Shares `total` out over `weights` so that the shares sum to the total exactly: no penny is lost or made.
 *
 * Each share lies less than one minor unit from its exact part. Left-over units go to the shares that
 * lost most by rounding, ties to the earlier one, so that equal inputs always give equal shares.
 *
 * @param total any amount, negative for a refund
 * @param weights whole numbers >= 0, such as line totals in minor units; not all zero
 */
export const allocate = (
  total: Money,
  weights: ReadonlyArray<bigint>,
): Result.Result<ReadonlyArray<Money>, BadAllocation> => {
  if (weights.length === 0) return Result.fail(new BadAllocation({ reason: "no weights" }))
  if (weights.some((weight) => weight < 0n))
    return Result.fail(new BadAllocation({ reason: "negative weight" }))
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  if (whole === 0n) return Result.fail(new BadAllocation({ reason: "all weights are zero" }))

  const size = total.minor < 0n ? -total.minor : total.minor
  const floors = weights.map((weight) => (size * weight) / whole)
  const lost = weights.map((weight, index) => ({ index, part: (size * weight) % whole }))
  const left = size - floors.reduce((sum, floor) => sum + floor, 0n)
  const favoured = new Set(
    lost
      .sort((a, b) => (a.part === b.part ? a.index - b.index : a.part < b.part ? 1 : -1))
      .slice(0, Number(left))
      .map(({ index }) => index),
  )
  const sign = total.minor < 0n ? -1n : 1n
  return Result.succeed(
    floors.map((floor, index) => ({
      currency: total.currency,
      minor: sign * (floor + (favoured.has(index) ? 1n : 0n)),
    })),
  )
}

/** The amount as a decimal with its currency: `"12.50 GBP"`, `"1200 JPY"`. */
export const formatMoney = (amount: Money): string => {
  const digits = minorDigits(amount.currency)
  const sign = amount.minor < 0n ? "-" : ""
  const plain = (amount.minor < 0n ? -amount.minor : amount.minor)
    .toString()
    .padStart(digits + 1, "0")
  const whole = plain.slice(0, plain.length - digits)
  const decimals = digits === 0 ? "" : `.${plain.slice(-digits)}`
  return `${sign}${whole}${decimals} ${amount.currency}`
}
