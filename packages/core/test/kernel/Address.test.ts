import { inspect } from "node:util"
import { Effect, Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { Address } from "../../src/kernel/index.ts"

const written = {
  company: "Buyer & Sons",
  line1: "7 Canary Wharf",
  line2: "Flat 9",
  line3: "Isle of Buyers",
  city: "Buyerton",
  region: "Buyershire",
  postcode: "QU1 9LL",
  country: "GB",
}
const personal = Object.values(written).filter((part) => part !== "GB")

const decode = Schema.decodeUnknownResult(Address, { errors: "all" })
const address = Result.getOrThrow(decode(written))

const expectClean = (text: string) => {
  for (const part of personal) expect(text).not.toContain(part)
}

describe("an address", () => {
  it("prints nothing of a buyer, in whatever way it is printed", async () => {
    expectClean(JSON.stringify(address))
    expectClean(String(address.line1))
    expectClean(`${inspect(address, { depth: 9, showHidden: true })}`)
    expect(JSON.stringify(address)).toContain("redacted")
    expect(address.country).toBe("GB")
  })

  it("refuses to be encoded, so that no record can hold it", () => {
    const encoded = Schema.encodeUnknownResult(Address)(address)
    expect(Result.isFailure(encoded)).toBe(true)
    if (Result.isFailure(encoded)) expectClean(String(encoded.failure))
  })

  it("needs a line, a city and a country, and nothing else", () => {
    const { line1, city, country } = written
    expect(Result.isSuccess(decode({ line1, city, country }))).toBe(true)
    for (const missing of ["line1", "city", "country"] as const) {
      const { [missing]: _, ...rest } = written
      expect(Result.isFailure(decode(rest))).toBe(true)
    }
  })

  it("is refused without telling what it held", async () => {
    const bad = { ...written, city: "", line1: "7 Canary Wharf".repeat(50), country: "gb" }
    const error = await Effect.runPromise(
      Effect.flip(Schema.decodeUnknownEffect(Address, { errors: "all" })(bad)),
    )
    for (const field of ["city", "line1", "country"]) expect(error.message).toContain(field)
    expectClean(`${error.message} ${JSON.stringify(error)} ${inspect(error, { depth: 9 })}`)
  })

  it.each(["gb", "GBR", "G", "", "G1", "ÄÖ"])("has no country %s", (country) => {
    expect(Result.isFailure(decode({ ...written, country }))).toBe(true)
  })

  it("holds 200 characters a line", () => {
    expect(Result.isSuccess(decode({ ...written, line1: "x".repeat(200) }))).toBe(true)
    expect(Result.isFailure(decode({ ...written, line1: "x".repeat(201) }))).toBe(true)
  })
})
