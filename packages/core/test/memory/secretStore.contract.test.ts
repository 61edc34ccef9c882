import { describe, it } from "vitest"
import { secretStore } from "../../src/memory/index.ts"
import { runContract, secretStoreContract } from "../../src/testing/index.ts"

describe("secrets in memory", () => {
  runContract({ describe, it }, secretStoreContract, secretStore)
})
