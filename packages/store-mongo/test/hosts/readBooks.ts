import {
  type AuditEvent,
  AuditLog,
  type Collection,
  type CollectionShape,
  type Commitment,
  Commitments,
  Deliveries,
  type Delivery,
  type ExternalOrder,
  ExternalOrders,
  enterPartition,
  type Job,
  Jobs,
  type LedgerReport,
  type Order,
  Orders,
  Outbox,
  type OutboxMessage,
  type Receipt,
  Receipts,
  type StockMovement,
  StockMovements,
  type StockPool,
  StockPools,
  type StockTransfer,
  StockTransfers,
  Store,
  verifyLedger,
} from "@oto-fulfilment/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Shop } from "./HostJob.ts"
import { type Core, ownerOf } from "./openShop.ts"

/** All that a shop's partition holds of what hosts do. */
export interface Books {
  readonly receipts: ReadonlyArray<Receipt>
  readonly events: ReadonlyArray<AuditEvent>
  readonly messages: ReadonlyArray<OutboxMessage>
  readonly jobs: ReadonlyArray<Job>
  readonly deliveries: ReadonlyArray<Delivery>
  readonly commitments: ReadonlyArray<Commitment>
  readonly movements: ReadonlyArray<StockMovement>
  readonly pools: ReadonlyArray<StockPool>
  readonly orders: ReadonlyArray<Order>
  readonly externals: ReadonlyArray<ExternalOrder>
  readonly transfers: ReadonlyArray<StockTransfer>
  readonly ledger: LedgerReport
}

/** Reads the books, while nobody writes. */
export const readBooks = (core: Core, shop: Shop): Promise<Books> =>
  core.run(
    enterPartition(
      ownerOf(shop),
      shop.merchant,
    )(
      Effect.all(
        {
          receipts: every(Receipts),
          events: every(AuditLog),
          messages: every(Outbox),
          jobs: every(Jobs),
          deliveries: every(Deliveries),
          commitments: every(Commitments),
          movements: every(StockMovements),
          pools: every(StockPools),
          orders: every(Orders),
          externals: every(ExternalOrders),
          transfers: every(StockTransfers),
          ledger: verifyLedger({}),
        },
        { concurrency: 4 },
      ),
    ),
  )

const every = <A, I extends CollectionShape["indexes"]>(collection: Collection<A, I>) =>
  Effect.flatMap(Store, (store) =>
    Stream.runCollect(Stream.map(store.scan(collection), ({ value }) => value)),
  )
