import { describe, expect, it } from "vitest"
import { policy } from "../../src/access/index.ts"
import { openCore, operations } from "../../src/host/index.ts"
import { memoryHost } from "../../src/memory/index.ts"
import { OPERATOR, ownerOf } from "./hostWorld.ts"

describe("the list of operations", () => {
  it("has every action of the policy", () => {
    expect(Object.keys(policy).filter((action) => !(action in operations))).toEqual([])
  })

  it("is reachable as Promise functions that reject and that settle", async () => {
    const oto = await openCore(memoryHost)
    const desk = oto.desk(ownerOf(OPERATOR), OPERATOR)
    for (const name of Object.keys(operations)) {
      expect(desk).toHaveProperty(name, expect.any(Function))
      expect(desk.settled).toHaveProperty(name, expect.any(Function))
    }
    await oto.close()
  })
})
