import * as catalogue from "../catalogue/index.ts"
import {
  discardDeadJob,
  exportAuditLog,
  findAuditEvents,
  findDeadJobs,
  recordSecurityReview,
  retryDeadJob,
  verifyAuditLog,
} from "../command/index.ts"
import * as flow from "../flow/index.ts"
import * as inventory from "../inventory/index.ts"
import * as order from "../order/index.ts"
import * as party from "../party/index.ts"
import { terminateMerchant } from "./terminateMerchant.ts"

/**
 * Every operation of the engine by its name. `Core`, the Promise form and the tests that walk over all operations are
 * made from this list, so that none is reachable in one way only. `registerOperator` is not in it: it is the host's
 * own act at installation and asks for no actor.
 */
export const operations = {
  // party
  openMerchant: party.openMerchant,
  changeMerchantSettings: party.changeMerchantSettings,
  changeStanding: party.changeStanding,
  closeMerchant: party.closeMerchant,
  terminateMerchant,
  connectChannel: party.connectChannel,
  disconnectChannel: party.disconnectChannel,
  keepCredential: party.keepCredential,
  readMerchant: party.readMerchant,
  findMerchants: party.findMerchants,
  findConnections: party.findConnections,
  // catalogue
  defineProduct: catalogue.defineProduct,
  reviseProduct: catalogue.reviseProduct,
  defineKit: catalogue.defineKit,
  defineListing: catalogue.defineListing,
  removeListing: catalogue.removeListing,
  readProduct: catalogue.readProduct,
  readKit: catalogue.readKit,
  findProducts: catalogue.findProducts,
  findProductByBarcode: catalogue.findProductByBarcode,
  findListings: catalogue.findListings,
  resolveListing: catalogue.resolveListing,
  // inventory: physical stock
  receiveStock: inventory.receiveStock,
  moveStock: inventory.moveStock,
  adjustStock: inventory.adjustStock,
  changeCondition: inventory.changeCondition,
  recallLot: inventory.recallLot,
  expireLots: inventory.expireLots,
  countStock: inventory.countStock,
  approveCount: inventory.approveCount,
  correctMovement: inventory.correctMovement,
  sendTransfer: inventory.sendTransfer,
  receiveTransfer: inventory.receiveTransfer,
  assembleKit: inventory.assembleKit,
  disassembleKit: inventory.disassembleKit,
  sweepEmptyCells: inventory.sweepEmptyCells,
  changeStockSettings: inventory.changeStockSettings,
  // inventory: promises
  commitStock: inventory.commitStock,
  releaseCommitment: inventory.releaseCommitment,
  expireCommitments: inventory.expireCommitments,
  allocateStock: inventory.allocateStock,
  releaseAllocation: inventory.releaseAllocation,
  dispatchStock: inventory.dispatchStock,
  setChannelRule: inventory.setChannelRule,
  // inventory: reports
  readStock: inventory.readStock,
  readChannelQuantity: inventory.readChannelQuantity,
  findMovements: inventory.findMovements,
  verifyLedger: inventory.verifyLedger,
  rebuildBalances: inventory.rebuildBalances,
  // orders
  importOrder: order.importOrder,
  cancelImportedOrder: order.cancelImportedOrder,
  resolveOrderLines: order.resolveOrderLines,
  brokerOrder: order.brokerOrder,
  commitOrder: order.commitOrder,
  fillBackorders: order.fillBackorders,
  holdOrder: order.holdOrder,
  liftHold: order.liftHold,
  releaseOrder: order.releaseOrder,
  allocateOrder: order.allocateOrder,
  recordPick: order.recordPick,
  recordPack: order.recordPack,
  dispatchOrder: order.dispatchOrder,
  cancelOrder: order.cancelOrder,
  amendOrder: order.amendOrder,
  splitOrder: order.splitOrder,
  mergeOrders: order.mergeOrders,
  deleteOrder: order.deleteOrder,
  restoreOrder: order.restoreOrder,
  // buyers
  fetchBuyer: order.fetchBuyer,
  revealForLabel: order.revealForLabel,
  revealForPackingSlip: order.revealForPackingSlip,
  requestBreakGlass: order.requestBreakGlass,
  approveBreakGlass: order.approveBreakGlass,
  revealUnderBreakGlass: order.revealUnderBreakGlass,
  eraseBuyer: order.eraseBuyer,
  restrictBuyer: order.restrictBuyer,
  liftBuyerRestriction: order.liftBuyerRestriction,
  // orders, as they are
  readOrder: order.readOrder,
  findOrders: order.findOrders,
  findOrderByExternalId: order.findOrderByExternalId,
  changeOrderSettings: order.changeOrderSettings,
  readOrderSettings: order.readOrderSettings,
  // jobs that were given up
  findDeadJobs,
  retryDeadJob,
  discardDeadJob,
  // audit
  findAuditEvents,
  verifyAuditLog,
  exportAuditLog,
  recordSecurityReview,
  // the story, a step for all of a merchant's orders
  importOrders: flow.importOrders,
  commitOrders: flow.commitOrders,
  releaseOrders: flow.releaseOrders,
  allocateOrders: flow.allocateOrders,
} as const

export type Operations = typeof operations
export type OperationName = keyof Operations
