import { runContract, storeContractOf } from "@oto-fulfilment/core/testing"
import { afterAll, describe, it } from "vitest"
import { mongoDriver } from "../src/index.ts"
import { ownDatabase } from "./mongo.ts"

runContract(
  { describe, it: (name, body) => it(name, { timeout: 120_000 }, body), afterAll },
  storeContractOf({ runs: 20 }),
  mongoDriver(ownDatabase("contract")),
  { share: true },
)
