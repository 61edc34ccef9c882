import { Effect, Layer, Logger } from "effect"
import { describe, it } from "vitest"
import { memoryKeyRing, memoryKeyRingWith } from "../../src/memory/index.ts"
import { keyRingContract, keyRingContractOf, runContract } from "../../src/testing/index.ts"

/** Without its warning, which `keyRing.test.ts` looks at. */
const quietly = Layer.provide(Logger.layer([]))

describe("the memory key ring", () => {
  runContract({ describe, it }, keyRingContract, quietly(memoryKeyRing))
})

describe("the memory key ring, rotated and in use already", () => {
  const ring = memoryKeyRingWith()
  const rotate = Effect.sync(ring.rotate)
  runContract({ describe, it }, keyRingContractOf({ rotate }), quietly(ring.layer), { share: true })
})
