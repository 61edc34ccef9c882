export * from "./allocateOrder.ts"
export * from "./amendOrder.ts"
export { Backorder, BackorderId, Backorders } from "./Backorder.ts"
export * from "./BreakGlass.ts"
export * from "./brokerOrder.ts"
export * from "./cancelImportedOrder.ts"
export * from "./cancelOrder.ts"
export * from "./changeOrderSettings.ts"
export * from "./chooseWarehouses.ts"
export * from "./commitOrder.ts"
export * from "./deleteOrder.ts"
export * from "./dispatchOrder.ts"
export type { ErasureCause } from "./draftErasure.ts"
export * from "./ExternalOrder.ts"
export * from "./eraseBuyer.ts"
export * from "./fetchBuyer.ts"
export * from "./fillBackorders.ts"
export * from "./findOrders.ts"
export { forgetAgain } from "./forgetAgain.ts"
export { Hold, HoldCode, HoldReason, HoldSource, IMPORT_SOURCE } from "./Hold.ts"
export * from "./holdOrder.ts"
export * from "./importOrder.ts"
export * from "./keepRetention.ts"
export * from "./liftHold.ts"
export { BUCKETS, type Bucket, LineBuckets } from "./lineBuckets.ts"
export { BuyerNotHeld, PiiAnonymised } from "./loadBuyer.ts"
export * from "./mergeOrders.ts"
export {
  ExternalId,
  ExternalVersion,
  isFinished,
  Order,
  OrderId,
  OrderState,
  Orders,
  PaymentState,
  PiiState,
  ServiceLevel,
} from "./Order.ts"
export {
  activeUnits,
  allocatableUnits,
  LineId,
  OrderLine,
  uncommittedUnits,
} from "./OrderLine.ts"
export {
  BrokeringRule,
  CommitRule,
  currentOrderSettings,
  DEFAULT_ORDER_SETTINGS,
  OrderSettings,
  OrderSettingsRecord,
  OrderSettingsRecords,
} from "./OrderSettings.ts"
export * from "./OrderSnapshot.ts"
export * from "./orderErrors.ts"
export * from "./orderStatus.ts"
export {
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
} from "./orderTopics.ts"
export {
  type Case,
  type Guard,
  type OrderEvent,
  TRANSITIONS,
  type Transition,
  transition,
} from "./orderTransitions.ts"
export * from "./purgeOrders.ts"
export { RevealAllowances, Reveals } from "./Reveal.ts"
export * from "./readOrder.ts"
export * from "./recordPick.ts"
export { releaseOrder, ShipmentGroup } from "./releaseOrder.ts"
export { approveBreakGlass, requestBreakGlass } from "./requestBreakGlass.ts"
export * from "./resolveOrderLines.ts"
export * from "./restrictBuyer.ts"
export * from "./revealBuyer.ts"
export * from "./SalesChannels.ts"
export * from "./splitOrder.ts"
export { LinesUnits, LineUnits } from "./takeUnits.ts"
