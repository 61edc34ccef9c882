import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { ServiceError } from "../ServiceError.ts"
import type { EmulatedKey, Material } from "./KeyTable.ts"

/** The context of a ciphertext; equal ones have exactly the same pairs, in any order. */
export type EncryptionContext = { readonly [name: string]: string } | undefined

/** What a blob says of itself, before anything is opened. */
interface Blob {
  readonly keyId: string
  readonly materialId: string
  readonly header: Uint8Array
  readonly iv: Uint8Array
  readonly sealed: Uint8Array
  readonly tag: Uint8Array
}

const VERSION = 1
const KEY_ID_BYTES = 36
// Makes the wrapped form of 32 bytes 184 bytes long, as that of the service is said to be.
const PADDING_BYTES = 55
const HEADER_BYTES = 1 + KEY_ID_BYTES + 32 + PADDING_BYTES

/** Encrypts under the newest material of the key. */
export const seal = (
  key: EmulatedKey,
  plain: Uint8Array,
  context: EncryptionContext,
): Uint8Array => {
  const material = currentMaterial(key)
  const header = Buffer.concat([
    Buffer.from([VERSION]),
    Buffer.from(key.id.padEnd(KEY_ID_BYTES)),
    Buffer.from(material.id, "hex"),
    randomBytes(PADDING_BYTES),
  ])
  const iv = randomBytes(12)
  const cipher = createCipheriv("aes-256-gcm", material.bytes, iv, { authTagLength: 16 })
  cipher.setAAD(authenticated(header, context))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([header, iv, sealed, cipher.getAuthTag()])
}

/**
 * Opens a blob with the key that made it, under the material that made it.
 *
 * @param expected the key that the caller named, if any
 * @param named finds a key by the id in the blob
 */
export const open = (
  bytes: Uint8Array,
  context: EncryptionContext,
  expected: EmulatedKey | undefined,
  named: (id: string) => EmulatedKey | undefined,
): { readonly key: EmulatedKey; readonly material: Material; readonly plain: Uint8Array } => {
  const blob = read(bytes)
  const key = named(blob.keyId)
  if (key === undefined) throw invalid()
  if (expected !== undefined && expected.arn !== key.arn)
    throw new ServiceError("IncorrectKeyException", "The key ID does not match the ciphertext.")
  const material = key.family.materials.find(({ id }) => id === blob.materialId)
  if (material === undefined) throw invalid()
  const decipher = createDecipheriv("aes-256-gcm", material.bytes, blob.iv, { authTagLength: 16 })
  decipher.setAAD(authenticated(blob.header, context))
  decipher.setAuthTag(blob.tag)
  try {
    const plain = Buffer.concat([decipher.update(blob.sealed), decipher.final()])
    return { key, material, plain }
  } catch {
    throw invalid()
  }
}

/** The material that a key encrypts with now. */
export const currentMaterial = ({ family }: EmulatedKey): Material => {
  const newest = family.materials.at(-1)
  if (newest === undefined) throw new ServiceError("KMSInternalException", "a key without material")
  return newest
}

const read = (bytes: Uint8Array): Blob => {
  const blob = Buffer.from(bytes)
  if (blob.length < HEADER_BYTES + 12 + 16 || blob[0] !== VERSION) throw invalid()
  const header = blob.subarray(0, HEADER_BYTES)
  return {
    header,
    keyId: header
      .subarray(1, 1 + KEY_ID_BYTES)
      .toString("latin1")
      .trimEnd(),
    materialId: header.subarray(1 + KEY_ID_BYTES, 1 + KEY_ID_BYTES + 32).toString("hex"),
    iv: blob.subarray(HEADER_BYTES, HEADER_BYTES + 12),
    sealed: blob.subarray(HEADER_BYTES + 12, -16),
    tag: blob.subarray(-16),
  }
}

const authenticated = (header: Uint8Array, context: EncryptionContext): Uint8Array => {
  const pairs = Object.entries(context ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs))])
}

const invalid = () => new ServiceError("InvalidCiphertextException", "")
