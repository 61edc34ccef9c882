import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { PartitionId } from "../store/index.ts"

/** What a key is for. It is bound to the key: one made for another use does not unwrap. */
export const KeyUse = Schema.Literals(["personal_data", "blind_index", "credentials"])
export type KeyUse = typeof KeyUse.Type

/** To whom and what a key is bound: the encryption context of a KMS call. */
export interface KeyContext {
  readonly partition: PartitionId
  readonly use: KeyUse
}

/** A key as it may be stored: wrapped by a master key that never leaves the ring. Base64, at most 1,024 characters. */
export const WrappedKey = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9+/]{16,1023}={0,2}$/u),
).pipe(Schema.brand("WrappedKey"))
export type WrappedKey = typeof WrappedKey.Type

/** 32 bytes that open what was sealed. It prints as `<redacted>`. */
export type PlainKey = Redacted.Redacted<Uint8Array>

/** A new key: the plain one for use now, the wrapped one to store. */
export interface NewKey {
  readonly plain: PlainKey
  readonly wrapped: WrappedKey
}

/** A signature and the name of the key that made it. Base64. */
export const Signature = Schema.Struct({ key: Schema.String, value: Schema.String })
export type Signature = typeof Signature.Type

/**
 * The ring does not answer, or may not at present: throttled, timed out, disabled, denied. Nothing is written in clear
 * instead (I14). `retryable` tells whether asking again may help without anybody doing something.
 */
export class KeyRingUnavailable extends Schema.TaggedError<KeyRingUnavailable>()(
  "KeyRingUnavailable",
  { operation: Schema.String, reason: Schema.String, retryable: Schema.Boolean },
) {
  override get message() {
    return `the key ring could not ${this.operation}: ${this.reason}`
  }
}

/** The wrapped key was made for another partition or use, by another master key, or is damaged: tampering (I8). */
export class KeyRefused extends Schema.TaggedError<KeyRefused>()("KeyRefused", {
  operation: Schema.String,
  reason: Schema.String,
}) {
  override get message() {
    return `the key ring refused to ${this.operation}: ${this.reason}`
  }
}

/** What a ring says of itself. */
export interface KeyRingHealth {
  /** The ring's name, for reports: `memory`, `aws-kms eu-west-1`. */
  readonly name: string
  /** Whether it keeps its keys for the life of a process only. Such a ring is for tests, and says so at boot. */
  readonly ephemeral: boolean
  /** What is not as it must be: a key without rotation (R34), disabled, about to be deleted. Empty when all is well. */
  readonly faults: ReadonlyArray<string>
}

/**
 * Keys that never leave in the clear but for use: a KMS, or its like in memory.
 *
 * Laws: a key unwraps under the very context that it was made for and no other; a wrapped key that is damaged in any
 * byte is refused; rotation of the master key leaves wrapped keys usable; what cannot be asked fails, never passes.
 */
export class KeyRing extends Context.Service<
  KeyRing,
  {
    /** A new random key of 32 bytes, bound to its context. */
    readonly newKey: (context: KeyContext) => Effect.Effect<NewKey, KeyRingUnavailable>
    /** The plain key again. */
    readonly unwrap: (
      context: KeyContext,
      wrapped: WrappedKey,
    ) => Effect.Effect<PlainKey, KeyRingUnavailable | KeyRefused>
    /** The same key wrapped by the present master key, without its plain form being seen. */
    readonly rewrap: (
      context: KeyContext,
      wrapped: WrappedKey,
    ) => Effect.Effect<WrappedKey, KeyRingUnavailable | KeyRefused>
    /** Signs a digest of the audit log: 32 bytes of SHA-256. */
    readonly sign: (digest: Uint8Array) => Effect.Effect<Signature, KeyRingUnavailable>
    /** Whether the ring made the signature over this digest. Keys that were rotated out still verify. */
    readonly verify: (
      digest: Uint8Array,
      signature: Signature,
    ) => Effect.Effect<boolean, KeyRingUnavailable>
    /** Whether the ring can be relied on, asked at boot and daily. */
    readonly health: Effect.Effect<KeyRingHealth, KeyRingUnavailable>
  }
>()("@oto-fulfilment/core/KeyRing") {}
