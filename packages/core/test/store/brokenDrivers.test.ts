import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { brokenClauses, storeContractOf } from "../../src/testing/index.ts"
import { brokenDrivers } from "./brokenDrivers/index.ts"

// A fixed seed: whether generated histories meet a fault must not hang on luck.
const contract = storeContractOf({ runs: 100, seed: 20_261_124, shrink: false })

/** Clauses that `Store` keeps itself, above any driver: `brokenStore.test.ts` proves that they can fail. */
const keptByTheStore = [
  "a record keeps its id, and a batch writes it once",
  "amounts and floors are whole numbers",
  "a cursor of another query, or of none, is an InvalidCursor",
  "what was read in another partition cannot be written, removed or checked here",
  "text that is not well-formed Unicode is refused whole, wherever it stands",
]

describe("the store contract catches a driver of which it can be said that", () => {
  for (const { name, layer, breaks } of brokenDrivers) {
    it(name, async () => {
      const named = contract.clauses.filter((clause) => breaks.includes(clause.name))
      const broken = await Effect.runPromise(
        brokenClauses({ name: contract.name, clauses: named }, layer),
      )
      expect(breaks.length).toBeGreaterThan(0)
      expect(broken.map(({ clause }) => clause).sort()).toEqual([...breaks].sort())
    })
  }
})

describe("the table of broken drivers", () => {
  it("has one for every clause that a driver can break", () => {
    const proved = new Set([...brokenDrivers.flatMap(({ breaks }) => breaks), ...keptByTheStore])
    const clauses = contract.clauses.map(({ name }) => name)
    expect(clauses.filter((name) => !proved.has(name))).toEqual([])
    expect([...proved].filter((name) => !clauses.includes(name))).toEqual([])
  })

  it("names no driver and no clause twice", () => {
    const drivers = brokenDrivers.map(({ name }) => name)
    const clauses = contract.clauses.map(({ name }) => name)
    expect(new Set(drivers).size).toBe(drivers.length)
    expect(new Set(clauses).size).toBe(clauses.length)
  })
})
