import type { Receipt } from "@oto-fulfilment/core"
import { poolDeltas, type Told } from "./messagesOf.ts"
import type { Books } from "./readBooks.ts"

/**
 * The pools of which a command made more or fewer units available, as its receipt, its movements and the commitments
 * say.
 */
export const changedPools = (books: Books, receipt: Receipt): ReadonlyArray<string> => {
  const answer = receipt.answer as Told
  switch (receipt.command) {
    case "commitStock":
      return (answer.commitments ?? []).map(({ warehouse, sku }) => `${warehouse}/${sku}`)
    case "releaseCommitment": {
      const released = new Set((answer.commitments ?? []).map(({ commitment }) => commitment))
      return poolsOf(books, ({ id }) => released.has(id))
    }
    case "dispatchStock": {
      // Of a line that left in part, the rest is available again.
      const basket = receipt.key.replace(/-dispatch$/, "")
      return poolsOf(
        books,
        ({ documentId, state, posted, quantity }) =>
          documentId === basket && state === "posted" && posted < quantity,
      )
    }
    case "commitOrder":
      return linePools(
        books,
        (answer.committed ?? []).map(({ line }) => ({ order: answer.order ?? "", line })),
      )
    case "fillBackorders":
      return linePools(books, answer.filled ?? [])
    case "cancelOrder":
      return poolsOf(
        books,
        ({ documentId, state }) => documentId === answer.order && state === "voided",
      )
    case "receiveStock":
    case "sendTransfer":
    case "receiveTransfer":
      return books.movements
        .filter(({ key }) => key === receipt.key)
        .flatMap(poolDeltas)
        .map(([pool]) => pool)
    default:
      return []
  }
}

const poolsOf = (
  { commitments }: Books,
  meant: (commitment: Books["commitments"][number]) => boolean,
): ReadonlyArray<string> => commitments.filter(meant).map(({ pool }) => pool)

/** The pools from which lines of orders are served. */
const linePools = (
  { orders }: Books,
  lines: ReadonlyArray<{ readonly order: string; readonly line: string }>,
): ReadonlyArray<string> =>
  lines.flatMap(({ order, line }) =>
    (orders.find(({ id }) => id === order)?.lines ?? [])
      .filter(({ id }) => id === line)
      .map(({ warehouse, sku }) => `${warehouse}/${sku}`),
  )
