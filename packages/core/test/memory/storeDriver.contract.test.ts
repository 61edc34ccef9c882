import { describe, it } from "vitest"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import { runContract, storeContract } from "../../src/testing/index.ts"

describe("memory driver", () => {
  runContract({ describe, it }, storeContract, storeDriver)
})
