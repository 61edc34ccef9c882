import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager"
import {
  type Secret,
  SecretNotFound,
  type SecretRef,
  SecretStore,
  SecretStoreUnavailable,
  SecretVersion,
} from "@oto-fulfilment/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { type AwsConnection, clientSettings, timeLimitOf } from "./AwsConnection.ts"
import { AwsFailure, callAws } from "./callAws.ts"
import { judgeKey, type ResidencyRefused } from "./residency.ts"

/** How secrets are kept in Secrets Manager. */
export interface AwsSecretsOptions extends AwsConnection {
  /** What stands before the path of a reference, with a slash between: `oto-fulfilment` when left out. */
  readonly prefix?: string
  /** The ARN of the KMS key that seals new secrets; the account's own `aws/secretsmanager` when left out. */
  readonly keyId?: string
  /** Sees the client before it is used, to attach middleware. Middleware sees secrets: it must not keep them. */
  readonly observe?: (client: SecretsManagerClient) => void
}

/**
 * The secret store over AWS Secrets Manager. A deletion is forced, so that there is no time in which the secret could
 * be restored (R42), and returns when the service refuses to read it.
 *
 * Fails as `ResidencyRefused` where an option leads out of the region or past TLS.
 */
export const awsSecrets = (
  options: AwsSecretsOptions,
): Layer.Layer<SecretStore, ResidencyRefused> =>
  Layer.effect(
    SecretStore,
    Effect.gen(function* () {
      if (options.keyId !== undefined) yield* Effect.fromResult(judgeKey(options.keyId, "primary"))
      const settings = yield* Effect.fromResult(
        clientSettings(options, "secretsmanager", "primary"),
      )
      const client = yield* Effect.acquireRelease(
        Effect.sync(() => new SecretsManagerClient(settings)),
        (opened) => Effect.sync(() => opened.destroy()),
      )
      options.observe?.(client)
      return storeOf(client, options)
    }),
  )

const storeOf = (
  client: SecretsManagerClient,
  options: AwsSecretsOptions,
): SecretStore["Service"] => {
  const { prefix = "oto-fulfilment", keyId } = options
  const timeLimitMillis = timeLimitOf(options)
  const nameOf = (ref: SecretRef) => `${prefix}/${ref.slice("secret:".length)}`
  const call = <A>(send: (abortSignal: AbortSignal) => Promise<A>) => callAws(send, timeLimitMillis)

  const read = (ref: SecretRef, version: SecretVersion | undefined) =>
    call((abortSignal) =>
      client.send(new GetSecretValueCommand({ SecretId: nameOf(ref), VersionId: version }), {
        abortSignal,
      }),
    )

  const replace = (ref: SecretRef, value: Redacted.Redacted<string>) =>
    call((abortSignal) =>
      client.send(
        new PutSecretValueCommand({ SecretId: nameOf(ref), SecretString: Redacted.value(value) }),
        { abortSignal },
      ),
    )

  const create = (ref: SecretRef, value: Redacted.Redacted<string>) =>
    call((abortSignal) =>
      client.send(
        new CreateSecretCommand({
          Name: nameOf(ref),
          SecretString: Redacted.value(value),
          ...(keyId === undefined ? {} : { KmsKeyId: keyId }),
        }),
        { abortSignal },
      ),
    )

  const get = (
    ref: SecretRef,
    version?: SecretVersion,
  ): Effect.Effect<Secret, SecretNotFound | SecretStoreUnavailable> =>
    Effect.gen(function* () {
      const { SecretString, VersionId } = yield* read(ref, version)
      if (SecretString === undefined || VersionId === undefined)
        return yield* new AwsFailure({ reason: "it holds no text", retryable: false })
      return { value: Redacted.make(SecretString), version: SecretVersion.make(VersionId) }
    }).pipe(
      Effect.mapError((failure) =>
        isGone(failure) ? new SecretNotFound({ ref }) : unavailable("get")(failure),
      ),
    )

  const put = (ref: SecretRef, value: Redacted.Redacted<string>) =>
    replace(ref, value).pipe(
      Effect.catchIf(isAbsent, () => create(ref, value)),
      // Another one created it meanwhile.
      Effect.catchIf(exists, () => replace(ref, value)),
      // The name of a deleted secret is not free at once.
      Effect.retry({ schedule: untilFree, while: isMarked }),
      Effect.map(({ VersionId = "" }) => SecretVersion.make(VersionId)),
      Effect.mapError((failure) =>
        unavailable("put")(
          isMarked(failure) ? new AwsFailure({ reason: BEING_DELETED, retryable: true }) : failure,
        ),
      ),
    )

  const remove = (ref: SecretRef) =>
    call((abortSignal) =>
      client.send(
        new DeleteSecretCommand({ SecretId: nameOf(ref), ForceDeleteWithoutRecovery: true }),
        { abortSignal },
      ),
    ).pipe(
      Effect.asVoid,
      Effect.catchIf(isAbsent, () => Effect.void),
      Effect.andThen(requireGone(read(ref, undefined))),
      Effect.mapError(unavailable("delete")),
    )

  return SecretStore.of({
    get: (ref, version) => traced("get", get(ref, version)),
    put: (ref, value) => traced("put", put(ref, value)),
    delete: (ref) => traced("delete", remove(ref)),
  })
}

/** Succeeds once reading is refused. A secret that still opens has not been deleted (R42). */
const requireGone = (
  reading: Effect.Effect<unknown, AwsFailure>,
): Effect.Effect<void, AwsFailure> =>
  reading.pipe(
    Effect.andThen(Effect.fail(new AwsFailure({ reason: STILL_READABLE, retryable: true }))),
    Effect.catchIf(isGone, () => Effect.void),
    Effect.retry({ schedule: untilFree, while: ({ reason }) => reason === STILL_READABLE }),
  )

const BEING_DELETED = "a secret of this name is being deleted"
const STILL_READABLE = "it can still be read"

/** 0.1, 0.2 … 3.2 seconds, each by its jitter. */
const untilFree = Schedule.exponential("100 millis").pipe(
  Schedule.jittered,
  Schedule.upTo({ times: 6 }),
)

const isAbsent = ({ reason }: AwsFailure) => reason === "ResourceNotFoundException"
const exists = ({ reason }: AwsFailure) => reason === "ResourceExistsException"
/** The service says so of a secret that is marked for deletion. */
const isMarked = ({ reason }: AwsFailure) => reason === "InvalidRequestException"
const isGone = (failure: AwsFailure) => isAbsent(failure) || isMarked(failure)

const unavailable =
  (operation: string) =>
  ({ reason, retryable }: AwsFailure): SecretStoreUnavailable =>
    new SecretStoreUnavailable({ operation, reason, retryable })

const traced = <A, E>(operation: string, work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.withSpan(work, `AwsSecrets.${operation}`)
