import {
  type Connection,
  type ConnectionId,
  Core,
  insert,
  nextId,
  now,
  type Order,
  OrderId,
  type OrderPii,
  OrderPiis,
  Orders,
  plusMillis,
  Store,
  sweepRetention,
  type Timestamp,
  Vault,
} from "@oto-fulfilment/core"
import { placeholderChannel } from "@oto-fulfilment/core/memory"
import { Effect } from "effect"
import type { Db, Document } from "mongodb"
import { turnsRow } from "../inTurns.ts"
import type { Row } from "../measure.ts"
import type { MongoBench } from "./MongoBench.ts"

const ORDERS = 100_000
const DUE = 1000
const ROUNDS = 3
const DAY = 86_400_000
const CHUNK = 1000

/** An order and its sealed buyer, of which all others are copies. */
interface Template {
  readonly order: Order
  readonly sealed: OrderPii
  readonly connection: ConnectionId
}

/**
 * A sweep over 100,000 orders that hold a buyer, of which 1,000 are due. The floor is a bulk of the raw driver that
 * makes the same changes to 1,000 copies: the order replaced, the sealed record deleted, an event inserted. Then the same
 * sweep beside one over the 1,000 alone: what it costs that the others are there.
 */
export const benchSweep = async (bench: MongoBench): Promise<ReadonlyArray<Row>> => {
  const template = await bench.inMerchant(makeTemplate)
  const sweep = async () => {
    const { anonymised } = await bench.inMerchant(sweepRetention())
    if (anonymised !== DUE) throw new Error(`${anonymised} buyers went`)
  }
  const fillDue = () => bench.inMerchant(fill(template, DUE, -30 * DAY))

  const alone = await rateAfter(fillDue, sweep)
  for (let from = 0; from < ORDERS; from += CHUNK) await bench.inMerchant(fill(template, CHUNK, 0))
  const among = await rateAfter(fillDue, sweep)
  console.log(
    `sweep: ${Math.round(alone)} buyers/s of ${DUE} alone, ${Math.round(among)} among ${ORDERS} that are not due`,
  )

  const raw = await rawSweep(bench.db)
  const rounds: Array<{ readonly value: number; readonly floor: number }> = []
  for (let round = 1; round <= ROUNDS; round++)
    rounds.push({
      value: await rateAfter(fillDue, sweep),
      floor: await rateAfter(
        () => raw.fill(round),
        () => raw.sweep(round),
      ),
    })
  const ratios = rounds.map(({ value, floor }) => value / floor)
  const turns = {
    value: median(rounds.map(({ value }) => value)),
    floor: median(rounds.map(({ floor }) => floor)),
    ratio: median(ratios),
  }
  return [
    turnsRow("mongo: sweep 1,000 due of 101,000, beside bulkWrite", "buyers/s", turns, 0.5),
    turnsRow("mongo: sweep 1,000 due of 101,000, beside 1,000 alone", "buyers/s", {
      value: among,
      floor: alone,
      ratio: among / alone,
    }),
  ]
}

/** The same changes by the raw driver, to copies of the documents: in bulks, without transactions, and nothing read. */
const rawSweep = async (db: Db) => {
  const bodyOf = async (name: string): Promise<Document> => {
    const found = await db.collection(name).findOne({})
    if (found === null) throw new Error(`${name} has no document to copy`)
    const { _id, ...body } = found
    return body
  }
  const [order, sealed, event] = [
    await bodyOf(Orders.name),
    await bodyOf(OrderPiis.name),
    await bodyOf("audit_log"),
  ]
  const named = (name: string) => db.collection<{ readonly _id: string }>(`bench_swept_${name}`)
  const [orders, piis, events] = [named("orders"), named("pii"), named("log")]
  const idsOf = (round: number) => Array.from({ length: DUE }, (_, n) => `${round}-${n}`)
  return {
    fill: async (round: number) => {
      await orders.insertMany(idsOf(round).map((_id) => ({ ...order, _id })))
      await piis.insertMany(idsOf(round).map((_id) => ({ ...sealed, _id })))
    },
    sweep: async (round: number) => {
      const ids = idsOf(round)
      await orders.bulkWrite(
        ids.map((_id) => ({ replaceOne: { filter: { _id }, replacement: { ...order } } })),
      )
      await piis.bulkWrite(ids.map((_id) => ({ deleteOne: { filter: { _id } } })))
      await events.bulkWrite(ids.map((_id) => ({ insertOne: { document: { ...event, _id } } })))
    },
  }
}

const median = (figures: ReadonlyArray<number>): number =>
  figures.toSorted((left, right) => left - right)[figures.length >> 1] ?? 0

const rateAfter = async (
  prepare: () => Promise<unknown>,
  work: () => Promise<unknown>,
): Promise<number> => {
  await prepare()
  const start = performance.now()
  await work()
  return (DUE / (performance.now() - start)) * 1000
}

const makeTemplate = Effect.gen(function* () {
  const core = yield* Core
  const connection: Connection = yield* core.connectChannel({
    key: "sweep",
    channel: "shopify",
    accountReference: "sweep.example",
  })
  const { order: id } = yield* core.importOrder({
    key: "sweep-order",
    connection: connection.id,
    externalId: "sweep-template",
    externalVersion: 1,
    orderedAt: 0,
    country: "GB",
    currency: "GBP",
    payment: "paid",
    lines: [
      {
        externalLineId: "1",
        channelSku: "NOT-LISTED",
        quantity: 1,
        total: { currency: "GBP", minor: "100" },
      },
    ],
  })
  const stored = yield* (yield* Store).getMany(Orders, [id])
  const order = stored.get(id)?.value
  if (order === undefined) return yield* Effect.die(new Error("the order is gone"))
  const data = yield* placeholderChannel("shopify").buyer({
    connection: connection.id,
    accountReference: connection.accountReference,
    externalId: order.externalId ?? ("none" as never),
  })
  const at = yield* now
  const sealed = yield* (yield* Vault).seal({
    order: id,
    data,
    receivedAt: at,
    deadline: plusMillis(at, 30 * DAY),
    connection: connection.id,
  })
  return { order, sealed, connection: connection.id } satisfies Template
})

/** Writes finished orders that hold a buyer: completed now, or as long before or after as `shift` says. */
const fill = ({ order, sealed }: Template, count: number, shift: number) =>
  Effect.gen(function* () {
    const at = yield* now
    const completedAt = plusMillis(at, shift)
    const deadline = plusMillis(completedAt, 30 * DAY)
    const copies = yield* Effect.forEach(Array.from({ length: count }), () =>
      Effect.map(nextId(OrderId), (id) => {
        const { externalId: _, ...rest } = order
        const copy: Order = {
          ...rest,
          id,
          state: "completed",
          holds: [],
          completedAt,
          pii: { _tag: "Held", receivedAt: completedAt, deadline },
          retentionDue: plusMillis(deadline, -DAY) as Timestamp,
        }
        return [
          insert(Orders, copy),
          insert(OrderPiis, { ...sealed, order: id, receivedAt: completedAt, deadline }),
        ]
      }),
    )
    const entries = copies.flat()
    const store = yield* Store
    for (let from = 0; from < entries.length; from += 2000)
      yield* store.commit(entries.slice(from, from + 2000))
  })
