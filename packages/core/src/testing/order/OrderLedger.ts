import { AuditLog } from "../../audit/index.ts"
import { Outbox } from "../../integration/index.ts"
import { Allocations, Commitments, StockPools } from "../../inventory/index.ts"
import {
  Backorders,
  BUCKETS,
  type Bucket,
  type Order,
  type OrderLine,
  Orders,
} from "../../order/index.ts"
import { type RecordsOf, readRecords } from "../laws/readRecords.ts"

/** The records of one merchant's orders, and of what is promised to them. No command writes without an event. */
const SHELVES = {
  orders: Orders,
  backorders: Backorders,
  commitments: Commitments,
  allocations: Allocations,
  pools: StockPools,
  messages: Outbox,
  events: AuditLog,
} as const

/** All records of one merchant's orders at one moment, by id. */
export type OrderLedger = RecordsOf<typeof SHELVES>

/** Reads everything of the current partition. A record that its own schema refuses is a defect. */
export const readLedger = readRecords(SHELVES)

/** The buckets of units that are still to leave. */
export const TO_LEAVE = ["backordered", "open", "allocated", "picked", "packed"] as const

/** The buckets of units that are pinned to cells. */
export const AT_CELLS = ["allocated", "picked", "packed"] as const

/** The units of a line in some buckets: in all of them but `returned`, which counts units twice, where none are named. */
export const unitsOf = (
  { buckets }: Pick<OrderLine, "buckets">,
  some: ReadonlyArray<Bucket> = BUCKETS,
): number => some.reduce((sum, bucket) => sum + buckets[bucket], 0)

/** An order by its id. */
export const orderIn = ({ orders }: Pick<OrderLedger, "orders">, id: string): Order | undefined =>
  orders.find((order) => order.id === id)
