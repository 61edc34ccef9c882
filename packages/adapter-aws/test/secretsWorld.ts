import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import { SecretRef, SecretStore } from "@oto-fulfilment/core"
import { Context, Effect, Layer, type Scope } from "effect"
import { expect } from "vitest"
import { type AwsSecretsOptions, awsSecrets } from "../src/index.ts"
import {
  type AwsEmulator,
  emulatorCredentials,
  type SecretsEmulatorOptions,
  secretsEmulator,
} from "../src/testing/index.ts"

export const REF = SecretRef.make("secret:shopify/webhook-key")
/** The name under which the store keeps it. */
export const NAME = "oto-fulfilment/shopify/webhook-key"

/** An emulator, the SDK's own client for its operator, and a store over it. */
export interface SecretsWorld {
  readonly service: AwsEmulator
  readonly operator: SecretsManagerClient
  readonly store: SecretStore["Service"]
  readonly storeWith: (
    options: Partial<AwsSecretsOptions>,
  ) => Effect.Effect<SecretStore["Service"], never, Scope.Scope>
}

/** Runs a test in a world of its own; at its end every request and answer must have kept to the SDK's model. */
export const inSecretsWorld = <A, E>(
  test: (world: SecretsWorld) => Effect.Effect<A, E, Scope.Scope>,
  options: SecretsEmulatorOptions = {},
): Promise<A> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const service = yield* secretsEmulator(options)
        const { endpoint } = service
        const operator = new SecretsManagerClient({
          endpoint,
          region: "eu-west-1",
          credentials: emulatorCredentials,
          maxAttempts: 1,
        })
        yield* Effect.addFinalizer(() => Effect.sync(() => operator.destroy()))
        const storeWith = (given: Partial<AwsSecretsOptions>) =>
          Effect.orDie(
            Effect.map(Layer.build(secretsLayer(service, given)), (built) =>
              Context.get(built, SecretStore),
            ),
          )
        const store = yield* storeWith({})
        const outcome = yield* test({ service, operator, store, storeWith })
        expect(yield* service.violations).toEqual([])
        return outcome
      }),
    ),
  )

/** A store over an emulator. */
export const secretsLayer = ({ endpoint }: AwsEmulator, options: Partial<AwsSecretsOptions> = {}) =>
  awsSecrets({
    region: "eu-west-1",
    endpoint,
    allowPlainLoopback: true,
    credentials: emulatorCredentials,
    timeLimitMillis: 20_000,
    ...options,
  })
