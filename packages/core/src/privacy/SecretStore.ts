import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/**
 * Where a secret lies: `secret:` and a path of lower-case parts, such as `secret:shopify/webhook-key`. At most 207
 * characters. Configuration and records hold references only; a secret pasted in the place of one does not pass (R33).
 */
export const SecretRef = Schema.String.check(
  Schema.isPattern(/^secret:(?=.{1,200}$)[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/u),
).pipe(Schema.brand("SecretRef"))
export type SecretRef = typeof SecretRef.Type

/** Names one value that a secret had: a new one for every `put`. Opaque, at most 64 characters. */
export const SecretVersion = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9-]{1,64}$/u)).pipe(
  Schema.brand("SecretVersion"),
)
export type SecretVersion = typeof SecretVersion.Type

/** A secret as it was read. The value prints as `<redacted>`. */
export interface Secret {
  readonly value: Redacted.Redacted<string>
  readonly version: SecretVersion
}

/** There is no such secret, or not in this version: never stored, or deleted. */
export class SecretNotFound extends Schema.TaggedError<SecretNotFound>()("SecretNotFound", {
  ref: SecretRef,
}) {
  override get message() {
    return `there is no ${this.ref}`
  }
}

/**
 * The store does not answer, or may not: throttled, timed out, denied. No value is in the error. `retryable` tells
 * whether asking again may help without anybody doing something.
 */
export class SecretStoreUnavailable extends Schema.TaggedError<SecretStoreUnavailable>()(
  "SecretStoreUnavailable",
  { operation: Schema.String, reason: Schema.String, retryable: Schema.Boolean },
) {
  override get message() {
    return `the secret store could not ${this.operation}: ${this.reason}`
  }
}

/**
 * Secrets behind references: credentials of channels and of the platform itself (R7, R33).
 *
 * Laws: `get` answers what the last `put` stored, in its version; the version before it can still be asked for, so that
 * a holder may finish what it began; once `delete` has returned no version can be read, by anybody (R42).
 */
export class SecretStore extends Context.Service<
  SecretStore,
  {
    /** The present value, or that of a version. */
    readonly get: (
      ref: SecretRef,
      version?: SecretVersion,
    ) => Effect.Effect<Secret, SecretNotFound | SecretStoreUnavailable>
    /** Stores a value of 1 to 65,536 bytes of UTF-8 as the present one. Repeated, it makes another version. */
    readonly put: (
      ref: SecretRef,
      value: Redacted.Redacted<string>,
    ) => Effect.Effect<SecretVersion, SecretStoreUnavailable>
    /** Deletes all versions at once, without a time in which they could be brought back. Idempotent. */
    readonly delete: (ref: SecretRef) => Effect.Effect<void, SecretStoreUnavailable>
  }
>()("@oto-fulfilment/core/SecretStore") {}
