import * as kms from "@aws-sdk/client-kms"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { AwsEmulator, EmulatorOptions } from "../AwsEmulator.ts"
import { serve } from "../emulatorServer.ts"
import { operationsService } from "../Operations.ts"
import { aliasOperations } from "./aliasOperations.ts"
import { cryptoOperations } from "./cryptoOperations.ts"
import { KeyTable } from "./KeyTable.ts"
import { keyOperations } from "./keyOperations.ts"
import { rotationOperations } from "./rotationOperations.ts"

/**
 * AWS KMS on this machine, for the SDK's own client. It holds keys of every region; a request sees those of the region
 * for which it is signed. Signatures are checked, and each request and answer is judged by the SDK's model.
 *
 * Kept: encryption context compared as an exact map, rotation that adds material while old blobs stay open, key states,
 * aliases, multi-Region keys, deletion after its waiting time and for ever. Not there: policies and grants, quotas,
 * imported material, asymmetric and HMAC operations, and the delay until a change is seen everywhere.
 */
export const kmsEmulator = (
  options: EmulatorOptions = {},
): Effect.Effect<AwsEmulator, never, Scope.Scope> =>
  serve((clock) => {
    const keys = new KeyTable(clock)
    return operationsService(
      { target: "TrentService", name: "kms", sdk: { ...kms } },
      {
        ...keyOperations(keys),
        ...rotationOperations(keys),
        ...aliasOperations(keys),
        ...cryptoOperations(keys),
      },
    )
  }, options)
