import * as Effect from "effect/Effect"
import { receiveStock } from "../../inventory/index.ts"
import { Ids } from "../../kernel/index.ts"
import { DEFAULT_ORDER_SETTINGS, OrderSettingsRecords } from "../../order/index.ts"
import { ConnectionId, Connections, Merchants } from "../../party/index.ts"
import { type Entry, PartitionId, Store } from "../../store/index.ts"
import { BINS, inside, product, record, standing, WAREHOUSES } from "../stock/StockWorld.ts"

/** The channel of every merchant of a history. */
export const SHOP = ConnectionId.make("01890a5d-ac96-774b-8cce-b302099a8071")

/** The account of a merchant at its channel: what the marks of its buyers begin with. */
export const accountOf = (merchant: PartitionId): string =>
  `mark${merchant.replaceAll("-", "").slice(-14)}`

const furnishing = (merchant: PartitionId, at: number): ReadonlyArray<Entry> => [
  standing(),
  record(Merchants, {
    id: merchant,
    operator: merchant,
    name: "A merchant",
    settings: { currency: "GBP", timeZone: "Europe/London" },
    createdAt: at,
  }),
  record(Connections, {
    id: SHOP,
    state: "connected",
    live: true,
    connectedAt: at,
    channel: "shopify",
    accountReference: accountOf(merchant),
  }),
  ...product("TEA"),
  ...product("CUP"),
  record(OrderSettingsRecords, {
    id: "order_settings",
    ...DEFAULT_ORDER_SETTINGS,
    warehouses: WAREHOUSES,
  }),
]

/** Two merchants that nobody used before. */
export const nextMerchants: Effect.Effect<readonly [PartitionId, PartitionId], never, Ids> =
  Effect.gen(function* () {
    const ids = yield* Ids
    return [PartitionId.make(yield* ids.next), PartitionId.make(yield* ids.next)] as const
  })

/** Opens a merchant for commands, with a channel that is connected, two products, and more of them than orders want. */
export const furnish = (merchant: PartitionId, at: number) =>
  Effect.gen(function* () {
    const store = yield* Store
    yield* store.commit(furnishing(merchant, at))
    const place = { warehouse: WAREHOUSES[0], bin: BINS[0].bin }
    yield* receiveStock({
      key: "opening",
      lines: [
        { sku: "TEA", quantity: 50, place },
        { sku: "CUP", quantity: 50, place },
      ],
    })
  }).pipe(inside(merchant))
