import { timingSafeEqual } from "node:crypto"
import { DecryptCommand, EncryptCommand } from "@aws-sdk/client-kms"
import type { KeyRingUnavailable, Signature } from "@oto-fulfilment/core"
import * as Effect from "effect/Effect"
import { AwsFailure, callAws } from "./callAws.ts"
import { byKnownKey, isRefusal, type RingKeys, unavailable } from "./wrappedKeys.ts"

// KMS signs with HMAC and asymmetric keys, which have no rotation, so R34 refuses them. A signature is therefore the
// digest encrypted under a symmetric key in a context of its own. KMS authenticates what it encrypts, so only who may
// encrypt under this key and context can have made it; who may decrypt can verify, but not sign. The key never leaves
// KMS, and after a rotation the older material still opens, so older signatures still verify.

const DIGEST_BYTES = 32
const MAX_SIGNATURE_BYTES = 6144

/** Signs 32 bytes of SHA-256. Fails as the ring is unavailable; any other number of bytes is a defect of the caller. */
export const sign = (
  ring: RingKeys,
  digest: Uint8Array,
): Effect.Effect<Signature, KeyRingUnavailable> =>
  Effect.gen(function* () {
    if (digest.length !== DIGEST_BYTES)
      return yield* Effect.die(new Error(`a digest has 32 bytes, not ${digest.length}`))
    const { KeyId, CiphertextBlob } = yield* callAws(
      (abortSignal) =>
        ring.client.send(
          new EncryptCommand({
            KeyId: ring.present,
            Plaintext: digest,
            EncryptionContext: contextOf(ring),
          }),
          { abortSignal },
        ),
      ring.timeLimitMillis,
    )
    if (KeyId === undefined || CiphertextBlob === undefined)
      return yield* new AwsFailure({ reason: "an answer without a signature", retryable: false })
    return { key: KeyId, value: Buffer.from(CiphertextBlob).toString("base64") }
  }).pipe(Effect.mapError(unavailable("sign")))

/** Whether a known key of the ring signed this digest. */
export const verify = (
  ring: RingKeys,
  digest: Uint8Array,
  signature: Signature,
): Effect.Effect<boolean, KeyRingUnavailable> => {
  const blob = Buffer.from(signature.value, "base64")
  // What no key can have made is not sent: the service would call it a malformed request.
  if (blob.toString("base64") !== signature.value) return Effect.succeed(false)
  if (blob.length === 0 || blob.length > MAX_SIGNATURE_BYTES) return Effect.succeed(false)
  return byKnownKey(ring.known, (KeyId) =>
    callAws(
      (abortSignal) =>
        ring.client.send(
          new DecryptCommand({ KeyId, CiphertextBlob: blob, EncryptionContext: contextOf(ring) }),
          { abortSignal },
        ),
      ring.timeLimitMillis,
    ),
  ).pipe(
    Effect.map(
      ({ KeyId, Plaintext = new Uint8Array() }) =>
        KeyId === signature.key &&
        Plaintext.length === digest.length &&
        timingSafeEqual(Plaintext, digest),
    ),
    Effect.catchIf(isRefusal, () => Effect.succeed(false)),
    Effect.mapError(unavailable("verify")),
  )
}

/** No wrapped key has this context: it names no partition, and a use that is none of theirs. */
const contextOf = ({ application }: RingKeys) => ({ app: application, use: "audit_signature" })
