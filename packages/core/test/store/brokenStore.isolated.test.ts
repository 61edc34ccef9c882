import { Effect, Result } from "effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import { brokenClauses, storeContract } from "../../src/testing/index.ts"

/** The parts of `Store` that are broken in the test at work. */
const faults = vi.hoisted(() => ({
  batchesUnchecked: false,
  cursorsUnchecked: false,
  textUnchecked: false,
}))

vi.mock("../../src/store/illFormedText.ts", async (original) => {
  const right = await original<typeof import("../../src/store/illFormedText.ts")>()
  const illFormedPaths: typeof right.illFormedPaths = (value) =>
    faults.textUnchecked ? [] : right.illFormedPaths(value)
  return { ...right, illFormedPaths }
})

vi.mock("../../src/store/encodeBatch.ts", async (original) => {
  const right = await original<typeof import("../../src/store/encodeBatch.ts")>()
  const encodeBatch: typeof right.encodeBatch = (batch, partition) => {
    try {
      return right.encodeBatch(batch, partition)
    } catch (defect) {
      if (faults.batchesUnchecked) return Result.succeed([])
      throw defect
    }
  }
  return { ...right, encodeBatch }
})

vi.mock("../../src/store/Query.ts", async (original) => {
  const right = await original<typeof import("../../src/store/Query.ts")>()
  const toRawQuery: typeof right.toRawQuery = (collection, index, partition, query) => {
    const checked = right.toRawQuery(collection, index, partition, query)
    return Result.isFailure(checked) && faults.cursorsUnchecked
      ? right.toRawQuery(collection, index, partition, { ...query, after: undefined })
      : checked
  }
  return { ...right, toRawQuery }
})

afterEach(() => {
  faults.batchesUnchecked = false
  faults.cursorsUnchecked = false
  faults.textUnchecked = false
})

const broken = (...names: ReadonlyArray<string>) => {
  const clauses = storeContract.clauses.filter(({ name }) => names.includes(name))
  return Effect.runPromise(brokenClauses({ ...storeContract, clauses }, storeDriver)).then(
    (found) => found.map(({ clause }) => clause).sort(),
  )
}

const batchClauses = [
  "a record keeps its id, and a batch writes it once",
  "amounts and floors are whole numbers",
  "what was read in another partition cannot be written, removed or checked here",
]
const textClause = "text that is not well-formed Unicode is refused whole, wherever it stands"
const cursorClause = "a cursor of another query, or of none, is an InvalidCursor"

describe("the store contract catches a store", () => {
  it("that lets wrong batches through", async () => {
    faults.batchesUnchecked = true
    expect(await broken(...batchClauses)).toEqual([...batchClauses].sort())
  })

  it("that takes any cursor", async () => {
    faults.cursorsUnchecked = true
    expect(await broken(cursorClause)).toEqual([cursorClause])
  })

  it("that takes any text", async () => {
    faults.textUnchecked = true
    expect(await broken(textClause)).toEqual([textClause])
  })

  it("and lets a right one through", async () => {
    expect(await broken(...batchClauses, cursorClause, textClause)).toEqual([])
  })
})
