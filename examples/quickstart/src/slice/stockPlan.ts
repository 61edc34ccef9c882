import type { SoldOrder } from "./toOrders.ts"

/** Something that a shop sells. The data set has no catalogue: this is what its lines say. */
interface ShelfProduct {
  readonly sku: string
  readonly title: string
  /** Whether its lots have an expiry. */
  readonly perishable: boolean
}

/** Units of one lot that a supplier brings, and the bin that they are put into. */
interface ShelfReceipt {
  readonly sku: string
  readonly lot: string
  readonly quantity: number
  readonly bin: string
  /** Walking rank of the bin. */
  readonly pickSequence: number
  readonly condition: "sellable" | "quarantine"
  /** Days from now; only for what is perishable. */
  readonly expiresInDays?: number
}

export interface StockPlan {
  readonly products: ReadonlyArray<ShelfProduct>
  readonly receipts: ReadonlyArray<ShelfReceipt>
}

const OLD_LOT = { lot: "L-2011-31", expiresInDays: 120 }
const NEW_LOT = { lot: "L-2011-38", expiresInDays: 300 }

/**
 * The stock that a demo needs and the data set does not have, made up from what the shop sold: an older lot beside
 * the way of the pickers, a newer one in bulk, a tenth more in all than was asked for. Every 40th SKU lacks its
 * newer lot, so that some orders wait; of every 25th a few units lie in quarantine.
 *
 * @param orders of one shop
 */
export const stockPlan = (orders: ReadonlyArray<SoldOrder>): StockPlan => {
  const sold = Map.groupBy(
    orders.flatMap(({ lines }) => lines),
    ({ code }) => code,
  )
  const skus = [...sold].sort(([a], [b]) => (a < b ? -1 : 1))
  const products = skus.map(([sku, lines]): ShelfProduct => {
    const title = titleOf(lines.map(({ description }) => description)) || sku
    return { sku, title, perishable: /CANDLE|T-LIGHT|INCENSE|SOAP|BATH|SWEET/u.test(title) }
  })
  const receipts = skus.flatMap(([, lines], rank) => {
    const demand = lines.reduce(
      (sum, { quantity, cancelledAt }) => sum + (cancelledAt === undefined ? quantity : 0),
      0,
    )
    const product = products[rank]
    return product === undefined ? [] : receiptsOf(product, demand, rank)
  })
  return { products, receipts }
}

const titleOf = (descriptions: ReadonlyArray<string>): string =>
  (descriptions.find((text) => text.trim() !== "") ?? "").trim().replace(/\s+/gu, " ")

const receiptsOf = (
  { sku, perishable }: ShelfProduct,
  demand: number,
  rank: number,
): ReadonlyArray<ShelfReceipt> => {
  const older = Math.ceil(demand * 0.6)
  const newer = demand - older + Math.ceil(demand / 10) + 1
  const receipt = (
    { lot, expiresInDays }: typeof OLD_LOT,
    quantity: number,
    bin: string,
    pickSequence: number,
    condition: ShelfReceipt["condition"] = "sellable",
  ): ReadonlyArray<ShelfReceipt> =>
    quantity === 0
      ? []
      : [
          {
            sku,
            lot,
            quantity,
            bin,
            pickSequence,
            condition,
            ...(perishable ? { expiresInDays } : {}),
          },
        ]
  return [
    ...receipt(OLD_LOT, older, binCode("A", rank), rank),
    ...receipt(NEW_LOT, rank % 40 === 7 ? 0 : newer, binCode("K", rank), 10_000 + rank),
    ...receipt(NEW_LOT, rank % 25 === 3 ? 3 : 0, "Q-01", 99_999, "quarantine"),
  ]
}

/** `A-07-03-B`: aisle, bay, level and position, four positions to a level and five levels to a bay. */
const binCode = (aisle: string, rank: number): string => {
  const two = (part: number) => String(part).padStart(2, "0")
  const position = "ABCD"[rank % 4]
  const level = Math.floor(rank / 4) % 5
  return `${aisle}-${two(Math.floor(rank / 20) + 1)}-${two(level + 1)}-${position}`
}
