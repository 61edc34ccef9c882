import { type KeyObject, randomBytes } from "node:crypto"
import { PiiField } from "../kernel/index.ts"
import type { PartitionId } from "../store/index.ts"
import type { ReadyKey } from "./KeyTree.ts"
import type { OrderPii, Sealed } from "./OrderPii.ts"
import { type BuyerData, exposeField } from "./PersonalData.ts"
import {
  boundTo,
  IV_BYTES,
  KEY_BYTES,
  open,
  placeOf,
  randomIvs,
  SEALED_VERSION,
  type SealingKey,
  seal,
  takeKey,
  uuidBytes,
} from "./sealedFormat.ts"

/**
 * The key of one order, at work: made or unwrapped for one operation, and never kept. Records name it by the order's
 * own id.
 */
export type OrderKey = SealingKey

/** Where a wrapped order key belongs. No part and no document has this name. */
const WRAPPED_KEY = placeOf("key")

const places: ReadonlyMap<string, Buffer> = new Map(
  PiiField.literals.map((field) => [field, placeOf(field)]),
)
const placeNamed = (name: string): Buffer => places.get(name) ?? placeOf(name)

const base64 = (bytes: Buffer): Sealed => bytes.toString("base64") as Sealed

/** What of a record depends on keys. */
type SealedParts = Pick<OrderPii, "version" | "key" | "wrappedKey" | "fields">

/** Makes an order's key, wraps it with the merchant's, and seals each part of the buyer's data with it. */
export const sealParts = (
  merchant: ReadyKey,
  partition: PartitionId,
  order: string,
  data: BuyerData,
): SealedParts => {
  const bound = boundTo(partition, order)
  const ivs = randomIvs(PiiField.literals.length + 1)
  const bytes = randomBytes(KEY_BYTES)
  const wrappedKey = wrap(merchant, bound, ivs.subarray(0, IV_BYTES), bytes)
  const key: OrderKey = { key: takeKey(bytes), id: uuidBytes(order), order: bound }
  const fields: { [Field in PiiField]?: Sealed } = {}
  let at = IV_BYTES
  for (const field of PiiField.literals) {
    const value = data[field]
    if (value === undefined) continue
    const iv = ivs.subarray(at, at + IV_BYTES)
    fields[field] = base64(seal(key, iv, placeNamed(field), exposeField(value)))
    at += IV_BYTES
  }
  return { version: SEALED_VERSION, key: merchant.id, wrappedKey, fields }
}

const wrap = ({ id, key }: ReadyKey, bound: Buffer, iv: Buffer, bytes: Uint8Array): Sealed =>
  base64(seal({ key, id: uuidBytes(id), order: bound }, iv, WRAPPED_KEY, bytes))

const unwrap = (merchant: KeyObject, bound: Buffer, { key, wrappedKey }: OrderPii) =>
  open(
    { key: merchant, id: uuidBytes(key), order: bound },
    WRAPPED_KEY,
    Buffer.from(wrappedKey, "base64"),
  )

/** The key that a record's parts were sealed with; nothing when it was not wrapped here and for this order. */
export const unwrapOrderKey = (
  merchant: KeyObject,
  partition: PartitionId,
  pii: OrderPii,
): OrderKey | undefined => {
  const bound = boundTo(partition, pii.order)
  const bytes = unwrap(merchant, bound, pii)
  return bytes && { key: takeKey(bytes), id: uuidBytes(pii.order), order: bound }
}

/** The record under another merchant key. What was sealed stays as it is. */
export const rewrapOrderKey = (
  from: KeyObject,
  to: ReadyKey,
  partition: PartitionId,
  pii: OrderPii,
): OrderPii | undefined => {
  const bound = boundTo(partition, pii.order)
  const bytes = unwrap(from, bound, pii)
  if (bytes === undefined) return undefined
  const wrappedKey = wrap(to, bound, randomIvs(1), bytes)
  bytes.fill(0)
  return { ...pii, key: to.id, wrappedKey }
}

/** Seals bytes under a name with an order's key. */
export const sealUnder = (key: OrderKey, name: string, plain: Uint8Array): Uint8Array =>
  seal(key, randomIvs(1), placeNamed(name), plain)

/** Opens what was sealed under this name with this key; nothing for anything else. */
export const openUnder = (key: OrderKey, name: string, sealed: Uint8Array): Buffer | undefined =>
  open(key, placeNamed(name), sealed)
