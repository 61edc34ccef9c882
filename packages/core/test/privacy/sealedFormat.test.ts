import { createSecretKey } from "node:crypto"
import { describe, expect, it } from "vitest"
import {
  boundTo,
  keyedHash,
  open,
  placeOf,
  type SealingKey,
  seal,
  takeKey,
  uuidBytes,
} from "../../src/privacy/sealedFormat.ts"
import vectors from "./vectors.json" with { type: "json" }

const keyOf = (hex: string) => createSecretKey(Buffer.from(hex, "hex"))

const sealingKey = (vector: (typeof vectors.sealed)[number]): SealingKey => ({
  key: keyOf(vector.key),
  id: uuidBytes(vector.keyId),
  order: boundTo(vector.partition, vector.order),
})

describe("the sealed format, against another implementation's answers", () => {
  it.each(vectors.sealed)("seals $name to the same bytes", (vector) => {
    const sealed = seal(
      sealingKey(vector),
      Buffer.from(vector.iv, "hex"),
      placeOf(vector.field, vector.version),
      Buffer.from(vector.plain, "base64"),
    )
    expect(sealed.toString("base64")).toBe(vector.sealed)
  })

  it.each(vectors.sealed)("opens $name", (vector) => {
    const sealed = Buffer.from(vector.sealed, "base64")
    const plain = open(sealingKey(vector), placeOf(vector.field, vector.version), sealed)
    expect(plain?.toString("base64")).toBe(vector.plain)
  })

  it.each(vectors.indexes)("hashes $field $value to the same index", ({ key, ...vector }) => {
    expect(keyedHash(keyOf(key), vector.field, vector.value)).toBe(vector.index)
  })

  it("adds 45 bytes, and starts with 0x01, the key's id and the initialisation vector", () => {
    for (const { plain, sealed, keyId, iv } of vectors.sealed) {
      const bytes = Buffer.from(sealed, "base64")
      expect(bytes.length).toBe(Buffer.from(plain, "base64").length + 45)
      expect(bytes.subarray(0, 29).toString("hex")).toBe(`01${keyId.replaceAll("-", "")}${iv}`)
    }
  })
})

describe("the sealed format", () => {
  const key = {
    key: keyOf("ab".repeat(32)),
    id: uuidBytes("01890a5d-ac96-774b-8cce-b302099a8101"),
    order: boundTo("p", "o"),
  }
  const name = placeOf("name")
  const iv = Buffer.alloc(12, 7)

  it("takes a text and its bytes in UTF-8 for the same", () => {
    const text = "Für 雅子 🎁"
    expect(seal(key, iv, name, text)).toEqual(seal(key, iv, name, Buffer.from(text, "utf8")))
  })

  it("does not take a tag of four bytes for a whole one", () => {
    const whole = seal(key, iv, name, "Canary")
    expect(open(key, name, whole)).toBeDefined()
    expect(open(key, name, whole.subarray(0, whole.length - 12))).toBeUndefined()
  })

  it("splits no two places into the same text", () => {
    const at = (partition: string, order: string) => ({ ...key, order: boundTo(partition, order) })
    const sealed = seal(at("ab", "c"), iv, name, "Canary")
    expect(open(at("a", "bc"), name, sealed)).toBeUndefined()
    expect(open(at("ab", "cn"), placeOf("ame"), sealed)).toBeUndefined()
    expect(open(at("ab", "c"), name, sealed)).toBeDefined()
  })

  it("overwrites the bytes that a key was made from", () => {
    const bytes = Buffer.alloc(32, 9)
    const taken = takeKey(bytes)
    expect(bytes.every((byte) => byte === 0)).toBe(true)
    expect(taken.export().every((byte) => byte === 9)).toBe(true)
  })
})
