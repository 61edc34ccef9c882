import { Effect, Layer, References } from "effect"
import { describe, expect, it } from "vitest"
import { memoryPorts, storeDriver } from "../../src/memory/index.ts"
import { brokenClauses, retentionLaws } from "../../src/testing/index.ts"
import { retentionMutants } from "./retentionMutants/index.ts"

// A fixed seed: whether a history meets a fault must not hang on luck.
const trials = { runs: 120, seed: 20_261_125, shrink: false }
const quiet = Layer.succeed(References.MinimumLogLevel, "None" as const)
const layer = Layer.merge(storeDriver, memoryPorts).pipe(Layer.provide(quiet))

const idOf = (clause: string) => clause.slice(0, clause.indexOf(" "))

describe("the laws of retention catch", () => {
  for (const { name, engine, breaks } of retentionMutants) {
    it(`${name} (${breaks})`, async () => {
      const { name: title, clauses } = retentionLaws({ ...trials, engine })
      const some = clauses.filter((clause) => idOf(clause.name) === breaks)
      const found = await Effect.runPromise(brokenClauses({ name: title, clauses: some }, layer))
      expect(found.map(({ clause }) => idOf(clause))).toEqual([breaks])
      // By what the law itself saw: no command gave up, and histories were not too easy.
      expect(found[0]?.seen).toContain("seed 20261125, path")
      expect(found[0]?.seen).not.toContain("a command died")
    }, 120_000)
  }
})

describe("the table of mutants of retention", () => {
  it("has one for every law", () => {
    const laws = retentionLaws(trials).clauses.map(({ name }) => idOf(name))
    const proved = new Set(retentionMutants.map(({ breaks }) => breaks))
    expect(laws.toSorted()).toEqual([...proved].toSorted())
  })

  it("names none twice", () => {
    expect(new Set(retentionMutants.map(({ name }) => name)).size).toBe(retentionMutants.length)
  })
})
