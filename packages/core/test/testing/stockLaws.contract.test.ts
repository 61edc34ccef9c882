import { Layer } from "effect"
import { afterAll, describe, it } from "vitest"
import { Core } from "../../src/host/index.ts"
import { memoryHost } from "../../src/memory/index.ts"
import { runContract, stockLaws } from "../../src/testing/index.ts"

const layer = Core.layer.pipe(Layer.provide(memoryHost))

/** The first law lives all histories; the others judge what it lived. */
const slowly = (name: string, body: () => Promise<void>) => it(name, body, 300_000)

describe("memory driver", () => {
  runContract({ describe, it: slowly, afterAll }, stockLaws({ runs: 400 }), layer, { share: true })
})
