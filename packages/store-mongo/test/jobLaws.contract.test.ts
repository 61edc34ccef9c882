import { Core } from "@oto-fulfilment/core"
import { memoryPorts } from "@oto-fulfilment/core/memory"
import { jobLaws, runContract } from "@oto-fulfilment/core/testing"
import { Layer } from "effect"
import { afterAll, describe, it } from "vitest"
import { mongoDriver } from "../src/index.ts"
import { ownDatabase } from "./mongo.ts"

const ports = Layer.merge(mongoDriver(ownDatabase("jobs")), memoryPorts)
const layer = Core.layer.pipe(Layer.provide(ports))

/** The first law lives all histories; the others judge what it lived. */
const slowly = (name: string, body: () => Promise<void>) => it(name, body, 300_000)

describe("MongoDB", () => {
  runContract({ describe, it: slowly, afterAll }, jobLaws({ runs: 20 }), layer, { share: true })
})
