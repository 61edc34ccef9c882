import * as secretsManager from "@aws-sdk/client-secrets-manager"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { AwsEmulator, EmulatorOptions } from "../AwsEmulator.ts"
import { serve } from "../emulatorServer.ts"
import { operationsService } from "../Operations.ts"
import { SecretTable } from "./SecretTable.ts"
import { secretOperations } from "./secretOperations.ts"

/** How the emulator of Secrets Manager is started. */
export interface SecretsEmulatorOptions extends EmulatorOptions {
  /**
   * How long the service is at work on a forced deletion, in milliseconds; 100 when left out. The secret cannot be read
   * meanwhile, and its name is not yet free.
   */
  readonly purgeMillis?: number
}

/**
 * AWS Secrets Manager on this machine, for the SDK's own client: storing and reading secrets, their versions and staging
 * labels, deletion with a recovery window and without. Signatures are checked, and each request and answer is judged by
 * the SDK's model. Not there: rotation functions, replication, policies, quotas.
 */
export const secretsEmulator = ({
  purgeMillis = 100,
  ...options
}: SecretsEmulatorOptions = {}): Effect.Effect<AwsEmulator, never, Scope.Scope> =>
  serve(
    (clock) =>
      operationsService(
        { target: "secretsmanager", name: "secretsmanager", sdk: { ...secretsManager } },
        secretOperations(new SecretTable(clock), purgeMillis),
      ),
    options,
  )
