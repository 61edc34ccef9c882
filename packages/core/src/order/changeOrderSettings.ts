import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { command, noInput, query } from "../command/index.ts"
import { insert, replace } from "../store/index.ts"
import {
  currentOrderSettings,
  DEFAULT_ORDER_SETTINGS,
  lookUpOrderSettings,
  OrderSettings,
  OrderSettingsRecords,
} from "./OrderSettings.ts"

/**
 * Changes the merchant's way with orders: what is given is set, the rest stays. It holds for what is decided from now
 * on; lines that were brokered keep their warehouse.
 */
export const changeOrderSettings = command({
  action: "changeOrderSettings",
  input: OrderSettings.mapFields(Struct.map(Schema.optionalKey)),
  answer: OrderSettings,
  decide: Effect.fnUntraced(function* (change) {
    const stored = yield* lookUpOrderSettings
    const next = {
      id: "order_settings" as const,
      ...(Option.isSome(stored) ? stored.value.value : DEFAULT_ORDER_SETTINGS),
      ...change,
    }
    const { id, ...answer } = next
    return {
      about: { kind: "order_settings", id },
      entries: [
        Option.isSome(stored) ? replace(stored.value, next) : insert(OrderSettingsRecords, next),
      ],
      answer,
    }
  }),
})

/** The merchant's order settings as they hold now, its own or the defaults. */
export const readOrderSettings = query({
  action: "readOrderSettings",
  input: noInput,
  read: () => currentOrderSettings,
})
