import type { KeyObject } from "node:crypto"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { personal } from "../kernel/index.ts"
import type { PartitionId } from "../store/index.ts"
import { MerchantKeyId } from "./MerchantKey.ts"
import { Sealed } from "./OrderPii.ts"
import { boundTo, open, placeOf, randomIvs, seal, uuidBytes } from "./sealedFormat.ts"

/** What gives access to a merchant's account at a channel, sealed under the merchant's key for credentials (R7, R33). */
export const SealedCredential = Schema.Struct({
  key: MerchantKeyId,
  sealed: Sealed.annotate(personal({ category: "credential" })),
})
export type SealedCredential = typeof SealedCredential.Type

/** A merchant key at work. */
interface Key {
  readonly id: MerchantKeyId
  readonly key: KeyObject
}

/** No part of a buyer's data has this name. */
const PLACE = placeOf("credential")

const keyFor = ({ id, key }: Key, partition: PartitionId, connection: string) => ({
  key,
  id: uuidBytes(id),
  order: boundTo(partition, connection),
})

/** Seals a credential for its connection. */
export const sealCredential = (
  key: Key,
  partition: PartitionId,
  connection: string,
  secret: Redacted.Redacted<string>,
): Sealed =>
  seal(keyFor(key, partition, connection), randomIvs(1), PLACE, Redacted.value(secret)).toString(
    "base64",
  ) as Sealed

/** Opens a credential of its connection; nothing for one that was altered, or moved here. */
export const openCredential = (
  key: Key,
  partition: PartitionId,
  connection: string,
  sealed: Sealed,
): Redacted.Redacted<string> | undefined => {
  const plain = open(keyFor(key, partition, connection), PLACE, Buffer.from(sealed, "base64"))
  if (plain === undefined) return undefined
  const secret = Redacted.make(plain.toString("utf8"), { label: "credential" })
  plain.fill(0)
  return secret
}
