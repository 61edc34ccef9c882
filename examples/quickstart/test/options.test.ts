import { describe, expect, it } from "@effect/vitest"
import { Result } from "effect"
import { readOptions } from "../src/options.ts"

const said = (...args: ReadonlyArray<string>): string => {
  const options = readOptions(args)
  return Result.isFailure(options) ? options.failure : options.success.store
}

describe("the demo's command line", () => {
  it("chooses the store, the embedded one when it says nothing", () => {
    expect(said()).toBe("memory")
    expect(said("--store", "memory")).toBe("memory")
    expect(said("--store", "mongo")).toBe("mongo")
    expect(said("--store=mongo")).toBe("mongo")
    expect(said("--", "--store", "mongo")).toBe("mongo")
  })

  it("is refused with a word of advice where it is not understood", () => {
    for (const args of [
      ["--store", "sql"],
      ["--store"],
      ["--stroe", "mongo"],
      ["mongo"],
      ["--store=mongo", "--fast"],
    ])
      expect(said(...args)).toMatch(
        /.+\nThe demo knows one option: --store memory .* or --store mongo\.$/,
      )
  })
})
