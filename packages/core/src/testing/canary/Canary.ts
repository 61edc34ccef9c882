import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type BuyerData, type KeyFailure, Vault } from "../../privacy/index.ts"
import type { CurrentPartition } from "../../store/index.ts"

/** A value that must be nowhere: a marked text, or bytes such as a key. */
export interface Canary {
  /** What it is called in findings: `name`, `address.line1`, `refresh token`. */
  readonly name: string
  readonly value: string | Uint8Array
}

/** Below this a value may be somewhere by chance. */
const LEAST_BYTES = 6

/**
 * A value to search for.
 *
 * @param name what findings call it
 * @param value at least 6 bytes; a shorter one may stand anywhere by chance, so it throws `TypeError`
 */
export const canary = (name: string, value: string | Uint8Array): Canary => {
  if (Buffer.byteLength(value) < LEAST_BYTES)
    throw new TypeError(`${name}: what is searched for has at least ${LEAST_BYTES} bytes`)
  return { name, value }
}

/**
 * The parts of a buyer's data as canaries: all but the country, which may stay with an order (T7). Give the buyer marked
 * values (`placeholderChannel(kind, mark)`), so that each is long enough and stands nowhere else.
 */
export const canariesOf = (data: BuyerData): ReadonlyArray<Canary> => partsOf("", data)

const partsOf = (path: string, value: unknown): ReadonlyArray<Canary> => {
  if (Redacted.isRedacted(value)) return [canary(path, String(Redacted.value(value)))]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, part]) =>
    partsOf(path === "" ? name : `${path}.${name}`, part),
  )
}

/**
 * What a buyer is found by in the current partition: e-mail and phone number hashed with the merchant's index key. They
 * are personal data too, and go with the rest (R15, R39).
 */
export const blindIndexesOf = (
  data: BuyerData,
): Effect.Effect<ReadonlyArray<Canary>, KeyFailure, Vault | CurrentPartition> =>
  Effect.map(
    Effect.forEach(["email", "phone"] as const, (field) => {
      const value = data[field]
      return value === undefined
        ? Effect.succeed([])
        : Effect.map(
            Vault.use((vault) => vault.blindIndex(field, value)),
            (index) =>
              Option.toArray(index).map((hash) =>
                canary(`blind index of ${field}`, Buffer.from(hash, "base64")),
              ),
          )
    }),
    (found) => found.flat(),
  )
