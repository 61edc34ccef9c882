import { KMSClient, RotateKeyOnDemandCommand } from "@aws-sdk/client-kms"
import { keyRingContractOf, runContract } from "@oto-fulfilment/core/testing"
import { Effect, Layer } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { emulatorCredentials, kmsEmulator } from "../src/testing/index.ts"
import { newRotatedKey, ringLayer } from "./kmsWorld.ts"

// One operator for all clauses: the contract gives its rotation the ring only.
let operator = new KMSClient({ region: "eu-west-1" })
let keyId = ""

const ring = Layer.unwrap(
  Effect.gen(function* () {
    const kms = yield* kmsEmulator()
    const { endpoint } = kms
    operator = new KMSClient({ endpoint, region: "eu-west-1", credentials: emulatorCredentials })
    keyId = yield* Effect.promise(() => newRotatedKey(operator))
    yield* Effect.addFinalizer(() =>
      Effect.map(kms.violations, (found) => expect(found).toEqual([])),
    )
    return ringLayer(kms, keyId)
  }),
)

const rotate = Effect.promise(() => operator.send(new RotateKeyOnDemandCommand({ KeyId: keyId })))

describe("a ring over KMS", () => {
  runContract(
    { describe, it, afterAll },
    keyRingContractOf({ rotate: Effect.asVoid(rotate) }),
    ring,
    { share: true },
  )
})
