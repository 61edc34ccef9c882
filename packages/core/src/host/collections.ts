import * as Context from "effect/Context"
import { Standings } from "../access/index.ts"
import { AuditChains, AuditDigests, AuditLog, SecurityReviews } from "../audit/index.ts"
import { CatalogueSkus, Kits, Listings, ProductBarcodes, Products } from "../catalogue/index.ts"
import {
  AlertCursors,
  Deliveries,
  Jobs,
  Outbox,
  RaisedAlerts,
  Receipts,
} from "../integration/index.ts"
import {
  Allocations,
  ChannelRules,
  Commitments,
  StockBalances,
  StockCounts,
  StockLots,
  StockMovements,
  StockPools,
  StockSerials,
  StockSettingsRecords,
  StockTransfers,
} from "../inventory/index.ts"
import {
  Backorders,
  BreakGlasses,
  ExternalOrders,
  OrderSettingsRecords,
  Orders,
  RevealAllowances,
  Reveals,
} from "../order/index.ts"
import {
  Connections,
  Credentials,
  MerchantDirectory,
  Merchants,
  Operators,
  StandingChanges,
} from "../party/index.ts"
import { MerchantKeys, OrderPiis } from "../privacy/index.ts"
import type { AnyCollection } from "../store/index.ts"

/** Every record type of the engine: what a driver makes ready, and what a dump or a digest walks over. */
export const collections: ReadonlyArray<AnyCollection> = [
  AlertCursors,
  Allocations,
  AuditChains,
  AuditDigests,
  AuditLog,
  Backorders,
  BreakGlasses,
  CatalogueSkus,
  ChannelRules,
  Commitments,
  Connections,
  Credentials,
  Deliveries,
  ExternalOrders,
  Jobs,
  Kits,
  Listings,
  MerchantDirectory,
  MerchantKeys,
  Merchants,
  Operators,
  OrderPiis,
  Orders,
  OrderSettingsRecords,
  Outbox,
  ProductBarcodes,
  Products,
  RaisedAlerts,
  Receipts,
  RevealAllowances,
  Reveals,
  SecurityReviews,
  StandingChanges,
  Standings,
  StockBalances,
  StockCounts,
  StockLots,
  StockMovements,
  StockPools,
  StockSerials,
  StockSettingsRecords,
  StockTransfers,
]

/** Record types of the host's own, as it gave them to `Core.layerWith`: a merchant's go with the merchant (R40). */
export const HostRecords = Context.Reference<ReadonlyArray<AnyCollection>>(
  "@oto-fulfilment/core/HostRecords",
  { defaultValue: () => [] },
)
