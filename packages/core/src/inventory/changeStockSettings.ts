import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { command } from "../command/index.ts"
import { insert, replace } from "../store/index.ts"
import {
  DEFAULT_STOCK_SETTINGS,
  lookUpStockSettings,
  StockSettings,
  StockSettingsRecords,
} from "./StockSettings.ts"

const Change = Schema.Struct({
  removalStrategy: Schema.optionalKey(StockSettings.fields.removalStrategy),
  doNotPickDays: Schema.optionalKey(StockSettings.fields.doNotPickDays),
  minimumShelfLifeDays: Schema.optionalKey(StockSettings.fields.minimumShelfLifeDays),
  commitmentLifetime: Schema.optionalKey(StockSettings.fields.commitmentLifetime),
})

/**
 * Changes the merchant's stock settings: what is given is set, the rest stays. It holds for what is decided from
 * now on; commitments keep the lifetime that they were made with.
 */
export const changeStockSettings = command({
  action: "changeStockSettings",
  input: Change,
  answer: StockSettings,
  decide: Effect.fnUntraced(function* (change) {
    const stored = yield* lookUpStockSettings
    const next = {
      id: "stock_settings" as const,
      ...(Option.isSome(stored) ? stored.value.value : DEFAULT_STOCK_SETTINGS),
      ...change,
    }
    const { id, ...answer } = next
    return {
      about: { kind: "stock_settings", id },
      entries: [
        Option.isSome(stored) ? replace(stored.value, next) : insert(StockSettingsRecords, next),
      ],
      answer,
    }
  }),
})
