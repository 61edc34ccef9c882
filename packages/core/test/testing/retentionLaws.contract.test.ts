import { Layer } from "effect"
import { afterAll, describe, it } from "vitest"
import { memoryPorts, storeDriver } from "../../src/memory/index.ts"
import { retentionLaws, runContract } from "../../src/testing/index.ts"

const ports = Layer.merge(storeDriver, memoryPorts)

/** The first law lives all histories; the others judge what it lived. */
const slowly = (name: string, body: () => Promise<void>) => it(name, body, 300_000)

describe("memory ports", () => {
  runContract({ describe, it: slowly, afterAll }, retentionLaws({ runs: 500 }), ports, {
    share: true,
  })
})
