import { Effect, Layer, Option, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  type CurrentActor,
  type Role,
  type StandingState,
  Standings,
} from "../../src/access/index.ts"
import { AuditLog } from "../../src/audit/index.ts"
import { defineKit, defineListing, defineProduct } from "../../src/catalogue/index.ts"
import { Outbox, Receipts } from "../../src/integration/index.ts"
import {
  Allocations,
  Commitments,
  receiveStock,
  StockBalances,
  StockMovements,
  StockPools,
  WarehouseId,
} from "../../src/inventory/index.ts"
import type { Ids, Timestamp } from "../../src/kernel/index.ts"
import {
  allocateOrder,
  Backorders,
  changeOrderSettings,
  commitOrder,
  ExternalOrders,
  importOrder,
  type Order,
  type OrderId,
  OrderSettingsRecords,
  Orders,
  releaseOrder,
} from "../../src/order/index.ts"
import { AccountReference, ChannelKind, ConnectionId, Connections } from "../../src/party/index.ts"
import {
  type AnyCollection,
  type Collection,
  type CollectionShape,
  type CurrentPartition,
  insert,
  replace,
  Store,
} from "../../src/store/index.ts"
import { inside, MERCHANT_A, MERCHANT_B, opened, surroundings } from "../world.ts"

export const LONDON = WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8001")
export const LEEDS = WarehouseId.make("01890a5d-ac96-774b-8cce-b302099a8002")
export const SHOP = ConnectionId.make("01890a5d-ac96-774b-8cce-b302099a8070")
export const CLOSED_SHOP = ConnectionId.make("01890a5d-ac96-774b-8cce-b302099a8071")
/** A well-formed id that nothing has. */
export const NOBODY = "01890a5d-ac96-774b-8cce-b302099a80ff"
export const DAY = 86_400_000

let keys = 0
/** A key that was not used yet. */
export const freshKey = () => `order-${++keys}`

type Snapshot = Parameters<typeof importOrder>[0]
export type Line = Snapshot["lines"][0]

/** A snapshot's line: its id is its place, from 1. */
export const line = (
  channelSku: string,
  quantity: number,
  more: Partial<Line> = {},
): Omit<Line, "externalLineId"> & { externalLineId?: string } => ({
  channelSku,
  quantity,
  total: { currency: "GBP", minor: String(quantity * 100) },
  ...more,
})

/** An order of the shop as it tells of it: version 1 of order `A-1`, paid. */
export const snapshot = (
  lines: ReadonlyArray<ReturnType<typeof line>>,
  more: Partial<Omit<Snapshot, "lines">> = {},
): Snapshot => ({
  key: freshKey(),
  connection: SHOP,
  externalId: "A-1",
  externalVersion: 1,
  orderedAt: 0,
  country: "GB",
  currency: "GBP",
  payment: "paid",
  lines: lines.map((each, place) => ({
    externalLineId: String(place + 1),
    ...each,
  })) as unknown as Snapshot["lines"],
  ...more,
})

/** Imports an order of `[channel SKU, quantity]` lines and gives its id. */
export const imported = (
  lines: ReadonlyArray<readonly [channelSku: string, quantity: number]>,
  more: Partial<Omit<Snapshot, "lines">> = {},
) =>
  Effect.map(
    importOrder(
      snapshot(
        lines.map(([sku, quantity]) => line(sku, quantity)),
        more,
      ),
    ),
    ({ order }) => order,
  )

/** Receives units into a bin of London, or of another warehouse. */
export const receive = (
  sku: string,
  quantity: number,
  warehouse: string = LONDON,
  more: {
    readonly lot?: string
    readonly expiresAt?: number
    readonly serials?: ReadonlyArray<string>
    readonly key?: string
  } = {},
) => {
  const { key = freshKey(), ...rest } = more
  return receiveStock({
    key,
    lines: [{ sku, quantity, place: { warehouse, bin: "A-1" }, ...rest }],
  })
}

/** Imports, commits and releases an order. */
export const released = (
  lines: ReadonlyArray<readonly [channelSku: string, quantity: number]>,
  more: Partial<Omit<Snapshot, "lines">> = {},
) =>
  Effect.gen(function* () {
    const order = yield* imported(lines, more)
    yield* commitOrder({ key: freshKey(), order })
    yield* releaseOrder({ key: freshKey(), order })
    return order
  })

/** Imports, commits, releases and allocates an order. */
export const allocated = (
  lines: ReadonlyArray<readonly [channelSku: string, quantity: number]>,
  more: Partial<Omit<Snapshot, "lines">> = {},
) =>
  Effect.gen(function* () {
    const order = yield* released(lines, more)
    yield* allocateOrder({ key: freshKey(), order })
    return order
  })

/** The order as stored. */
export const orderOf = (id: OrderId) =>
  Effect.map(
    Effect.flatMap(Store, (store) => store.get(Orders, id)),
    (stored) => Option.getOrThrow(stored).value,
  )

/** The buckets of a line that hold something, with what is committed. */
export const bucketsOf = (order: Order, id = "1") => {
  const found = order.lines.find((each) => each.id === id)
  if (found === undefined) return undefined
  const { ordered: _, ...buckets } = found.buckets
  const filled = Object.entries({ ...buckets, committed: found.committed })
  return Object.fromEntries(filled.filter(([, units]) => units > 0))
}

/** All records of a collection, by id. */
export const records = <A, I extends CollectionShape["indexes"]>(collection: Collection<A, I>) =>
  Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(collection)))

/** Everything that the current partition holds of orders and stock. */
export const everything = Effect.forEach(
  [
    Orders,
    ExternalOrders,
    Backorders,
    OrderSettingsRecords,
    Connections,
    Commitments,
    Allocations,
    StockPools,
    StockBalances,
    StockMovements,
    AuditLog,
    Outbox,
    Receipts,
  ] as ReadonlyArray<AnyCollection>,
  (collection) =>
    Effect.map(records(collection), (found) => [
      collection.name,
      found.map(({ id, version, value }) => ({ id, version, value })),
    ]),
)

/** The topics of the messages that wait to be told, oldest first. */
export const told = Effect.map(records(Outbox), (found) =>
  found
    .map(({ value }) => value)
    // Ids tell the order in which messages were made; the outbox has them by topic.
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ topic }) => topic),
)

/** A pool's running totals. */
export const poolOf = (sku: string, warehouse: string = LONDON) =>
  Effect.map(
    Effect.flatMap(Store, (store) => store.get(StockPools, `${warehouse}/${sku}`)),
    Option.match({
      onNone: () => undefined,
      onSome: ({ value: { onHand, committed, uncommitted } }) => ({
        onHand,
        committed,
        uncommitted,
      }),
    }),
  )

/** Gives the current merchant another standing. */
export const standing = (state: StandingState) =>
  Effect.gen(function* () {
    const store = yield* Store
    const stored = Option.getOrThrow(yield* store.get(Standings, "standing"))
    yield* store.commit([replace(stored, { ...stored.value, state })])
  })

/** Two shops, of which one was disconnected, a few products, a kit, a pack of three, and two warehouses. */
const furnished = Effect.gen(function* () {
  const at = 0 as Timestamp
  const channel = ChannelKind.make("shopify")
  yield* (yield* Store).commit([
    insert(Connections, {
      id: SHOP,
      state: "connected",
      live: true,
      connectedAt: at,
      channel,
      accountReference: AccountReference.make("a"),
    }),
    insert(Connections, {
      id: CLOSED_SHOP,
      state: "disconnected",
      connectedAt: at,
      disconnectedAt: at,
      channel,
      accountReference: AccountReference.make("b"),
    }),
  ])
  for (const sku of ["MUG", "TEA", "CUP", "mug"])
    yield* defineProduct({ key: freshKey(), sku, title: "A thing" })
  yield* defineProduct({
    key: freshKey(),
    sku: "CHEESE",
    title: "A thing",
    tracking: { lot: true, expiry: true },
  })
  yield* defineProduct({
    key: freshKey(),
    sku: "PHONE",
    title: "A thing",
    tracking: { serial: true },
  })
  yield* defineProduct({ key: freshKey(), sku: "NOVEL", title: "A thing", availableFrom: 10 * DAY })
  yield* defineKit({
    key: freshKey(),
    sku: "GIFT",
    kind: "virtual",
    components: [
      { sku: "MUG", quantity: 1 },
      { sku: "TEA", quantity: 2 },
    ],
  })
  yield* defineListing({
    key: freshKey(),
    connection: SHOP,
    channelSku: "MUG-3PK",
    sku: "MUG",
    multiple: 3,
  })
  yield* changeOrderSettings({ key: freshKey(), warehouses: [LONDON, LEEDS] })
})

export type Services = Store | Ids | CurrentPartition | CurrentActor

const prepared = Effect.gen(function* () {
  yield* inside(MERCHANT_A)(opened())
  yield* inside(MERCHANT_B)(opened())
  yield* inside(MERCHANT_A)(furnished)
})

/** Runs `work` as the owner of merchant A in a new furnished world, on a clock that stands at 0 until it is moved. */
export const runOrders = <A, E>(
  work: Effect.Effect<A, E, Services>,
  roles: ReadonlyArray<Role> = ["owner"],
): Promise<A> =>
  Effect.andThen(prepared, inside(MERCHANT_A, roles)(work)).pipe(
    Effect.provide(Layer.merge(surroundings, TestClock.layer()), { local: true }),
    Effect.runPromise,
  )

/** As `runOrders`, in a world of another making. */
export const runIn = <A, E>(
  world: Layer.Layer<Store | Ids, unknown>,
  work: Effect.Effect<A, E, Services>,
): Promise<A> =>
  Effect.andThen(prepared, inside(MERCHANT_A)(work)).pipe(
    Effect.provide(Layer.merge(world, TestClock.layer()), { local: true }),
    Effect.runPromise,
  )
