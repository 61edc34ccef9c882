import { BigDecimal } from "effect"

/**
 * What a line costs, in whole pence: the exact product of units and price, rounded once, half a penny away from zero.
 * Prices have up to three decimals, so only their tenths of a penny are ever rounded. A total is the sum of its lines.
 */
export const lineTotal = (quantity: number, price: BigDecimal.BigDecimal): bigint => {
  const exact = BigDecimal.multiply(BigDecimal.fromBigInt(BigInt(quantity)), price)
  const pence = BigDecimal.round(exact, { scale: 2, mode: "half-from-zero" })
  return BigDecimal.scale(pence, 2).value
}
