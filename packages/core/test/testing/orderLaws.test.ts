import { Effect, Layer } from "effect"
import { describe, expect, it } from "vitest"
import { Forbidden } from "../../src/access/index.ts"
import { Core, operations } from "../../src/host/index.ts"
import { memoryHost } from "../../src/memory/index.ts"
import {
  brokenClauses,
  type LawTrials,
  type OrderOperations,
  orderLaws,
} from "../../src/testing/index.ts"
import { lawMutants } from "../order/lawMutants.ts"

// A fixed seed: whether a history meets a fault must not hang on luck.
const trials = { runs: 100, seed: 20_261_125, shrink: false }
const layer = Core.layer.pipe(Layer.provide(memoryHost))

const idOf = (clause: string) => clause.slice(0, clause.indexOf(" "))

/** What breaks those of the laws that are named. */
const broken = (
  named: ReadonlyArray<string>,
  given: LawTrials,
  others: Partial<OrderOperations>,
) => {
  const { name, clauses } = orderLaws({ ...given, operations: others })
  const some = clauses.filter((clause) => named.includes(idOf(clause.name)))
  return Effect.runPromise(brokenClauses({ name, clauses: some }, layer))
}

describe("the table of mutants of the laws of orders", () => {
  it("has one for every law", () => {
    const laws = orderLaws(trials).clauses.map(({ name }) => idOf(name))
    expect(lawMutants.map(({ law }) => law).toSorted()).toEqual(laws.toSorted())
  })
})

describe("a law of orders that is broken", () => {
  /** A release that lifts the hold that should stop it. */
  const hasty: Partial<OrderOperations> = {
    releaseOrder: (input) => {
      const { key, order } = input
      const lift = { key: `${key}-lift`, order, code: "fraud", source: "screening" } as const
      return Effect.andThen(
        Effect.ignore(operations.liftHold(lift)),
        operations.releaseOrder(input),
      )
    },
  }

  it("says seed, path and the fewest commands that break it, and breaks again by them", async () => {
    const [first] = await broken(["O3"], { ...trials, shrink: true }, hasty)
    const [, path = ""] = /path "([\d:]+)"/u.exec(first?.seen ?? "") ?? []
    expect(path.split(":").length).toBeGreaterThan(1)
    expect(first?.message).toContain("O3 Transitions")
    // Of some fourteen commands those of one scene are left, behind the opening stock.
    expect(first?.seen.match(/ -> /gu)?.length).toBeLessThan(9)
    const [again] = await broken(["O3"], { ...trials, path }, hasty)
    expect(again?.seen).toBe(first?.seen)
  }, 60_000)

  it("is one that no history brings into play", async () => {
    const refused = Effect.fail(new Forbidden({ action: "splitOrder" }))
    const [found] = await broken(["O5"], trials, { splitOrder: () => refused })
    expect(found?.seen).toContain("100 histories hardly exercise O5")
  }, 60_000)

  it("is every law of its histories, when a command dies", async () => {
    const dies = { importOrder: () => Effect.die("no such shelf") }
    const found = await broken(["O1", "O4", "O2", "R7"], { ...trials, runs: 1 }, dies)
    expect(found.map(({ seen }) => seen.includes("a command died: importOrder"))).toEqual(
      found.map(() => true),
    )
    expect(found).toHaveLength(4)
  })
})
