import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import {
  Collection,
  type CurrentPartition,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { RemovalStrategy } from "./RemovalStrategy.ts"

/** Whole days, 0 to 3,650. */
export const Days = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3650 }))

/** A span in milliseconds, from one second to 400 days. */
export const Lifetime = Schema.Int.check(
  Schema.isBetween({ minimum: 1000, maximum: 34_560_000_000 }),
)

/** A merchant's defaults for stock. A product or a request may say otherwise where its own operation says so. */
export const StockSettings = Schema.Struct({
  removalStrategy: RemovalStrategy,
  /** Units this close to their expiry are not picked any more (domain 1.5). */
  doNotPickDays: Days,
  /** What must be left of a unit's life on the promised delivery date. */
  minimumShelfLifeDays: Days,
  /** How long a commitment lives before it lapses, in milliseconds; `null`: until it is resolved. */
  commitmentLifetime: Schema.NullOr(Lifetime),
})
export type StockSettings = typeof StockSettings.Type

export const StockSettingsRecord = Schema.Struct({
  id: Schema.Literal("stock_settings"),
  ...StockSettings.fields,
})
export type StockSettingsRecord = typeof StockSettingsRecord.Type

/** At most one record a merchant; without it the defaults hold. */
export const StockSettingsRecords = Collection.make("stock_settings", {
  schema: StockSettingsRecord,
  key: (settings) => settings.id,
  indexes: {},
})

/** What holds for a merchant who changed nothing: FEFO, no extra days, commitments that do not lapse. */
export const DEFAULT_STOCK_SETTINGS: StockSettings = {
  removalStrategy: "fefo",
  doNotPickDays: 0,
  minimumShelfLifeDays: 0,
  commitmentLifetime: null,
}

/** The settings record as stored, or none where the merchant changed nothing. */
export const lookUpStockSettings: Effect.Effect<
  Option.Option<Stored<StockSettingsRecord>>,
  StoreUnavailable,
  Store | CurrentPartition
> = Effect.flatMap(Store, (store) => store.get(StockSettingsRecords, "stock_settings"))

/** The settings that hold now: the merchant's own, else the defaults. */
export const readStockSettings: Effect.Effect<
  StockSettings,
  StoreUnavailable,
  Store | CurrentPartition
> = Effect.map(
  lookUpStockSettings,
  Option.match({
    onNone: () => DEFAULT_STOCK_SETTINGS,
    onSome: ({ value: { id: _, ...settings } }) => settings,
  }),
)
