import {
  DecryptCommand,
  GenerateDataKeyCommand,
  type KMSClient,
  ReEncryptCommand,
} from "@aws-sdk/client-kms"
import {
  type KeyContext,
  KeyRefused,
  KeyRingUnavailable,
  type NewKey,
  type PlainKey,
  WrappedKey,
} from "@oto-fulfilment/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { AwsFailure, callAws } from "./callAws.ts"

/** The keys of a ring: the one that wraps, and all that may have wrapped what it is given. */
export interface RingKeys {
  readonly client: KMSClient
  readonly application: string
  readonly timeLimitMillis: number
  /** The key that wraps now. */
  readonly present: string
  /** That key, and those before it. */
  readonly known: ReadonlyArray<string>
}

const KEY_BYTES = 32

/** A new data key under the present master key. */
export const newKey = (
  ring: RingKeys,
  context: KeyContext,
): Effect.Effect<NewKey, KeyRingUnavailable> =>
  Effect.gen(function* () {
    const answer = yield* callAws(
      (abortSignal) =>
        ring.client.send(
          new GenerateDataKeyCommand({
            KeyId: ring.present,
            KeySpec: "AES_256",
            EncryptionContext: contextOf(ring, context),
          }),
          { abortSignal },
        ),
      ring.timeLimitMillis,
    )
    const plain = takePlain(answer.Plaintext)
    const wrapped = wrappedOf(answer.CiphertextBlob)
    return plain === undefined || wrapped === undefined
      ? yield* new AwsFailure({ reason: "an answer without a key", retryable: false })
      : { plain, wrapped }
  }).pipe(Effect.mapError(unavailable("newKey")))

/** The plain key again, by whichever known master key wrapped it. */
export const unwrap = (
  ring: RingKeys,
  context: KeyContext,
  wrapped: WrappedKey,
): Effect.Effect<PlainKey, KeyRingUnavailable | KeyRefused> =>
  Effect.gen(function* () {
    const answer = yield* byKnownKey(ring.known, (KeyId) =>
      callAws(
        (abortSignal) =>
          ring.client.send(
            new DecryptCommand({
              KeyId,
              CiphertextBlob: Buffer.from(wrapped, "base64"),
              EncryptionContext: contextOf(ring, context),
            }),
            { abortSignal },
          ),
        ring.timeLimitMillis,
      ),
    ).pipe(Effect.mapError(refusedOrUnavailable("unwrap")))
    return (
      takePlain(answer.Plaintext) ??
      (yield* new KeyRefused({ operation: "unwrap", reason: "it is not a key of 32 bytes" }))
    )
  })

/** The same key under the present master key. The service does it: no plain key leaves it. */
export const rewrap = (
  ring: RingKeys,
  context: KeyContext,
  wrapped: WrappedKey,
): Effect.Effect<WrappedKey, KeyRingUnavailable | KeyRefused> =>
  byKnownKey(ring.known, (SourceKeyId) =>
    callAws(
      (abortSignal) =>
        ring.client.send(
          new ReEncryptCommand({
            SourceKeyId,
            DestinationKeyId: ring.present,
            CiphertextBlob: Buffer.from(wrapped, "base64"),
            SourceEncryptionContext: contextOf(ring, context),
            DestinationEncryptionContext: contextOf(ring, context),
          }),
          { abortSignal },
        ),
      ring.timeLimitMillis,
    ),
  ).pipe(
    Effect.flatMap(({ CiphertextBlob }) => {
      const rewrapped = wrappedOf(CiphertextBlob)
      return rewrapped === undefined
        ? Effect.fail(new AwsFailure({ reason: "an answer without a key", retryable: false }))
        : Effect.succeed(rewrapped)
    }),
    Effect.mapError(refusedOrUnavailable("rewrap")),
  )

/** Asks by each known key in turn until one has made the blob. The service never chooses the key itself. */
export const byKnownKey = <A>(
  known: ReadonlyArray<string>,
  call: (keyId: string) => Effect.Effect<A, AwsFailure>,
): Effect.Effect<A, AwsFailure> => {
  const [first = "", ...others] = known
  return Effect.catchIf(
    call(first),
    ({ reason }) => reason === "IncorrectKeyException" && others.length > 0,
    () => byKnownKey(others, call),
  )
}

/** Whether a failure says that the blob is not what it is taken for (security.md 2). */
export const isRefusal = ({ reason }: AwsFailure): boolean =>
  reason === "InvalidCiphertextException" || reason === "IncorrectKeyException"

/** A failure as the port has it. */
export const unavailable =
  (operation: string) =>
  ({ reason, retryable }: AwsFailure): KeyRingUnavailable =>
    new KeyRingUnavailable({ operation, reason, retryable })

const refusedOrUnavailable =
  (operation: string) =>
  (failure: AwsFailure): KeyRefused | KeyRingUnavailable =>
    isRefusal(failure)
      ? new KeyRefused({ operation, reason: failure.reason })
      : unavailable(operation)(failure)

/** Opaque ids only: the service's log has the context in clear. */
const contextOf = ({ application }: RingKeys, { partition, use }: KeyContext) => ({
  app: application,
  partition,
  use,
})

/** The plain key, moved out of the SDK's buffer. */
const takePlain = (bytes: Uint8Array | undefined): PlainKey | undefined => {
  if (bytes === undefined) return undefined
  const plain = Uint8Array.from(bytes)
  bytes.fill(0)
  return plain.length === KEY_BYTES ? Redacted.make(plain) : undefined
}

const wrappedOf = (bytes: Uint8Array | undefined): WrappedKey | undefined => {
  const text = Buffer.from(bytes ?? []).toString("base64")
  return isWrapped(text) ? text : undefined
}

const isWrapped = Schema.is(WrappedKey)
