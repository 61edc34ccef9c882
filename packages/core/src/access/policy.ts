import * as Schema from "effect/Schema"

/** What somebody is in a partition. Roles are granted for each partition on its own (R28). */
export const Role = Schema.Literals([
  "owner",
  "manager",
  "stock_controller",
  "picker",
  "packer",
  "dispatcher",
  "integration",
  "privacy_officer",
  "support",
  "analyst",
  "auditor",
  "platform_admin",
  "system",
])
export type Role = typeof Role.Type

const LEAD = ["owner", "manager"] as const
const STOCK = ["owner", "manager", "stock_controller"] as const
const FLOOR = [...STOCK, "picker", "packer", "dispatcher"] as const
const CHANNEL = ["owner", "manager", "integration"] as const
const READ = [...FLOOR, "integration", "support", "analyst", "auditor", "system"] as const

/**
 * Every action and the roles that may take it: the one place that says who may. What is not listed is refused.
 * The table is also the oracle of the access tests.
 */
export const policy = {
  // party
  openMerchant: ["owner", "platform_admin"],
  changeMerchantSettings: LEAD,
  // A merchant must not lift its own credit stop or suspension: the operator's staff change a standing.
  changeStanding: ["platform_admin"],
  closeMerchant: ["owner", "platform_admin"],
  terminateMerchant: ["owner", "platform_admin"],
  connectChannel: LEAD,
  disconnectChannel: LEAD,
  keepCredential: [...LEAD, "integration"],
  readMerchant: READ,
  findMerchants: READ,
  findConnections: READ,
  // catalogue
  defineProduct: CHANNEL,
  reviseProduct: CHANNEL,
  defineKit: CHANNEL,
  defineListing: CHANNEL,
  removeListing: CHANNEL,
  readProduct: READ,
  findProducts: READ,
  findProductByBarcode: READ,
  readKit: READ,
  resolveListing: READ,
  findListings: READ,
  // inventory: physical stock
  receiveStock: STOCK,
  moveStock: STOCK,
  adjustStock: STOCK,
  changeCondition: STOCK,
  recallLot: STOCK,
  expireLots: [...STOCK, "system"],
  countStock: FLOOR,
  approveCount: STOCK,
  correctMovement: STOCK,
  sendTransfer: STOCK,
  receiveTransfer: STOCK,
  assembleKit: STOCK,
  disassembleKit: STOCK,
  sweepEmptyCells: [...STOCK, "system"],
  changeStockSettings: LEAD,
  // inventory: promises
  commitStock: [...CHANNEL, "stock_controller"],
  releaseCommitment: [...CHANNEL, "stock_controller"],
  expireCommitments: [...LEAD, "system"],
  allocateStock: [...STOCK, "system"],
  releaseAllocation: [...STOCK, "system"],
  dispatchStock: [...STOCK, "dispatcher"],
  setChannelRule: LEAD,
  // inventory: reports
  readStock: READ,
  readChannelQuantity: READ,
  findMovements: READ,
  verifyLedger: [...STOCK, "auditor", "system"],
  rebuildBalances: [...LEAD, "system"],
  // orders
  changeOrderSettings: LEAD,
  readOrderSettings: READ,
  importOrder: CHANNEL,
  resolveOrderLines: [...CHANNEL, "stock_controller", "system"],
  cancelImportedOrder: CHANNEL,
  brokerOrder: [...STOCK, "integration", "system"],
  commitOrder: [...STOCK, "integration", "system"],
  holdOrder: [...FLOOR, "integration", "system"],
  liftHold: [...LEAD, "integration", "system"],
  releaseOrder: [...STOCK, "system"],
  allocateOrder: [...STOCK, "system"],
  recordPick: FLOOR,
  recordPack: FLOOR,
  dispatchOrder: [...STOCK, "dispatcher"],
  cancelOrder: CHANNEL,
  amendOrder: CHANNEL,
  splitOrder: LEAD,
  mergeOrders: LEAD,
  fillBackorders: [...STOCK, "system"],
  deleteOrder: LEAD,
  restoreOrder: LEAD,
  // buyers: who may see one when is in revealPolicy
  fetchBuyer: [...STOCK, "integration", "system"],
  revealForLabel: [...LEAD, "dispatcher"],
  revealForPackingSlip: [...LEAD, "packer"],
  requestBreakGlass: ["support", "platform_admin"],
  approveBreakGlass: ["owner", "privacy_officer", "platform_admin"],
  revealUnderBreakGlass: ["support", "platform_admin"],
  eraseBuyer: ["owner", "privacy_officer"],
  restrictBuyer: ["owner", "privacy_officer"],
  liftBuyerRestriction: ["owner", "privacy_officer"],
  readOrder: READ,
  findOrders: READ,
  // jobs that were given up
  findDeadJobs: [...LEAD, "support", "auditor", "system"],
  retryDeadJob: [...LEAD, "system"],
  discardDeadJob: LEAD,
  // audit
  findAuditEvents: ["owner", "auditor"],
  verifyAuditLog: ["owner", "auditor"],
  exportAuditLog: ["owner", "auditor"],
  recordSecurityReview: ["owner", "auditor", "platform_admin"],
} as const satisfies { readonly [action: string]: ReadonlyArray<Role> }

/** Something that a policy row allows. */
export type Action = keyof typeof policy

/** Whether one of the roles may take the action. */
export const allows = (action: Action, roles: ReadonlyArray<Role>): boolean =>
  roles.some((role) => (policy[action] as ReadonlyArray<Role>).includes(role))
