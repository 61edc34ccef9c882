import { BigDecimal } from "effect"
import { COUNTRY_CODES } from "./country.ts"
import { lineTotal } from "./lineTotal.ts"
import { londonInstant } from "./londonTime.ts"
import { matchCancellations } from "./matchCancellations.ts"
import type { InvoiceLine } from "./readSlice.ts"

/** The two merchants among whom the demo shares out the one shop of the data set. */
export const SHOPS = ["northgate", "harbour"] as const
export type Shop = (typeof SHOPS)[number]

/** A line that was ordered: its place on the invoice, what, how many, and what it costs in pence. */
export interface SoldLine {
  readonly line: string
  readonly code: string
  readonly description: string
  readonly quantity: number
  readonly total: bigint
  /** When a `C` invoice took the line back (milliseconds in UTC). */
  readonly cancelledAt?: number
}

/** One invoice as an order of a shop. Nothing in it says who bought. */
export interface SoldOrder {
  readonly shop: Shop
  readonly invoice: string
  readonly placedAt: number
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly lines: ReadonlyArray<SoldLine>
  /** Postage and the like, in pence: charged with the order, but nothing that is picked from a shelf. */
  readonly charges: bigint
}

/** Why a row is in no order. */
type LeftOutReason =
  | "charge" // on an invoice without any product
  | "charge credited"
  | "sale not in the slice" // what it takes back cannot be told
  | "stock note" // damaged, found, counted: no buyer, no price
  | "bad debt"

export interface LeftOut {
  readonly row: InvoiceLine
  readonly reason: LeftOutReason
}

export interface Books {
  /** In the order in which they were placed. */
  readonly orders: ReadonlyArray<SoldOrder>
  readonly leftOut: ReadonlyArray<LeftOut>
}

/** Five digits with letters behind them. What else stands there (POST, DOT, M, D, C2, BANK CHARGES) is no product. */
export const isProductCode = (code: string): boolean => /^\d{5}[A-Za-z]*$/u.test(code)

/** Whole invoices go to one shop: even numbers to the first, odd ones to the second. */
export const shopOf = (invoice: string): Shop => (Number(invoice) % 2 === 0 ? SHOPS[0] : SHOPS[1])

/**
 * The orders of both shops in the lines of the slice. Every row ends in exactly one place: as a line or a charge
 * of an order, as the cancellation of such a line, or in `leftOut` with the reason.
 */
export const toOrders = (rows: ReadonlyArray<InvoiceLine>): Books => {
  const kinds = Map.groupBy(rows, kindOf)
  const of = (kind: RowKind) => kinds.get(kind) ?? []
  const matches = matchCancellations(of("sale"), of("credit"))
  const cancelledAt = new Map(
    matches.flatMap(({ sale, credit }) =>
      sale === undefined ? [] : [[sale, londonInstant(credit.clock)] as const],
    ),
  )
  const invoices = [...Map.groupBy([...of("sale"), ...of("charge")], ({ invoice }) => invoice)]
  const [sold, chargesOnly] = partition(invoices, ([, lines]) =>
    lines.some(({ code }) => isProductCode(code)),
  )
  const leave = (reason: LeftOutReason, left: ReadonlyArray<InvoiceLine>) =>
    left.map((row) => ({ row, reason }))
  return {
    orders: sold
      .map(([invoice, lines]) => toOrder(invoice, lines, cancelledAt))
      .sort((a, b) => a.placedAt - b.placedAt || (a.invoice < b.invoice ? -1 : 1)),
    leftOut: [
      ...leave(
        "charge",
        chargesOnly.flatMap(([, lines]) => lines),
      ),
      ...leave("charge credited", of("charge credited")),
      ...leave(
        "sale not in the slice",
        matches.flatMap(({ sale, credit }) => (sale === undefined ? [credit] : [])),
      ),
      ...leave("stock note", of("stock note")),
      ...leave("bad debt", of("bad debt")),
    ],
  }
}

type RowKind = "sale" | "credit" | "charge" | "charge credited" | "stock note" | "bad debt"

const kindOf = ({ invoice, code, quantity, price, customer }: InvoiceLine): RowKind => {
  if (invoice.startsWith("A")) return "bad debt"
  if (invoice.startsWith("C")) return isProductCode(code) ? "credit" : "charge credited"
  if (quantity < 1 || (customer === "" && BigDecimal.isZero(price))) return "stock note"
  return isProductCode(code) ? "sale" : "charge"
}

const toOrder = (
  invoice: string,
  rows: ReadonlyArray<InvoiceLine>,
  cancelledAt: ReadonlyMap<InvoiceLine, number>,
): SoldOrder => {
  const [first] = rows
  if (first === undefined) throw new Error(`invoice ${invoice} has no rows`)
  const [sales, charges] = partition(rows, ({ code }) => isProductCode(code))
  return {
    shop: shopOf(invoice),
    invoice,
    placedAt: londonInstant(first.clock),
    country: COUNTRY_CODES[first.country],
    lines: sales.map((row, index) => {
      const at = cancelledAt.get(row)
      return {
        line: String(index + 1),
        code: row.code,
        description: row.description,
        quantity: row.quantity,
        total: lineTotal(row.quantity, row.price),
        ...(at === undefined ? {} : { cancelledAt: at }),
      }
    }),
    charges: charges.reduce((sum, { quantity, price }) => sum + lineTotal(quantity, price), 0n),
  }
}

const partition = <A>(
  all: ReadonlyArray<A>,
  belongs: (each: A) => boolean,
): readonly [ReadonlyArray<A>, ReadonlyArray<A>] => [
  all.filter(belongs),
  all.filter((each) => !belongs(each)),
]
