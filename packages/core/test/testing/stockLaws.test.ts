import { Effect, Layer } from "effect"
import { describe, expect, it } from "vitest"
import { Forbidden } from "../../src/access/index.ts"
import { Core } from "../../src/host/index.ts"
import { memoryHost } from "../../src/memory/index.ts"
import { brokenClauses, type LawTrials, stockLaws } from "../../src/testing/index.ts"
import { stockMutants } from "./stockMutants/index.ts"
import type { StockMutant } from "./stockMutants/tampered.ts"

// A fixed seed: whether a history meets a fault must not hang on luck.
const trials = { runs: 300, seed: 20_261_124, shrink: false }
const layer = Core.layer.pipe(Layer.provide(memoryHost))

const idOf = (clause: string) => clause.slice(0, clause.indexOf(" "))

/** What breaks those of the laws that are named. */
const broken = (
  named: ReadonlyArray<string>,
  given: LawTrials,
  operations: StockMutant["operations"],
) => {
  const { name, clauses } = stockLaws({ ...given, operations })
  const some = clauses.filter((clause) => named.includes(idOf(clause.name)))
  return Effect.runPromise(brokenClauses({ name, clauses: some }, layer))
}

describe("the laws of stock catch", () => {
  for (const { name, operations, breaks } of stockMutants) {
    it(`${name} (${breaks.join(", ")})`, async () => {
      const found = await broken(breaks, trials, operations)
      expect(found.map(({ clause }) => idOf(clause))).toEqual(breaks)
      for (const { seen } of found) {
        // By what the law itself saw: no command gave up, and histories were not too easy.
        expect(seen).toContain("seed 20261124, path")
        expect(seen).not.toContain("a command died")
      }
    }, 60_000)
  }

  it("none of these faults in the engine's own operations, in the same histories", async () => {
    const { clauses } = stockLaws(trials)
    await Effect.runPromise(
      Effect.forEach(clauses, ({ check }) => check).pipe(Effect.provide(layer)),
    )
  }, 120_000)
})

describe("the table of mutants", () => {
  it("has one for every law", () => {
    const laws = stockLaws(trials).clauses.map(({ name }) => idOf(name))
    const proved = new Set(stockMutants.flatMap(({ breaks }) => breaks))
    expect(laws).toHaveLength(17)
    expect(laws.filter((id) => !proved.has(id))).toEqual([])
    expect([...proved].filter((id) => !laws.includes(id))).toEqual([])
  })

  it("names none twice", () => {
    expect(new Set(stockMutants.map(({ name }) => name)).size).toBe(stockMutants.length)
  })
})

describe("a law of stock that is broken", () => {
  const operations = stockMutants.find(({ breaks }) => breaks.includes("R8"))?.operations ?? {}

  it("says seed, path and the fewest commands that break it, and breaks again by them", async () => {
    const [first] = await broken(["R8"], { ...trials, shrink: true }, operations)
    const [, path = ""] = /path "([\d:]+)"/u.exec(first?.seen ?? "") ?? []
    expect(path.split(":").length).toBeGreaterThan(1)
    expect(first?.message).toContain("R8 Monotony")
    // Of some forty commands one scene is left, behind the opening stock of both merchants.
    expect(first?.seen.match(/ [AB] \w+ \{/gu)?.length).toBeLessThan(8)
    const [again] = await broken(["R8"], { ...trials, path }, operations)
    expect(again?.seen).toBe(first?.seen)
  }, 60_000)

  it("is one that no history brings into play", async () => {
    const refused = Effect.fail(new Forbidden({ action: "commitStock" }))
    const [found] = await broken(["R5"], { ...trials, runs: 100 }, { commitStock: () => refused })
    expect(found?.seen).toContain("100 histories hardly exercise R5")
  }, 60_000)

  it("is every law, when a command dies", async () => {
    const operations = { receiveStock: () => Effect.die("no such shelf") }
    const found = await broken(["L1", "R11"], { ...trials, runs: 1 }, operations)
    expect(found.map(({ seen }) => seen.includes("a command died: receiveStock"))).toEqual([
      true,
      true,
    ])
  })
})
