import { Standings } from "../access/index.ts"
import { AuditLog } from "../audit/index.ts"
import { CatalogueSkus, Kits, Listings, ProductBarcodes, Products } from "../catalogue/index.ts"
import { Outbox, Receipts } from "../integration/index.ts"
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
import { Backorders, ExternalOrders, OrderSettingsRecords, Orders } from "../order/index.ts"
import {
  Connections,
  MerchantDirectory,
  Merchants,
  Operators,
  StandingChanges,
} from "../party/index.ts"
import type { AnyCollection } from "../store/index.ts"

/** Every record type of the engine: what a driver makes ready, and what a dump or a digest walks over. */
export const collections: ReadonlyArray<AnyCollection> = [
  Allocations,
  AuditLog,
  Backorders,
  CatalogueSkus,
  ChannelRules,
  Commitments,
  Connections,
  ExternalOrders,
  Kits,
  Listings,
  MerchantDirectory,
  Merchants,
  Operators,
  Orders,
  OrderSettingsRecords,
  Outbox,
  ProductBarcodes,
  Products,
  Receipts,
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
