import { runContract, secretStoreContract } from "@oto-fulfilment/core/testing"
import { Effect, Layer } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { secretsEmulator } from "../src/testing/index.ts"
import { secretsLayer } from "./secretsWorld.ts"

const store = Layer.unwrap(
  Effect.gen(function* () {
    const service = yield* secretsEmulator()
    yield* Effect.addFinalizer(() =>
      Effect.map(service.violations, (found) => expect(found).toEqual([])),
    )
    return secretsLayer(service)
  }),
)

describe("secrets in Secrets Manager", () => {
  runContract({ describe, it, afterAll }, secretStoreContract, store, { share: true })
})
