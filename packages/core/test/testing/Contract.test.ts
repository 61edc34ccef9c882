import { Context, Effect, Layer } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  Breach,
  brokenClauses,
  ClauseBroken,
  type Contract,
  expectDefect,
  expectRefused,
  expectSame,
  forAll,
  runContract,
} from "../../src/testing/index.ts"

/** A port with one number, and how often its layer was built and released. */
class Port extends Context.Service<Port, { readonly figure: number }>()("test/Port") {}

const counted = () => {
  const seen = { built: 0, released: 0 }
  const layer = Layer.effect(
    Port,
    Effect.acquireRelease(
      Effect.sync(() => ({ figure: ++seen.built })),
      () =>
        Effect.sync(() => {
          seen.released++
        }),
    ),
  )
  return { seen, layer }
}

const contract: Contract<Port> = {
  name: "port contract",
  clauses: [
    { name: "holds", law: "law 1", check: Effect.asVoid(Port) },
    {
      name: "is one",
      law: "law 2",
      check: Effect.map(Port, ({ figure }) => expectSame("figure", figure, 1)),
    },
  ],
}

/** A runner that keeps what it is given, as vitest, jest and `node:test` do. */
const recorder = () => {
  const tests: Array<readonly [string, () => Promise<void>]> = []
  const described: Array<string> = []
  const ends: Array<() => Promise<void>> = []
  return {
    tests,
    described,
    ends,
    runner: {
      describe: (name: string, body: () => void) => {
        described.push(name)
        body()
      },
      it: (name: string, body: () => Promise<void>) => tests.push([name, body]),
    },
  }
}

const failing = (check: Contract<never>["clauses"][number]["check"]): Contract<never> => ({
  name: "failing contract",
  clauses: [{ name: "fails", law: "law 3", check }],
})

const breach = (what: string) => new Breach({ what, expected: "e", seen: "s" })

const messageOf = async (broken: Contract<never>): Promise<string> => {
  const [found] = await Effect.runPromise(brokenClauses(broken, Layer.empty))
  expect(found).toBeInstanceOf(ClauseBroken)
  return found?.message ?? ""
}

describe("a contract", () => {
  it("becomes one test a clause with any runner", () => {
    const { runner, tests, described } = recorder()
    runContract(runner, contract, counted().layer)
    expect(described).toEqual(["port contract"])
    expect(tests.map(([name]) => name)).toEqual(["holds", "is one"])
  })

  it("builds its layer anew for each clause and releases it", async () => {
    const { seen, layer } = counted()
    const { runner, tests } = recorder()
    runContract(runner, contract, layer)
    expect(seen).toEqual({ built: 0, released: 0 })
    await tests[0]?.[1]()
    await expect(tests[1]?.[1]()).rejects.toThrow("port contract is broken: is one (law 2)")
    expect(seen).toEqual({ built: 2, released: 2 })
  })

  it("may share one layer, which the last clause releases, even one that fails", async () => {
    const { seen, layer } = counted()
    const { runner, tests } = recorder()
    const sharing = {
      ...contract,
      clauses: [...contract.clauses, ...failing(Effect.die("x")).clauses],
    }
    runContract(runner, sharing, layer, { share: true })
    await tests[0]?.[1]()
    await tests[1]?.[1]()
    expect(seen).toEqual({ built: 1, released: 0 })
    await expect(tests[2]?.[1]()).rejects.toBeInstanceOf(ClauseBroken)
    expect(seen).toEqual({ built: 1, released: 1 })
  })

  it("leaves the release of a shared layer to a runner that has an end", async () => {
    const { seen, layer } = counted()
    const { runner, tests, ends } = recorder()
    runContract({ ...runner, afterAll: (body) => ends.push(body) }, contract, layer, {
      share: true,
    })
    for (const [, body] of tests) await body()
    expect(seen).toEqual({ built: 1, released: 0 })
    for (const end of ends) await end()
    expect(seen).toEqual({ built: 1, released: 1 })
  })

  it("rejects with the layer's own error where the layer cannot be built", async () => {
    const { runner, tests } = recorder()
    const error = new Breach({ what: "connection", expected: "open", seen: "closed" })
    runContract(runner, contract, Layer.effect(Port, Effect.fail(error)))
    await expect(tests[0]?.[1]()).rejects.toBe(error)
    const shared = recorder()
    runContract(shared.runner, contract, Layer.effect(Port, Effect.fail(error)), { share: true })
    await expect(shared.tests[0]?.[1]()).rejects.toBe(error)
  })

  it("tells which clause broke, by which law, and what was seen", async () => {
    const message = await messageOf(failing(Effect.sync(() => expectSame("stock", 3, 4))))
    expect(message).toBe(
      "failing contract is broken: fails (law 3)\nstock\n  expected: 4\n  seen:     3",
    )
  })

  it("counts failures, defects and thrown errors as broken", async () => {
    expect(await messageOf(failing(Effect.fail(breach("typed"))))).toContain("typed")
    expect(await messageOf(failing(Effect.die(new Error("defect"))))).toContain("defect")
    const throwing = Effect.sync((): void => {
      throw new Error("thrown")
    })
    expect(await messageOf(failing(throwing))).toContain("thrown")
  })

  it("prints the seed and the smallest case of a generated law that broke", async () => {
    const law = forAll(fc.nat(), { runs: 100, seed: 7 }, (n) =>
      Effect.sync(() => expectSame("small", n < 50, true)),
    )
    const message = await messageOf(failing(law))
    expect(message).toContain("seed: 7")
    expect(message).toContain("Counterexample: [50]")
    expect(message).toContain("small")
  })

  it("lists the clauses that an implementation breaks, and none for a good one", async () => {
    const listed = await Effect.runPromise(
      brokenClauses(contract, Layer.succeed(Port, { figure: 2 })),
    )
    expect(listed.map(({ clause }) => clause)).toEqual(["is one"])
    const none = await Effect.runPromise(
      brokenClauses(contract, Layer.succeed(Port, { figure: 1 })),
    )
    expect(none).toEqual([])
  })
})

describe("an expectation", () => {
  const refused = (work: Effect.Effect<unknown, Breach>) => expectRefused("work", "Breach", work)
  const failed = breach("w")

  it("compares content, not identity or the order of names", () => {
    expectSame("same", { a: [1n, "x"], b: undefined }, { a: [1n, "x"] })
    expect(() => expectSame("order of a list", [1, 2], [2, 1])).toThrow(Breach)
    expect(() => expectSame("text and number", 1, "1")).toThrow(Breach)
    expect(() => expectSame("a missing field", { a: 1 }, { a: 1, b: null })).toThrow(Breach)
  })

  it("of a refusal is met by that failure only", async () => {
    expect(await Effect.runPromise(refused(Effect.fail(failed)))).toBe(failed)
    for (const work of [Effect.succeed(1), Effect.die(failed), Effect.interrupt])
      expect((await Effect.runPromise(Effect.flip(refused(work)))).what).toBe("work")
  })

  it("of a defect is met by a defect only", async () => {
    await Effect.runPromise(expectDefect("work", Effect.die("x")))
    for (const work of [Effect.succeed(1), Effect.fail(failed)])
      expect((await Effect.runPromise(Effect.flip(expectDefect("work", work)))).expected).toBe(
        "a defect",
      )
  })
})
