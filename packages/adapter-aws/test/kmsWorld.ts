import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  EnableKeyRotationCommand,
  KMSClient,
} from "@aws-sdk/client-kms"
import { type KeyContext, KeyRing, PartitionId } from "@oto-fulfilment/core"
import { Context, Effect, Layer, type Scope } from "effect"
import { expect } from "vitest"
import { type KmsKeyRingOptions, kmsKeyRing } from "../src/index.ts"
import { type AwsEmulator, emulatorCredentials, kmsEmulator } from "../src/testing/index.ts"

export const PERSONAL: KeyContext = {
  partition: PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8057"),
  use: "personal_data",
}

/** An emulator, the SDK's own client for its operator, and a key that the ring may use. */
export interface KmsWorld {
  readonly kms: AwsEmulator
  readonly operator: KMSClient
  readonly keyId: string
  /** A ring over the key. Options go over the usual ones. */
  readonly ring: (
    options?: Partial<KmsKeyRingOptions>,
  ) => Effect.Effect<KeyRing["Service"], never, Scope.Scope>
  /** The operations asked of KMS while the work ran, setting up left out. */
  readonly asked: <A, E, R>(
    work: Effect.Effect<A, E, R>,
  ) => Effect.Effect<ReadonlyArray<string>, E, R>
}

/** Runs a test in a world of its own; at its end every request and answer must have kept to the SDK's model. */
export const inKmsWorld = <A, E>(
  test: (world: KmsWorld) => Effect.Effect<A, E, Scope.Scope>,
): Promise<A> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const kms = yield* kmsEmulator()
        const operator = clientOf(kms)
        yield* Effect.addFinalizer(() => Effect.sync(() => operator.destroy()))
        const keyId = yield* Effect.promise(() => newRotatedKey(operator))
        const outcome = yield* test({
          kms,
          operator,
          keyId,
          ring: (options = {}) =>
            Effect.orDie(
              Effect.map(Layer.build(ringLayer(kms, keyId, options)), (built) =>
                Context.get(built, KeyRing),
              ),
            ),
          asked: (work) => askedOf(kms, work),
        })
        expect(yield* kms.violations).toEqual([])
        return outcome
      }),
    ),
  )

/** The operations that the service saw while the work ran. */
export const askedOf = <A, E, R>(service: AwsEmulator, work: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const before = (yield* service.requests).length
    yield* work
    return (yield* service.requests).slice(before).map(({ operation }) => operation)
  })

/** A ring over a key of an emulator, or of what stands in its place. */
export const ringLayer = (
  { endpoint }: Pick<AwsEmulator, "endpoint">,
  keyId: string,
  options: Partial<KmsKeyRingOptions> = {},
) =>
  kmsKeyRing({
    region: "eu-west-1",
    keyId,
    endpoint,
    allowPlainLoopback: true,
    credentials: emulatorCredentials,
    timeLimitMillis: 20_000,
    ...options,
  })

/** The SDK's client of an emulator, as an operator uses it: no retries. */
export const clientOf = ({ endpoint }: AwsEmulator, region = "eu-west-1"): KMSClient =>
  new KMSClient({ endpoint, region, credentials: emulatorCredentials, maxAttempts: 1 })

/** The ARN of a new key. */
export const newKeyArn = async (
  operator: KMSClient,
  input: CreateKeyCommandInput = {},
): Promise<string> => (await operator.send(new CreateKeyCommand(input))).KeyMetadata?.Arn ?? ""

/** The ARN of a new key, with rotation on. */
export const newRotatedKey = async (
  operator: KMSClient,
  input: CreateKeyCommandInput = {},
): Promise<string> => {
  const keyId = await newKeyArn(operator, input)
  await operator.send(new EnableKeyRotationCommand({ KeyId: keyId }))
  return keyId
}
