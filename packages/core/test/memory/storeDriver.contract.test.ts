import { describe, it } from "vitest"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import { runContract, storeContract, storeContractOf } from "../../src/testing/index.ts"

describe("the embedded driver", () => {
  runContract({ describe, it }, storeContractOf({ runs: 1000 }), storeDriver)
})

describe("the embedded driver, in use already", () => {
  runContract({ describe, it }, storeContract, storeDriver, { share: true })
})
