import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { Currency, Timestamp, TimeZone } from "../kernel/index.ts"
import { Collection, CurrentPartition, index, PartitionId, Store } from "../store/index.ts"
import { BusinessName, OperatorId } from "./Operator.ts"

/** A merchant's id is its partition: everything that it owns lies there. */
export const MerchantId = PartitionId.pipe(Schema.brand("MerchantId"))
export type MerchantId = typeof MerchantId.Type

/** What a merchant decides for itself. Domains that need more keep records of their own. */
export const MerchantSettings = Schema.Struct({
  /** The currency of its accounts. Amounts carry their own, so a change touches none of them. */
  currency: Currency,
  /** Where its business days begin and end. */
  timeZone: TimeZone,
})
export type MerchantSettings = typeof MerchantSettings.Type

/** The owner of goods and orders. What it may do at present is its `Standing`, not a field of this. */
export const Merchant = Schema.Struct({
  id: MerchantId,
  operator: OperatorId,
  name: BusinessName,
  settings: MerchantSettings,
  createdAt: Timestamp,
})
export type Merchant = typeof Merchant.Type

/** One record, in the merchant's own partition. */
export const Merchants = Collection.make("merchants", {
  schema: Merchant,
  key: (merchant) => merchant.id,
  indexes: {},
})

/** A merchant in the operator's directory, so that an operator can list whom it serves. */
export const MerchantEntry = Schema.Struct({
  id: MerchantId,
  name: BusinessName,
  openedAt: Timestamp,
})
export type MerchantEntry = typeof MerchantEntry.Type

export const MerchantDirectory = Collection.make("merchant_directory", {
  schema: MerchantEntry,
  key: (entry) => entry.id,
  indexes: { name: index("name") },
})

/** The merchant whose partition this is, as read. `NotFound` in an operator's. */
export const currentMerchant = Effect.gen(function* () {
  const { id } = yield* CurrentPartition
  const stored = yield* (yield* Store).get(Merchants, id)
  return yield* Effect.mapError(
    Effect.fromOption(stored),
    () => new NotFound({ kind: "merchant", id }),
  )
})
