import {
  type Actor,
  type ConnectionId,
  changeOrderSettings,
  connectChannel,
  enterPartition,
  type MerchantId,
  nextId,
  OperatorId,
  openMerchant,
  type Role,
  registerOperator,
  WarehouseId,
} from "@oto-fulfilment/core"
import { Effect } from "effect"
import { SHOPS, type Shop } from "../slice/toOrders.ts"

const NAMES: { readonly [S in Shop]: string } = {
  northgate: "Northgate Gifts",
  harbour: "Harbour Home",
}

/** A merchant that is open, the channel that sells for it, and those who act for it. */
export interface OpenShop {
  readonly shop: Shop
  readonly name: string
  readonly merchant: MerchantId
  readonly connection: ConnectionId
  readonly owner: Actor
  /** The program that brings the channel's orders. */
  readonly channel: Actor
}

/** The operator with its one warehouse and its merchants. */
export interface Premises {
  readonly operator: OperatorId
  readonly warehouse: WarehouseId
  readonly operatorOwner: Actor
  /** The people on the floor: they serve every merchant, each by a grant of its own. */
  readonly floor: Actor
  readonly shops: ReadonlyArray<OpenShop>
}

/** Registers an operator and opens a merchant for each shop, with an account at a channel and its people. */
export const openShops = Effect.fn("openShops")(function* (onEach: () => void = () => {}) {
  const operator = yield* nextId(OperatorId)
  const warehouse = yield* nextId(WarehouseId)
  yield* registerOperator({
    key: "register",
    id: operator,
    name: "Dockside Fulfilment",
    timeZone: "Europe/London",
  })
  const operatorOwner = actorOf("operator-owner", operator, "owner")
  const shops = yield* Effect.forEach(SHOPS, (shop) =>
    Effect.tap(openShop(shop, operator, operatorOwner, warehouse), () => Effect.sync(onEach)),
  )
  const floor: Actor = {
    ref: { kind: "user", id: "floor-1" },
    home: operator,
    grants: shops.map(({ merchant }) => ({ partition: merchant, roles: ["stock_controller"] })),
  }
  return { operator, warehouse, operatorOwner, floor, shops } satisfies Premises
})

const openShop = Effect.fn("openShop")(function* (
  shop: Shop,
  operator: OperatorId,
  operatorOwner: Actor,
  warehouse: WarehouseId,
) {
  const name = NAMES[shop]
  const { id: merchant } = yield* enterPartition(
    operatorOwner,
    operator,
  )(
    openMerchant({
      key: `open-${shop}`,
      name,
      settings: { currency: "GBP", timeZone: "Europe/London" },
    }),
  )
  const owner = actorOf(`${shop}-owner`, merchant, "owner")
  const asOwner = enterPartition(owner, merchant)
  const { id: connection } = yield* asOwner(
    connectChannel({ key: "connect", channel: "webshop", accountReference: `${shop}.example` }),
  )
  yield* asOwner(changeOrderSettings({ key: "warehouses", warehouses: [warehouse] }))
  const channel = actorOf(`${shop}-webshop`, merchant, "integration", "integration")
  return { shop, name, merchant, connection, owner, channel } satisfies OpenShop
})

/** Somebody who belongs to a partition and has one role there, and none anywhere else. */
const actorOf = (
  id: string,
  home: Actor["home"],
  role: Role,
  kind: Actor["ref"]["kind"] = "user",
): Actor => ({
  ref: { kind, id },
  home,
  grants: [{ partition: home, roles: [role] }],
})
