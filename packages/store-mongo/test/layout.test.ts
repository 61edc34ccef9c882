import { describe, expect, it } from "vitest"
import { fieldName, readBody, writeBody } from "../src/bodyFields.ts"
import { declaredIndex, indexesOf, toDocument, toRecord } from "../src/layout.ts"
import { Goods, newPartition } from "./mongo.ts"

const one = newPartition()
const stored = (body: { readonly [field: string]: unknown }) =>
  toDocument(Goods, one, { id: "a", version: 1, body }, true)

describe("a record as a document", () => {
  it("has a key that starts with its partition", () => {
    expect(stored({ count: 1 })).toEqual({
      _id: `${one}/a`,
      p: one,
      id: "a",
      v: 1,
      b: { count: 1 },
    })
  })

  it("lacks index fields that are null, and has them again when it is read", () => {
    const body = { name: null, kind: "k", note: null }
    expect(stored(body)).toMatchObject({ b: { kind: "k", note: null }, n: ["name"] })
    expect(stored(body).b).not.toHaveProperty("name")
    expect(toRecord(stored(body))).toEqual({ id: "a", version: 1, body })
  })

  it.each([
    ["$set", "%24set"],
    ["a.b", "a%2eb"],
    ["", ""],
    ["50%", "50%25"],
    ["%24", "%2524"],
    ["nul\u0000", "nul%00"],
    ["_bsontype", "%5fbsontype"],
    ["_id", "_id"],
    ["naïve", "naïve"],
  ])("keeps the name %j as %j", (name, written) => {
    expect(fieldName(name)).toBe(written)
    const body = { list: [{ [name]: { [name]: 1 } }] }
    expect(Object.keys((writeBody(body)["list"] as ReadonlyArray<object>)[0] ?? {})).toEqual([
      written,
    ])
    expect(readBody(writeBody(body), [])).toEqual(body)
  })

  it("keeps a field called __proto__ a field", () => {
    const body = JSON.parse('{ "__proto__": { "polluted": true }, "a": 1 }')
    const read = readBody(writeBody(body), [])
    expect(JSON.stringify(read)).toBe('{"__proto__":{"polluted":true},"a":1}')
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })

  it("leaves out what JSON leaves out", () => {
    expect(writeBody({ a: undefined, b: [undefined, 1] })).toEqual({ b: [null, 1] })
  })

  it.each([
    [new Date()],
    [1n],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [new Map()],
    ["\ud800"],
    [() => 1],
  ])("takes nothing that is not JSON: %s", (value) => {
    expect(() => writeBody({ deep: [{ value }] })).toThrow(TypeError)
  })

  it("takes no id that MongoDB would change", () => {
    const record = { id: "\udc00", version: 1, body: {} }
    expect(() => toDocument(Goods, one, record, true)).toThrow(TypeError)
  })
})

describe("indexes", () => {
  it("of another definition have another name", () => {
    const nameOf = (shape: Parameters<typeof indexesOf>[0]) =>
      indexesOf(shape, true).find(({ declared }) => declared === "x")?.name
    const plain = { name: "c", indexes: { x: { kind: "plain", fields: ["a"] } } } as const
    const names = [
      plain,
      { name: "c", indexes: { x: { kind: "plain", fields: ["a", "b"] } } } as const,
      { name: "c", indexes: { x: { kind: "unique", fields: ["a"] } } } as const,
      { name: "c", indexes: { x: { kind: "due", fields: ["a"] } } } as const,
    ].map(nameOf)
    expect(new Set(names).size).toBe(4)
    expect(nameOf(plain)).toBe(names[0])
    expect(names[0]).toMatch(/^c\.x\.[0-9a-f]{8}$/)
  })

  it("are named by their declaration when they refuse a write", () => {
    const unique = indexesOf(Goods, true).find(({ declared }) => declared === "name")?.name ?? ""
    expect(declaredIndex(Goods, "_id_")).toBe("id")
    expect(declaredIndex(Goods, unique)).toBe("name")
    expect(declaredIndex({ ...Goods, name: "renamed" }, unique)).toBe("name")
    expect(declaredIndex(Goods, "made_by_hand")).toBe("name")
  })
})
