import { Core } from "@oto-fulfilment/core"
import { memoryPorts } from "@oto-fulfilment/core/memory"
import { auditLaws, runContract } from "@oto-fulfilment/core/testing"
import { Layer } from "effect"
import { afterAll, describe, it } from "vitest"
import { mongoDriver } from "../src/index.ts"
import { ownDatabase } from "./mongo.ts"

const ports = Layer.merge(mongoDriver(ownDatabase("audit")), memoryPorts)
const layer = Core.layer.pipe(Layer.provide(ports))

const slowly = (name: string, body: () => Promise<void>) => it(name, body, 300_000)

describe("MongoDB", () => {
  runContract({ describe, it: slowly, afterAll }, auditLaws({ runs: 20 }), layer, { share: true })
})
