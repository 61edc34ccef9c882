import type { InvoiceLine } from "./readSlice.ts"

/** Which line of which sale a line of a `C` invoice takes back, if it is known. */
export interface Match {
  readonly credit: InvoiceLine
  readonly sale: InvoiceLine | undefined
}

/**
 * Pairs each line of a `C` invoice with the sale that it takes back. The data set does not say which one it is, so it
 * is the latest line before it with the same buyer, code and number of units that nothing has taken back yet.
 * Without a buyer's number, or when the sale lies before the slice, there is no knowing.
 *
 * @param sales lines with at least one unit, of invoices without a prefix
 * @param credits lines of `C` invoices
 */
export const matchCancellations = (
  sales: ReadonlyArray<InvoiceLine>,
  credits: ReadonlyArray<InvoiceLine>,
): ReadonlyArray<Match> => {
  const open = Map.groupBy(inTime(sales), (line) => pairingKey(line, line.quantity))
  return inTime(credits).map((credit) => {
    if (credit.customer === "") return { credit, sale: undefined }
    const candidates = open.get(pairingKey(credit, -credit.quantity)) ?? []
    const at = candidates.findLastIndex(({ clock }) => clock <= credit.clock)
    const [sale] = at === -1 ? [] : candidates.splice(at, 1)
    return { credit, sale }
  })
}

const pairingKey = ({ customer, code }: InvoiceLine, quantity: number): string =>
  [customer, code, quantity].join("/")

// The clock is written so that text order is the order of time; equal times keep the order of the file.
const inTime = (lines: ReadonlyArray<InvoiceLine>): ReadonlyArray<InvoiceLine> =>
  lines.toSorted((a, b) => (a.clock < b.clock ? -1 : a.clock > b.clock ? 1 : 0))
