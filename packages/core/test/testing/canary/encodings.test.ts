import { createHash } from "node:crypto"
import * as zlib from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { canary, findCanaries } from "../../../src/testing/index.ts"

const NAME = "Buyër-4711 marked"
const PHONE = "marked +44 7700 900123"
const canaries = [canary("name", NAME), canary("phone", PHONE)]

const encodingsIn = (content: string | Uint8Array) =>
  findCanaries(canaries, [{ place: "here", content }]).map(({ encoding }) => encoding)

const hashOf = (algorithm: string, text: string) => createHash(algorithm).update(text)
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64")
const json = (text: string) => JSON.stringify({ text })
const ascii = (text: string) =>
  text.replace(/[^ -~]/gu, (letter) =>
    [...Array(letter.length)]
      .map((_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  )

/** A PDF's page as writers make it: a deflated stream in which text is set piece by piece. */
const pdf = (text: string) => {
  const pieces = [...text].map((letter) => `<${Buffer.from(letter, "latin1").toString("hex")}> -20`)
  const stream = zlib.deflateSync(`BT /F1 12 Tf [${pieces.join(" ")}] TJ ET`)
  return Buffer.concat([
    Buffer.from("%PDF-1.3\n5 0 obj << /Filter /FlateDecode >>\nstream\n"),
    stream,
    Buffer.from("\nendstream\nendobj"),
  ])
}

/** One deflated file in a ZIP. */
const zip = (text: string) => {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(8, 8)
  header.writeUInt16LE(5, 26)
  return Buffer.concat([header, Buffer.from("a.xml"), zlib.deflateRawSync(text)])
}

/** A gzip as `gzip` itself writes it: with the name of the file. */
const named = (gzip: Buffer) =>
  Buffer.concat([
    gzip.subarray(0, 3),
    Buffer.from([8]),
    gzip.subarray(4, 10),
    Buffer.from("buyers.csv\0"),
    gzip.subarray(10),
  ])

const around = (text: string) => `{"id":1,"what":"${text}","more":[]}`

/** What a leak may look like, and what it is found as. */
const LEAKS: ReadonlyArray<readonly [string, string | Uint8Array, string]> = [
  ["as it is", around(NAME), "raw"],
  ["in capitals", around(NAME.toUpperCase()), "case-folded"],
  ["in letters of compatibility", around(NAME.normalize("NFD")), "case-folded"],
  ["in UTF-16", Buffer.from(`x${NAME}`, "utf16le"), "utf-16"],
  ["in UTF-16 the other way round", Buffer.from(NAME, "utf16le").swap16(), "utf-16"],
  ["as base64", around(base64(NAME)), "base64"],
  ["as base64 behind one byte", around(base64(`.${NAME}.`)), "base64"],
  ["as base64 behind two bytes", around(base64(`..${NAME}.`)), "base64"],
  ["as base64 behind letters", `key_${base64(NAME)}`, "base64"],
  ["as base64 behind letters more", `keys_${base64(NAME)}`, "base64"],
  ["as URL-safe base64", around(Buffer.from(`>>>???${NAME}`).toString("base64url")), "base64"],
  [
    "as base64 in lines",
    base64(`${"-".repeat(50)}${NAME}${"-".repeat(50)}`).replace(/(.{76})/gu, "$1\r\n"),
    "base64",
  ],
  ["as hex", around(Buffer.from(NAME).toString("hex")), "hex"],
  ["as hex in capitals", around(Buffer.from(NAME).toString("hex").toUpperCase()), "hex"],
  ["as hex behind a digit", `f${Buffer.from(NAME).toString("hex")}`, "hex"],
  ["as a printed buffer", around(Buffer.from(NAME).toString("hex").replace(/../gu, "$& ")), "hex"],
  ["as a list of bytes", JSON.stringify(Buffer.from(NAME)), "bytes"],
  ["escaped for a URL", `https://x.example/?q=${encodeURIComponent(NAME)}`, "url"],
  ["in a form", `a=1&${new URLSearchParams({ q: NAME })}`, "url"],
  ["escaped in JSON", around(ascii(NAME)), "json"],
  ["in JSON in JSON", json(ascii(NAME)), "json > json"],
  ["escaped in XML", `<n>${NAME.replace("ë", "&#235;")}</n>`, "xml"],
  ["escaped in XML by hex", `<n>${NAME.replace("ë", "&#xEB;")}</n>`, "xml"],
  ["as gzip", zlib.gzipSync(around(NAME)), "gzip"],
  ["as gzip before other things", Buffer.concat([zlib.gzipSync(NAME), Buffer.from('""')]), "gzip"],
  ["as gzip with a file's name", named(zlib.gzipSync(NAME)), "gzip"],
  ["as gzip that was cut", zlib.gzipSync(around(NAME)).subarray(0, -9), "gzip"],
  ["as gzip behind a head", Buffer.concat([Buffer.from("v1"), zlib.gzipSync(NAME)]), "gzip"],
  ["as zlib", zlib.deflateSync(NAME), "deflate"],
  ["as bare deflate", zlib.deflateRawSync(around(NAME).repeat(3)), "deflate"],
  ["as brotli", zlib.brotliCompressSync(around(NAME).repeat(3)), "brotli"],
  ["in a ZIP", zip(NAME), "deflate"],
  ["in a PDF", pdf(NAME), "deflate > pdf text > latin-1"],
  ["as gzip as base64", around(base64(zlib.gzipSync(NAME))), "base64 > gzip"],
  ["as zlib as base64", around(base64(zlib.deflateSync(NAME))), "base64 > deflate"],
  ["as bare deflate as base64", around(base64(zlib.deflateRawSync(NAME))), "base64 > deflate"],
  ["as base64 twice", around(base64(around(base64(NAME)))), "base64 > base64"],
  ["as MD5", around(hashOf("md5", NAME).digest("hex")), "hex > md5"],
  ["as SHA-1 in base64", around(hashOf("sha1", NAME).digest("base64")), "base64 > sha1"],
  ["as SHA-256", hashOf("sha256", NAME).digest(), "sha256"],
  ["as SHA-512", around(hashOf("sha512", NAME).digest("hex")), "hex > sha512"],
  [
    "as SHA-256 of its normal form",
    around(hashOf("sha256", NAME.toLowerCase()).digest("base64url")),
    "base64 > sha256",
  ],
  ["as a number written otherwise", around("07700 900123 / (0)44-7700-900123"), "digits"],
  [
    "as SHA-256 of a number",
    around(hashOf("sha256", "+447700900123").digest("hex")),
    "hex > sha256",
  ],
]

describe("a marked value", () => {
  it.each(LEAKS)("is found %s", (_, content, encoding) => {
    const found = encodingsIn(content)
    expect(found.length === 0 ? ["nothing"] : found).toContain(encoding)
  })

  it("is found behind as many encodings as are undone, whatever else the bytes look like", () => {
    const inJson = (bytes: Buffer) =>
      Buffer.from(JSON.stringify(bytes.toString("latin1")), "latin1")
    expect(encodingsIn(inJson(inJson(zlib.gzipSync(NAME))))).toContain("json > json > gzip")
    expect(encodingsIn(inJson(inJson(inJson(zlib.gzipSync(NAME)))))).toContain(
      "json > json > json > gzip",
    )
  })

  it("is found in any bytes around it, under any three encodings", () => {
    const layers: ReadonlyArray<(bytes: Buffer) => Buffer> = [
      (bytes) => Buffer.from(bytes.toString("base64")),
      (bytes) => Buffer.from(bytes.toString("base64url")),
      (bytes) => Buffer.from(bytes.toString("hex")),
      (bytes) => Buffer.from(JSON.stringify(bytes.toString("latin1")), "latin1"),
      zlib.gzipSync,
      zlib.deflateSync,
    ]
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.constantFrom(...layers), { maxLength: 3 }),
        (before, after, chosen) => {
          const plain = Buffer.concat([before, Buffer.from(NAME), after])
          const content = chosen.reduce<Buffer>((bytes, encode) => encode(bytes), plain)
          expect(encodingsIn(content)).not.toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each([
    ["another one", around("Buyër-4712 marked")],
    ["a part of it", around("Buyer-4711")],
    ["another one as base64", base64(around("Buyër-4712 marked"))],
    ["another one's hash", around(hashOf("sha256", "Buyër-4712 marked").digest("hex"))],
    ["a hash that was cut", around(hashOf("sha256", NAME).digest("hex").slice(0, 40))],
    ["its hash with a key", around(hashOf("sha256", `key${NAME}`).digest("hex"))],
    ["another one as gzip", zlib.gzipSync("Buyër-4712 marked")],
    ["another number", "+44 7700 900124"],
    ["a wrong gzip", Buffer.from([0x1f, 0x8b, 0x08, 1, 2, 3, 4, 5, 6, 7, 8])],
    ["nothing", ""],
  ])("is not found in %s", (_, content) => {
    expect(encodingsIn(content)).toEqual([])
  })

  it("is not found in noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (noise) => {
        expect(encodingsIn(noise)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it("is told of once for each place and encoding, without the value", () => {
    const content = `${NAME}, ${NAME} and ${base64(NAME)}`
    const places = ["a", "b"].map((place) => ({ place, content }))
    expect(findCanaries(canaries, places)).toEqual(
      ["a", "b"].flatMap((place) => [
        { place, canary: "name", encoding: "raw" },
        { place, canary: "name", encoding: "base64" },
      ]),
    )
  })

  it("has at least six bytes, so that none is found by chance", () => {
    expect(() => canary("postcode", "N1 9G")).toThrow("postcode")
    expect(canary("postcode", "N1 9GU").name).toBe("postcode")
  })

  it("may be bytes: a key is found as hex and as base64", () => {
    const key = createHash("sha256").update("a key").digest()
    const found = findCanaries(
      [canary("order key", key)],
      [
        { place: "log", content: `key=${key.toString("hex")}` },
        { place: "record", content: around(key.toString("base64")) },
        { place: "error", content: `<Buffer ${key.toString("hex").replace(/../gu, "$& ")}>` },
      ],
    )
    expect(found.map(({ place }) => place)).toEqual(["log", "record", "error"])
  })
})
