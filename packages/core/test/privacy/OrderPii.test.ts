import { Result, Schema, SchemaAST } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { PiiField, personalFieldOf } from "../../src/kernel/index.ts"
import { BlindIndex, BuyerData, OrderPii, OrderPiis, Sealed } from "../../src/privacy/index.ts"
import { anyWritten, BUYER, exposed, WRITTEN } from "./vaultWorld.ts"
import vectors from "./vectors.json" with { type: "json" }

const { pii } = vectors.record
const decode = Schema.decodeUnknownResult(OrderPii)
const isSealed = Schema.is(Sealed)

describe("the record of a buyer's sealed data", () => {
  it("is what another implementation writes", () => {
    const record = Result.getOrThrow(decode(pii))
    expect(Result.getOrThrow(OrderPiis.encode(record))).toEqual(pii)
  })

  it("holds no plaintext in the place of anything sealed", () => {
    for (const field of PiiField.literals) {
      for (const plain of ["Canary Buyer", "Q2FuYXJ5IEJ1eWVy", JSON.stringify(WRITTEN), ""]) {
        const fields = { ...pii.fields, [field]: plain }
        expect(Result.isFailure(decode({ ...pii, fields }))).toBe(true)
      }
    }
    for (const field of ["wrappedKey", "emailIndex", "phoneIndex", "key", "order", "connection"])
      expect(Result.isFailure(decode({ ...pii, [field]: "Canary Buyer" }))).toBe(true)
  })

  it("takes no text for something sealed", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.base64String()), (text) => {
        expect(isSealed(text)).toBe(false)
      }),
      { numRuns: 1000 },
    )
    const words = "the quick brown fox jumps over the lazy dog and under it and over it again"
    expect(isSealed(words)).toBe(false)
    expect(isSealed(words.replaceAll(" ", ""))).toBe(false)
  })

  it("takes 45 bytes and more that start with 0x01, written in the one canonical way", () => {
    const bytes = (length: number, first = 1) => Buffer.alloc(length, 0xa5).fill(first, 0, 1)
    for (const length of [45, 46, 47, 48, 1000])
      expect(isSealed(bytes(length).toString("base64"))).toBe(true)
    for (const length of [1, 43, 44]) expect(isSealed(bytes(length).toString("base64"))).toBe(false)
    for (const first of [0, 2, 3, 4, 0x41, 0xff])
      expect(isSealed(bytes(60, first).toString("base64"))).toBe(false)
    const text = bytes(46).toString("base64")
    for (const other of [` ${text}`, `${text} `, text.replace("=", ""), `${text.slice(0, -3)}R==`])
      expect(isSealed(other)).toBe(false)
  })

  it("has an order key of 77 bytes, and indexes of 32", () => {
    const of = (length: number) => Buffer.alloc(length, 1).toString("base64")
    for (const length of [45, 76, 78, 80])
      expect(Result.isFailure(decode({ ...pii, wrappedKey: of(length) }))).toBe(true)
    expect(Result.isSuccess(decode({ ...pii, wrappedKey: of(77) }))).toBe(true)
    for (const length of [31, 33]) expect(Schema.is(BlindIndex)(of(length))).toBe(false)
    expect(Schema.is(BlindIndex)(of(32))).toBe(true)
  })
})

/** The personal fields of a schema with the part that each is sealed into, and the leaves that carry no mark. */
const walk = (ast: SchemaAST.AST, path = ""): ReadonlyArray<readonly [string, string]> => {
  const mark = personalFieldOf(ast)
  if (mark !== undefined) return [[path, mark.sealedIn ?? mark.category]]
  return SchemaAST.isObjects(ast)
    ? ast.propertySignatures.flatMap(({ name, type }) => walk(type, `${path}.${String(name)}`))
    : [[path, "not personal"]]
}

describe("the buyer's personal data", () => {
  it("is marked field by field with the part that it is sealed into (R1)", () => {
    expect(walk(SchemaAST.toType(BuyerData.ast))).toEqual([
      [".name", "name"],
      ...["company", "line1", "line2", "line3", "city", "region", "postcode"].map((part) => [
        `.address.${part}`,
        "address",
      ]),
      [".address.country", "not personal"],
      [".email", "email"],
      [".phone", "phone"],
      ...Object.keys(WRITTEN.other).map((part) => [`.other.${part}`, "other"]),
    ])
  })

  it("stays marked where it is sealed, and in its indexes", () => {
    const marks = walk(SchemaAST.toType(OrderPii.ast)).filter(([, mark]) => mark !== "not personal")
    expect(marks).toEqual([
      ...["name", "address", "phone", "email", "other"].map((part) => [`.fields.${part}`, part]),
      [".emailIndex", "email"],
      [".phoneIndex", "phone"],
    ])
  })

  it("refuses to be encoded, part by part and whole", () => {
    fc.assert(
      fc.property(anyWritten, (written) => {
        const data = Schema.decodeUnknownSync(BuyerData)(written)
        expect(exposed(data)).toEqual(written)
        expect(Result.isFailure(Schema.encodeUnknownResult(BuyerData)(data))).toBe(true)
      }),
    )
    expect(JSON.stringify(BUYER)).not.toContain("anary")
  })

  it("is bounded: a field that is too long, empty, or unknown to the list is refused", () => {
    const strict = Schema.decodeUnknownResult(BuyerData, { onExcessProperty: "error" })
    const refused = (more: object) => Result.isFailure(strict({ ...WRITTEN, ...more }))
    expect(refused({})).toBe(false)
    expect(refused({ name: "" })).toBe(true)
    expect(refused({ name: "x".repeat(201) })).toBe(true)
    expect(refused({ email: "x".repeat(255) })).toBe(true)
    expect(refused({ phone: "1".repeat(65) })).toBe(true)
    expect(refused({ other: { giftMessage: "x".repeat(2001) } })).toBe(true)
    expect(refused({ other: { shoeSize: "9" } })).toBe(true)
    expect(refused({ birthDate: "1990-01-01" })).toBe(true)
  })
})
