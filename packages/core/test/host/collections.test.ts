import { describe, expect, it } from "vitest"
import { collections } from "../../src/host/index.ts"

describe("the record types of the engine", () => {
  it("expire by the store's own hand only where nothing follows from it (R39, R44)", () => {
    // A commitment that went by itself would leave its units committed; the log has a minimum.
    expect(
      collections.flatMap(({ name, expires }) => (expires ? [`${name}.${expires}`] : [])),
    ).toEqual([
      "break_glasses.expiresAt",
      "deliveries.expiresAt",
      "order_pii.deadline",
      "receipts.expiresAt",
      "reveal_allowances.expiresAt",
      "reveals.expiresAt",
    ])
  })

  it("have names of their own", () => {
    const names = collections.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
