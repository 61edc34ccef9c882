import { canonical, type Receipt, type StockMovement } from "@oto-fulfilment/core"
import { changedPools } from "./changedPools.ts"
import { messagesOf, poolDeltas, type Told } from "./messagesOf.ts"
import type { Books } from "./readBooks.ts"
import { HEARD, nameOfMessage } from "./subscribers.ts"
import { hadEffect, type Witness } from "./Witness.ts"

/**
 * What is wrong with the books of a shop: something half-done, lost although it was acknowledged, or done twice.
 * Nothing, if all is well. Everything is derived from the receipts, and compared with what there is.
 */
export const judgeBooks = (books: Books, witness: Witness): ReadonlyArray<string> => [
  ...witness.findings,
  ...acknowledged(books, witness),
  ...same("audit event", books.receipts.map(eventName), doneEvents(books)),
  ...promises(books),
  ...movements(books),
  ...orders(books),
  ...transfers(books),
  ...same("outbox message", books.receipts.flatMap(toldBy(books)), messageNames(books)),
  ...deliveries(books, witness),
  ...pools(books),
  ...ledger(books),
]

/** What was expected and is not there, and what is there and was not expected, however often each. */
const same = (
  what: string,
  expected: ReadonlyArray<string>,
  found: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const balance = new Map<string, number>()
  for (const name of expected) balance.set(name, (balance.get(name) ?? 0) - 1)
  for (const name of found) balance.set(name, (balance.get(name) ?? 0) + 1)
  return [...balance].flatMap(([name, count]) => {
    if (count === 0) return []
    return [`${what}: ${name} ${count < 0 ? `is missing ${-count}` : `is ${count} too many`}`]
  })
}

/** Nothing that was acknowledged is lost, and its receipt says what the caller was told. */
const acknowledged = ({ receipts }: Books, { answers }: Witness): ReadonlyArray<string> => {
  const byKey = new Map(receipts.map((receipt) => [receipt.key as string, receipt]))
  return [...answers].flatMap(([key, told]) => {
    if (!hadEffect(told)) return []
    const receipt = byKey.get(key)
    if (receipt === undefined) return [`${told.command} ${key} was acknowledged, and is lost`]
    return receipt.command === told.command && canonical(receipt.answer) === canonical(told.answer)
      ? []
      : [`${told.command} ${key} was acknowledged with another answer than its receipt has`]
  })
}

const eventName = ({ command, key }: Receipt): string => `${command} ${key}`

/** The opening of the shop itself has its receipt with the operator. */
const doneEvents = ({ events }: Books): ReadonlyArray<string> =>
  events
    .filter(
      ({ outcome, action }) => outcome === "done" && action !== "openMerchant" && action !== HEARD,
    )
    .map(({ action, correlation }) => `${action} ${correlation}`)

const answersOf = (books: Books, command: string): ReadonlyArray<Told> =>
  books.receipts.flatMap((receipt) => (receipt.command === command ? [told(receipt)] : []))

const told = ({ answer }: Receipt): Told => answer as Told

/** Baskets hold what their receipts promise, in the state that later receipts gave them. */
const promises = (books: Books): ReadonlyArray<string> => {
  const resolved = new Map<string, string>()
  for (const { commitments } of answersOf(books, "releaseCommitment"))
    for (const { commitment, state } of commitments ?? []) resolved.set(commitment, state ?? "")
  const sent = new Set(
    books.receipts
      .filter(({ command }) => command === "dispatchStock")
      .map(({ key }) => key.replace(/-dispatch$/, "")),
  )
  const baskets = books.commitments.filter(({ documentKind }) => documentKind === "basket")
  return [
    ...same(
      "commitment",
      answersOf(books, "commitStock").flatMap(({ commitments = [] }) =>
        commitments.map(({ commitment, sku }) => `${commitment} ${sku}`),
      ),
      baskets.map(({ id, sku }) => `${id} ${sku}`),
    ),
    ...same(
      "state of a commitment",
      baskets.map(
        ({ id, documentId }) =>
          `${id} ${resolved.get(id) ?? (sent.has(documentId) ? "sent" : "pending")}`,
      ),
      baskets.map(({ id, documentId, state }) =>
        sent.has(documentId) && state !== "pending" ? `${id} sent` : `${id} ${state}`,
      ),
    ),
  ]
}

/** Every movement is that of one receipt, and every receipt has all of its movements. */
const movements = (books: Books): ReadonlyArray<string> => {
  const named = books.receipts.flatMap((receipt) =>
    (told(receipt).moved ?? []).map(({ movement, quantity }) => `${movement} ${quantity}`),
  )
  const shipped = books.receipts.flatMap((receipt) => {
    if (receipt.command !== "dispatchOrder") return []
    return [`${receipt.key} ${sum((told(receipt).shipped ?? []).map(({ quantity }) => quantity))}`]
  })
  const [ofOrders, others] = [true, false].map((wanted) =>
    books.movements.filter((movement) => isOfOrder(movement) === wanted),
  ) as [Array<StockMovement>, Array<StockMovement>]
  return [
    ...same(
      "movement",
      named,
      others.map(({ id, quantity }) => `${id} ${quantity}`),
    ),
    ...same(
      "dispatch",
      shipped,
      [...Map.groupBy(ofOrders, ({ key }) => key)].map(
        ([key, all]) => `${key} ${sum(all.map(({ quantity }) => quantity))}`,
      ),
    ),
  ]
}

const isOfOrder = ({ document }: StockMovement): boolean => document?.kind === "order"

/** Every order is that of one import; its lines hold what receipts did to them, and its promises. */
const orders = (books: Books): ReadonlyArray<string> => {
  const imports = answersOf(books, "importOrder").filter(({ outcome }) => outcome === "imported")
  const promised = books.commitments.filter(({ documentKind }) => documentKind === "order")
  const pending = promised.filter(({ state }) => state === "pending")
  const lines = books.orders.flatMap(({ id, lines: all }) => all.map((line) => ({ id, line })))
  const ids = books.orders.map(({ id }): string => id)
  return [
    ...same(
      "order",
      imports.map(({ order }) => order ?? ""),
      ids,
    ),
    ...same(
      "external order",
      ids,
      books.externals.map(({ order }) => order ?? "none"),
    ),
    ...same(
      "units ever committed",
      totals([...unitsOf(books, "commitOrder", "committed"), ...filledUnits(books)]),
      totals(promised.map(({ documentId, line, quantity }) => [`${documentId} ${line}`, quantity])),
    ),
    ...same(
      "committed units",
      totals(pending.map(({ documentId, line, quantity }) => [`${documentId} ${line}`, quantity])),
      totals(lines.map(({ id, line }) => [`${id} ${line.id}`, line.committed])),
    ),
    ...same(
      "shipped units",
      totals(unitsOf(books, "dispatchOrder", "shipped")),
      totals(lines.map(({ id, line }) => [`${id} ${line.id}`, line.buckets.shipped])),
    ),
    ...same(
      "cancelled units",
      totals(unitsOf(books, "cancelOrder", "cancelled")),
      totals(lines.map(({ id, line }) => [`${id} ${line.id}`, line.buckets.cancelled])),
    ),
  ]
}

type Count = readonly [name: string, units: number]

const unitsOf = (
  books: Books,
  command: string,
  field: "shipped" | "cancelled" | "committed",
): ReadonlyArray<Count> =>
  answersOf(books, command).flatMap((answer) =>
    (answer[field] ?? []).map(({ line, quantity }): Count => [`${answer.order} ${line}`, quantity]),
  )

const filledUnits = (books: Books): ReadonlyArray<Count> =>
  answersOf(books, "fillBackorders").flatMap(({ filled = [] }) =>
    filled.map(({ order, line, quantity }): Count => [`${order} ${line}`, quantity]),
  )

const totals = (counts: ReadonlyArray<Count>): ReadonlyArray<string> =>
  [...Map.groupBy(counts, ([name]) => name)]
    .map(([name, all]): Count => [name, sum(all.map(([, units]) => units))])
    .filter(([, units]) => units !== 0)
    .map(([name, units]) => `${name} ${units}`)

const transfers = (books: Books): ReadonlyArray<string> => {
  const closed = answersOf(books, "receiveTransfer").filter(({ state }) => state === "closed")
  return [
    ...same(
      "transfer",
      answersOf(books, "sendTransfer").map(({ transfer }) => transfer ?? ""),
      books.transfers.map(({ id }) => id),
    ),
    ...(closed.length === books.transfers.filter(({ state }) => state === "closed").length
      ? []
      : ["transfer: others are closed than were received"]),
  ]
}

const toldBy =
  (books: Books) =>
  (receipt: Receipt): ReadonlyArray<string> =>
    messagesOf(receipt.command, told(receipt), changedPools(books, receipt))

/** Messages that wait, that are being delivered, and that were delivered: each of them is in one of the three. */
const messageNames = (books: Books): ReadonlyArray<string> => [
  ...books.messages.map(({ topic, body }) => nameOfMessage(topic, body)),
  ...books.jobs.map(({ queue, payload }) =>
    nameOfMessage(queue.slice(0, queue.indexOf("/")), (payload as { readonly body: unknown }).body),
  ),
  ...heard(books).map(({ object }) => object.id),
]

const heard = ({ events }: Books) => events.filter(({ action }) => action === HEARD)

/** What is recorded as delivered was handed to a subscriber, and left its event: once each. */
const deliveries = (books: Books, { delivered }: Witness): ReadonlyArray<string> => [
  ...same(
    "delivery",
    heard(books).map(({ correlation }) => correlation ?? ""),
    books.deliveries.map(({ message }) => message),
  ),
  ...books.deliveries.flatMap(({ message }) =>
    delivered.has(message) ? [] : [`message ${message} is recorded, and nobody was told`],
  ),
  ...books.jobs.flatMap(({ id, state }) =>
    state._tag === "Dead" ? [`job ${id} was given up`] : [],
  ),
]

/** Pools are what the movements and the commitments come to: added up here, without the engine's own check. */
const pools = (books: Books): ReadonlyArray<string> => [
  ...same(
    "units on hand",
    totals(books.movements.flatMap(poolDeltas)),
    totals(books.pools.map(({ id, onHand }) => [id, onHand])),
  ),
  ...same(
    "promised units",
    totals(
      books.commitments
        .filter(({ state }) => state === "pending")
        .map(({ pool, quantity }) => [pool, quantity]),
    ),
    totals(books.pools.map(({ id, committed }) => [id, committed])),
  ),
  ...books.pools.flatMap(({ id, sellable, committed, uncommitted }) =>
    uncommitted === sellable - committed ? [] : [`pool ${id}: sellable is not what it adds up to`],
  ),
]

const ledger = ({ ledger: { drifts, unsettled, unexamined } }: Books): ReadonlyArray<string> => [
  ...drifts.map((drift) => `ledger: ${JSON.stringify(drift)}`),
  ...unsettled.map(({ kind, id }) => `ledger: ${kind} ${id} would not hold still`),
  ...(unexamined === 0 ? [] : [`ledger: ${unexamined} records were not examined`]),
]

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, n) => total + n, 0)
