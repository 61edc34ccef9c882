import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { WarehouseId } from "../inventory/index.ts"
import { CountryCode, DAY_MILLIS, WorkingCalendar } from "../kernel/index.ts"
import { ConnectionId } from "../party/index.ts"
import {
  Collection,
  type CurrentPartition,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"

/** The first characters of SKUs, case included. */
const SkuPrefix = Schema.String.check(Schema.isPattern(/^[^\s/\p{Cc}][^/\p{Cc}]{0,63}$/u))

/**
 * Which warehouses may serve some lines, the preferred one first. It applies where each condition that it names holds;
 * without one it applies to all. Rules are asked in their order, and the first that applies decides.
 */
export const BrokeringRule = Schema.Struct({
  countries: Schema.optionalKey(Schema.NonEmptyArray(CountryCode)),
  connections: Schema.optionalKey(Schema.NonEmptyArray(ConnectionId)),
  skuPrefixes: Schema.optionalKey(Schema.NonEmptyArray(SkuPrefix)),
  warehouses: Schema.NonEmptyArray(WarehouseId),
})
export type BrokeringRule = typeof BrokeringRule.Type

/**
 * What becomes of units that stock does not reach. `whole`: the order is refused. `available`: they stay open.
 * `backorder`: they wait in the queue of their SKU.
 */
export const CommitRule = Schema.Literals(["whole", "available", "backorder"])
export type CommitRule = typeof CommitRule.Type

/** A merchant's own way with orders. */
export const OrderSettings = Schema.Struct({
  rules: Schema.Array(BrokeringRule),
  /** Where no rule applies: all the merchant's warehouses, the preferred one first. */
  warehouses: Schema.Array(WarehouseId),
  /** Whether lines of one order may leave from different warehouses when no single one has them all. */
  splitAcrossWarehouses: Schema.Boolean,
  commitRule: CommitRule,
  /** How long a commitment of an order lives, in milliseconds; `null`: until it is resolved. */
  commitmentLifetime: Schema.NullOr(
    Schema.Int.check(Schema.isBetween({ minimum: 1000, maximum: 400 * DAY_MILLIS })),
  ),
  /** Whether orders are held while the channel says that payment is pending. */
  holdUnpaid: Schema.Boolean,
  /** When the warehouses work and cut off; `null`: a release says itself by when it leaves. */
  calendar: Schema.NullOr(WorkingCalendar),
})
export type OrderSettings = typeof OrderSettings.Type

export const OrderSettingsRecord = Schema.Struct({
  id: Schema.Literal("order_settings"),
  ...OrderSettings.fields,
})
export type OrderSettingsRecord = typeof OrderSettingsRecord.Type

/** At most one record a merchant; without it the defaults hold. */
export const OrderSettingsRecords = Collection.make("order_settings", {
  schema: OrderSettingsRecord,
  key: (settings) => settings.id,
  indexes: {},
})

/** What holds for a merchant who changed nothing. No warehouse is known until one is named. */
export const DEFAULT_ORDER_SETTINGS: OrderSettings = {
  rules: [],
  warehouses: [],
  splitAcrossWarehouses: true,
  commitRule: "backorder",
  commitmentLifetime: null,
  holdUnpaid: true,
  calendar: null,
}

/** The settings record as stored, or none where the merchant changed nothing. */
export const lookUpOrderSettings: Effect.Effect<
  Option.Option<Stored<OrderSettingsRecord>>,
  StoreUnavailable,
  Store | CurrentPartition
> = Effect.flatMap(Store, (store) => store.get(OrderSettingsRecords, "order_settings"))

/** The settings that hold now: the merchant's own, else the defaults. */
export const currentOrderSettings: Effect.Effect<
  OrderSettings,
  StoreUnavailable,
  Store | CurrentPartition
> = Effect.map(
  lookUpOrderSettings,
  Option.match({
    onNone: () => DEFAULT_ORDER_SETTINGS,
    onSome: ({ value: { id: _, ...settings } }) => settings,
  }),
)
