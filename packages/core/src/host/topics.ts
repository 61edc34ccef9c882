import { AlertRaised, ErasureRecorded, type Topic } from "../integration/index.ts"
import { StockChanged, StockShortfall } from "../inventory/index.ts"
import {
  OrderAmended,
  OrderBackordered,
  OrderCancelled,
  OrderCompleted,
  OrderDispatched,
  OrderHeld,
  OrderImported,
  OrderLapsed,
  OrderMerged,
  OrderReleased,
  OrderSplit,
  OrderStalled,
  OrderUnitsCancelled,
} from "../order/index.ts"

/** Every topic of the engine by its name: what it tells, in the batch that made it true. */
export const topics = {
  "alert.raised": AlertRaised,
  "stock.changed": StockChanged,
  "stock.shortfall": StockShortfall,
  "order.imported": OrderImported,
  "order.amended": OrderAmended,
  "order.backordered": OrderBackordered,
  "order.held": OrderHeld,
  "order.released": OrderReleased,
  "order.dispatched": OrderDispatched,
  "order.units_cancelled": OrderUnitsCancelled,
  "order.cancelled": OrderCancelled,
  "order.completed": OrderCompleted,
  "order.split": OrderSplit,
  "order.merged": OrderMerged,
  "order.stalled": OrderStalled,
  "order.lapsed": OrderLapsed,
  "erasure.recorded": ErasureRecorded,
} as const

export type Topics = typeof topics
export type TopicName = keyof Topics
/** What a message of the topic says. */
export type BodyOf<Name extends TopicName> = Topics[Name] extends Topic<infer Body> ? Body : never
