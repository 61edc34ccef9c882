import { describe, expect, it } from "vitest"
import { illFormedPaths } from "../../src/store/index.ts"

const HALF = "\uD83D"

describe("ill-formed text", () => {
  it("is found wherever it stands in plain data, by its path", () => {
    const value = {
      a: HALF,
      b: ["fine 😀", `x${HALF}`, { c: [[`\uDE00${HALF}`]] }],
      d: { [`e${HALF}`]: 1, f: { g: `${HALF}${HALF}\uDE00` } },
    }
    expect(illFormedPaths(value)).toEqual(["a", "b[1]", "b[2].c[0][0]", "d.e\uFFFD", "d.f.g"])
    expect(illFormedPaths(HALF)).toEqual([""])
  })

  it("is nothing else", () => {
    for (const value of ["", "😀", "\\ud83d", "\uFFFD", 1, 1n, null, undefined, true, [], {}, [{}]])
      expect(illFormedPaths(value)).toEqual([])
  })
})
