import { Redacted } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonical, fingerprint } from "../../src/command/index.ts"

const json = fc.jsonValue({ maxDepth: 3 })

/** The same value with every object's fields in the other order. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, turned(each)]),
  )
}

describe("a fingerprint", () => {
  it("is the same for the same content, however fields are ordered", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(fingerprint("c", turned(value))).toBe(fingerprint("c", structuredClone(value)))
      }),
    )
  })

  it("tells different content apart", () => {
    fc.assert(
      fc.property(json, json, (one, two) => {
        const same = JSON.stringify(sortedDeep(one)) === JSON.stringify(sortedDeep(two))
        expect(canonical(one) === canonical(two)).toBe(same)
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, unknown, unknown]>([
    ["text and number", "1", 1],
    ["true and text", true, "true"],
    ["null and text", null, "null"],
    ["a list and its text", [1, 2], "1,2"],
    ["a list of a list", [[1], 2], [1, [2]]],
    ["an absent field and null", {}, { a: null }],
    ["an empty list and an empty object", [], {}],
    ["lists in another order", [1, 2], [2, 1]],
    ["amounts", 1n, 2n],
    ["an amount and a number", 1n, 1],
    ["text by case", "a", "A"],
  ])("tells %s apart", (_, one, two) => {
    expect(fingerprint("c", one)).not.toBe(fingerprint("c", two))
  })

  it("does not tell an absent field from an undefined one", () => {
    expect(fingerprint("c", { a: 1, b: undefined })).toBe(fingerprint("c", { a: 1 }))
  })

  it("tells commands apart", () => {
    expect(fingerprint("one", {})).not.toBe(fingerprint("two", {}))
    expect(fingerprint("one", {})).toMatch(/^[0-9a-f]{64}$/u)
  })

  it.each<[string, unknown]>([
    ["a sealed value", Redacted.make("x")],
    ["a date", new Date(0)],
    ["a map", new Map([[1, 2]])],
    ["a set inside", { inside: [new Set([1])] }],
  ])("is not made of what it could not tell apart: %s", (_, value) => {
    expect(() => fingerprint("c", value)).toThrow(TypeError)
  })
})

const sortedDeep = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortedDeep)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sortedDeep(each)]),
  )
}
