import { Layer } from "effect"
import { afterAll, describe, it } from "vitest"
import { memoryKeyRing } from "../../src/memory/index.ts"
import { auditLaws, runContract } from "../../src/testing/index.ts"
import { surroundings } from "../world.ts"

const slowly = (name: string, body: () => Promise<void>) => it(name, body, 120_000)

describe("the embedded store", () => {
  runContract(
    { describe, it: slowly, afterAll },
    auditLaws({ runs: 150 }),
    Layer.merge(surroundings, memoryKeyRing),
    { share: true },
  )
})
