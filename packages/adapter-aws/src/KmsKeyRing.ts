import { KMSClient } from "@aws-sdk/client-kms"
import { KeyRing } from "@oto-fulfilment/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { type AwsConnection, clientSettings, timeLimitOf } from "./AwsConnection.ts"
import { sign, verify } from "./auditSignature.ts"
import { faultsOfKey, type RegionalKms } from "./keyHealth.ts"
import { judgeKey, type Place, type ResidencyRefused } from "./residency.ts"
import { newKey, type RingKeys, rewrap, unwrap } from "./wrappedKeys.ts"

/** How the ring uses KMS. All keys are named by the ARN of a key or an alias. */
export interface KmsKeyRingOptions extends AwsConnection {
  /** The symmetric key that wraps, with rotation on. */
  readonly keyId: string
  /** The symmetric key that signs the audit log: `keyId` when left out. Its own key lets a role sign or verify only. */
  readonly signingKeyId?: string
  /** Keys that were in use before: what they wrapped still unwraps, what they signed still verifies. */
  readonly formerKeyIds?: ReadonlyArray<string>
  /**
   * The region of the backups, `eu-west-2`. `health` then asks for a replica of each key there, since without one no
   * backup can be read when the primary region is lost (R58).
   */
  readonly backup?: { readonly region: string; readonly endpoint?: string }
  /** Bound to every key, so that hosts under one master key stay apart: `oto-fulfilment` when left out. */
  readonly application?: string
  /** Sees each client before it is used, to attach middleware. Middleware sees plain keys: it must not keep them. */
  readonly observe?: (client: KMSClient) => void
}

/**
 * The key ring over AWS KMS: data keys bound to partition and use by their encryption context, the key always named, so
 * that a blob of another context or key is refused (security.md 2).
 *
 * Fails as `ResidencyRefused` where an option leads out of the region or past TLS. Nothing is asked of KMS before the
 * first use: let the host ask for `health` at boot and daily.
 */
export const kmsKeyRing = (options: KmsKeyRingOptions): Layer.Layer<KeyRing, ResidencyRefused> =>
  Layer.effect(
    KeyRing,
    Effect.gen(function* () {
      const keyIds = yield* Effect.fromResult(judgedKeys(options))
      const primary = yield* connect(options, options, "primary")
      const backup =
        options.backup === undefined ? undefined : yield* connect(options, options.backup, "backup")
      return ringOf(options, keyIds, primary, backup)
    }),
  )

interface KeyIds {
  readonly present: string
  readonly signing: string
  readonly former: ReadonlyArray<string>
}

const judgedKeys = (options: KmsKeyRingOptions): Result.Result<KeyIds, ResidencyRefused> =>
  Result.gen(function* () {
    const present = yield* judgeKey(options.keyId, "primary")
    const signing = yield* judgeKey(options.signingKeyId ?? options.keyId, "primary")
    const former: Array<string> = []
    for (const keyId of options.formerKeyIds ?? []) former.push(yield* judgeKey(keyId, "primary"))
    return { present, signing, former }
  })

const connect = (
  options: KmsKeyRingOptions,
  { region, endpoint }: { readonly region: string; readonly endpoint?: string },
  place: Place,
) =>
  Effect.gen(function* () {
    const { endpoint: _, ...rest } = options
    const connection = { ...rest, region, ...(endpoint === undefined ? {} : { endpoint }) }
    const settings = yield* Effect.fromResult(clientSettings(connection, "kms", place))
    const client = yield* Effect.acquireRelease(
      Effect.sync(() => new KMSClient(settings)),
      (opened) => Effect.sync(() => opened.destroy()),
    )
    options.observe?.(client)
    return { client, region, timeLimitMillis: timeLimitOf(options) }
  })

const ringOf = (
  { application = "oto-fulfilment" }: KmsKeyRingOptions,
  { present, signing, former }: KeyIds,
  primary: RegionalKms,
  backup: RegionalKms | undefined,
): KeyRing["Service"] => {
  const { client, region, timeLimitMillis } = primary
  const keysOf = (first: string): RingKeys => ({
    client,
    application,
    timeLimitMillis,
    present: first,
    known: [...new Set([first, present, signing, ...former])],
  })
  const wrapping = keysOf(present)
  const signers = keysOf(signing)

  return KeyRing.of({
    newKey: (context) => traced("newKey", newKey(wrapping, context)),
    unwrap: (context, wrapped) => traced("unwrap", unwrap(wrapping, context, wrapped)),
    rewrap: (context, wrapped) => traced("rewrap", rewrap(wrapping, context, wrapped)),
    sign: (digest) => traced("sign", sign(signers, digest)),
    verify: (digest, signature) => traced("verify", verify(signers, digest, signature)),
    health: traced(
      "health",
      Effect.map(
        Effect.forEach(wrapping.known, (keyId) => faultsOfKey(keyId, primary, backup)),
        (faults) => ({
          name: `aws-kms ${region}`,
          ephemeral: false,
          faults: faults.flat(),
        }),
      ),
    ),
  })
}

const traced = <A, E>(operation: string, work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.withSpan(work, `KmsKeyRing.${operation}`)
