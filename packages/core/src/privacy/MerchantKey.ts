import * as Schema from "effect/Schema"
import { Timestamp, Uuid } from "../kernel/index.ts"
import { Collection, unique } from "../store/index.ts"
import { KeyUse, WrappedKey } from "./KeyRing.ts"

export const MerchantKeyId = Uuid.pipe(Schema.brand("MerchantKeyId"))
export type MerchantKeyId = typeof MerchantKeyId.Type

/**
 * A merchant's key for one use, wrapped by the key ring: it is usable where the ring says so, and for its own
 * partition and use only. Deleting a merchant's keys makes all that was sealed under them unreadable.
 */
export const MerchantKey = Schema.Struct({
  id: MerchantKeyId,
  use: KeyUse,
  /** Counts a use's keys from 1. The last one seals; all of them open. */
  generation: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })),
  wrapped: WrappedKey,
  createdAt: Timestamp,
  /** When a newer key took its place. */
  retired: Schema.optionalKey(Timestamp),
})
export type MerchantKey = typeof MerchantKey.Type

/** The keys of a partition. The index makes one of two hosts that create a use's next key at once the first. */
export const MerchantKeys = Collection.make("merchant_keys", {
  schema: MerchantKey,
  key: (key) => key.id,
  indexes: { generation: unique("use", "generation") },
})
