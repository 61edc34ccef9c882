import { randomUUID } from "node:crypto"
import {
  type ConnectionId,
  Core,
  ExternalId,
  insert,
  type Order,
  OrderId,
  Orders,
  Store,
} from "@oto-fulfilment/core"
import {
  type Delivery,
  readSlice,
  toDeliveries,
  toOrders,
} from "@oto-fulfilment/example-quickstart/slice"
import { Effect } from "effect"
import type { Db } from "mongodb"
import { inTurns, type Turns, turnsRow } from "../inTurns.ts"
import type { Row } from "../measure.ts"
import type { Bulk, MongoBench, RawDocument } from "./MongoBench.ts"
import { byCallers, insertsOf, renamed, writesOf, writeTogether } from "./rawBatch.ts"

const CALLERS = 8
const ROUNDS = 3
const BATCH_ROUNDS = 7

type Snapshot = (Delivery & { readonly kind: "order" })["snapshot"]

/**
 * The demo's orders (185, with 28 lines each on average) through `importOrder`, 8 at a time, beside two floors: all the
 * documents that they insert by `insertMany`, one call a collection, without transactions; and the same transactions,
 * order by order, by the raw driver. Then the order records alone, as one batch of the store beside one `insertMany`.
 */
export const benchImport = async (bench: MongoBench): Promise<ReadonlyArray<Row>> => {
  const snapshots = await Effect.runPromise(firstSnapshots)
  const connection = await bench.inMerchant(openShop(snapshots))
  // One after the other: what is sent once only is the sample.
  const bulks = await bench.bulksOf(importAll(connection, snapshots, "sample", 1))
  const orders = bulks.filter((bulk) => insertsOf([bulk]).some(isOrder))
  const inserts = insertsOf(orders)
  const records = await bench.inMerchant(readOrders(inserts.filter(isOrder)))
  const lines = snapshots.reduce((sum, each) => sum + each.lines.length, 0)
  console.log(
    `import: ${snapshots.length} orders with ${lines} lines are ${inserts.length} documents in ${orders.length} transactions`,
  )

  const runs = snapshots.length
  const throughCore = (name: string) => (round: number) => () =>
    bench.inMerchant(importAll(connection, snapshots, `${name}-${round}`))
  const many = await inTurns(ROUNDS, runs, throughCore("a"), (round) => {
    const documents = byCollection(copyOf(inserts, `many-${round}`))
    return () => insertAll(documents, bench.db)
  })
  const one = await inTurns(ROUNDS, runs, throughCore("b"), (round) => {
    const batches = batchesOf(orders, `one-${round}`)
    return () =>
      byCallers(CALLERS, batches, ({ writes, guards }) => writeTogether(bench.raw, writes, guards))
  })
  const batch = await storeTurns(bench, inserts.filter(isOrder), records)
  return [
    turnsRow("mongo: importOrder, beside insertMany of its documents", "orders/s", many),
    turnsRow("mongo: importOrder, beside the same transactions raw", "orders/s", one),
    turnsRow(`mongo: Store.commit of ${runs} inserts, beside insertMany`, "records/s", batch, 0.4),
  ]
}

const isOrder = ({ namespace }: { readonly namespace: string }): boolean =>
  namespace.endsWith(".orders")

/** What the channels told first of each order. */
const firstSnapshots = Effect.map(readSlice, (rows): ReadonlyArray<Snapshot> => {
  const first = new Map<string, Snapshot>()
  for (const delivery of toDeliveries(toOrders(rows).orders))
    if (delivery.kind === "order" && !first.has(delivery.externalId))
      first.set(delivery.externalId, delivery.snapshot)
  return [...first.values()]
})

/** A channel, with everything that the orders are about in the catalogue and listed. */
const openShop = (snapshots: ReadonlyArray<Snapshot>) =>
  Effect.gen(function* () {
    const core = yield* Core
    const { id } = yield* core.connectChannel({
      key: "connect",
      channel: "webshop",
      accountReference: "bench.example",
    })
    const skus = new Set(snapshots.flatMap(({ lines }) => lines.map((line) => line.channelSku)))
    yield* Effect.forEach(
      skus,
      (sku) =>
        Effect.andThen(
          core.defineProduct({ key: `product-${sku}`, sku, title: sku }),
          core.defineListing({ key: `listing-${sku}`, connection: id, channelSku: sku, sku }),
        ),
      { concurrency: CALLERS, discard: true },
    )
    return id
  })

const importAll = (
  connection: ConnectionId,
  snapshots: ReadonlyArray<Snapshot>,
  run: string,
  concurrency = CALLERS,
) =>
  Effect.flatMap(Core, (core) =>
    Effect.forEach(
      snapshots,
      (snapshot) => {
        const externalId = `${snapshot.externalId}-${run}`
        return core.importOrder({ key: externalId, connection, ...snapshot, externalId })
      },
      { concurrency, discard: true },
    ),
  )

type Inserts = ReturnType<typeof insertsOf>

/** Other names for the ids of documents, and for what the channel calls their orders. */
const namesFor = (documents: Inserts, run: string): ReadonlyMap<string, string> =>
  new Map(
    documents
      .flatMap(({ document }) => [document.id, document.b["externalId"]])
      .filter((name) => typeof name === "string")
      .map((name) => [name, `${name}~${run}`]),
  )

const copyOf = (documents: Inserts, run: string): Inserts =>
  renamed(documents, namesFor(documents, run))

const batchesOf = (bulks: ReadonlyArray<Bulk>, run: string) =>
  bulks.map((bulk) => {
    const copy = renamed(bulk, namesFor(insertsOf([bulk]), run))
    return {
      writes: writesOf(copy),
      guards: copy.ops.filter((op) => "update" in op).length,
    }
  })

const insertAll = async (documents: ReadonlyMap<string, ReadonlyArray<RawDocument>>, db: Db) => {
  for (const [name, each] of documents) await db.collection<RawDocument>(name).insertMany(each)
}

const byCollection = (inserts: Inserts): ReadonlyMap<string, ReadonlyArray<RawDocument>> =>
  new Map(
    [...Map.groupBy(inserts, ({ namespace }) => namespace.slice(namespace.indexOf(".") + 1))].map(
      ([name, each]) => [name, each.map(({ document }) => document)],
    ),
  )

/** Batches of a round, so that it lasts long enough to be measured. */
const BATCHES = 4

/** The order records by themselves: batches of the store, beside as many `insertMany` of the same documents. */
const storeTurns = (
  bench: MongoBench,
  orders: Inserts,
  records: ReadonlyArray<Order>,
): Promise<Turns> => {
  const runs = (round: number) => Array.from({ length: BATCHES }, (_, i) => `${round}-${i}`)
  return inTurns(
    BATCH_ROUNDS,
    orders.length * BATCHES,
    (round) => {
      const batches = runs(round).map((run) =>
        records.map((order) => insert(Orders, renamedOrder(order, `store-${run}`))),
      )
      return () =>
        bench.inMerchant(
          Effect.flatMap(Store, (store) =>
            Effect.forEach(batches, (entries) => store.commit(entries), { discard: true }),
          ),
        )
    },
    (round) => {
      const batches = runs(round).map((run) => byCollection(copyOf(orders, `alone-${run}`)))
      return async () => {
        for (const documents of batches) await insertAll(documents, bench.db)
      }
    },
  )
}

const readOrders = (orders: Inserts) =>
  Effect.flatMap(Store, (store) =>
    Effect.map(
      store.getMany(
        Orders,
        orders.map(({ document }) => document.id),
      ),
      (found) => [...found.values()].map(({ value }) => value),
    ),
  )

const renamedOrder = (order: Order, run: string): Order => ({
  ...order,
  id: OrderId.make(newId()),
  externalId: ExternalId.make(`${order.externalId}~${run}`),
})

/** A new id of the form that the engine's have. */
const newId = (): string => randomUUID().replace(/^(.{14})./, "$17")
