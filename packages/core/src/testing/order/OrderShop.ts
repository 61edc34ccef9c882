import * as Effect from "effect/Effect"
import { Listings } from "../../catalogue/index.ts"
import { Ids } from "../../kernel/index.ts"
import { DEFAULT_ORDER_SETTINGS, OrderSettingsRecords } from "../../order/index.ts"
import { ConnectionId, Connections } from "../../party/index.ts"
import { type Entry, PartitionId, Store } from "../../store/index.ts"
import {
  inside,
  product,
  record,
  START,
  standing,
  virtualKit,
  WAREHOUSES,
} from "../stock/StockWorld.ts"

/** The channel of every shop. */
export const SHOP = ConnectionId.make("01890a5d-ac96-774b-8cce-b302099a8070")

/** What a shop has to begin with. Tea is also sold by threes. */
const furnishing = (): ReadonlyArray<Entry> => [
  standing(),
  record(Connections, {
    id: SHOP,
    state: "connected",
    live: true,
    connectedAt: START,
    channel: "shopify",
    accountReference: "shop",
  }),
  ...product("TEA"),
  ...product("CUP"),
  ...virtualKit(),
  record(Listings, {
    id: `${SHOP}/TEA-3`,
    connection: SHOP,
    channelSku: "TEA-3",
    sku: "TEA",
    multiple: 3,
    state: "listed",
    since: START,
  }),
  record(OrderSettingsRecords, {
    id: "order_settings",
    ...DEFAULT_ORDER_SETTINGS,
    warehouses: WAREHOUSES,
  }),
]

/**
 * A merchant that nobody used before: open for commands, with a channel that is connected, two products, and a kit of
 * them that is put together when it is picked. Written in one batch, because a history makes few commands beside.
 */
export const openShop: Effect.Effect<PartitionId, unknown, Store | Ids> = Effect.gen(function* () {
  const merchant = PartitionId.make(yield* (yield* Ids).next)
  const store = yield* Store
  yield* inside(merchant)(store.commit(furnishing()))
  return merchant
})
