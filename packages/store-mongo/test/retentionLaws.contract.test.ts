import { memoryPorts } from "@oto-fulfilment/core/memory"
import { retentionLaws, runContract } from "@oto-fulfilment/core/testing"
import { Layer } from "effect"
import { afterAll, describe, it } from "vitest"
import { mongoDriver } from "../src/index.ts"
import { ownDatabase } from "./mongo.ts"

const ports = Layer.merge(mongoDriver(ownDatabase("retention")), memoryPorts)

/** The first law lives all histories; the others judge what it lived. */
const slowly = (name: string, body: () => Promise<void>) => it(name, body, 300_000)

describe("MongoDB", () => {
  runContract({ describe, it: slowly, afterAll }, retentionLaws({ runs: 20 }), ports, {
    share: true,
  })
})
