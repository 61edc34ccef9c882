import { inflated } from "./inflated.ts"
import type { Unpacked } from "./Unpacked.ts"

/** Fewer characters of base64, pairs of hex or numbers of a list hold no canary: none is that short. */
const LEAST = 6

const runsOf = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  [...text.matchAll(pattern)].map(([run]) => run)

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1")

/** Line breaks inside of base64, as mail has them, in JSON too. */
const WRAPPED = /(?<=[A-Za-z0-9+/]{60,76})(?:\r?\n|(?:\\r)?\\n)(?=[A-Za-z0-9+/])/gu

/**
 * The characters before what was encoded may be of the alphabet too, so each run is read from its first four places.
 * What was encoded in the middle of something longer is then read whole, at whichever of the three alignments it lies.
 */
const fromBase64 = (text: string): ReadonlyArray<Unpacked> => {
  const runs = runsOf(text.replace(WRAPPED, ""), /[A-Za-z0-9+/_-]{8,}/gu)
  return [0, 1, 2, 3].map((start) => ({
    path: ["base64"],
    begins: start === 0,
    parts: runs.map((run) => Buffer.from(run.slice(start), "base64")),
  }))
}

const fromHex = (text: string): ReadonlyArray<Unpacked> => {
  const runs = runsOf(text, /(?:[0-9a-fA-F][ :-]?){12,}/gu).map((run) => run.replace(/[ :-]/gu, ""))
  return [0, 1].map((start) => ({
    path: ["hex"],
    begins: start === 0,
    parts: runs.map((run) => Buffer.from(run.slice(start), "hex")),
  }))
}

/** Bytes as JSON or `inspect` writes them: `66, 117, 121, …`. */
const fromNumbers = (text: string): Unpacked => ({
  path: ["bytes"],
  parts: runsOf(text, /\d{1,3}(?:\s*,\s*\d{1,3}){5,}/gu).map((run) =>
    Buffer.from(run.split(",").map(Number)),
  ),
})

const fromUrl = (text: string): Unpacked => ({
  path: ["url"],
  parts: /[%+]/u.test(text)
    ? [
        latin1(
          text
            .replaceAll("+", " ")
            .replace(/%([0-9a-fA-F]{2})/gu, (_, hex: string) =>
              String.fromCharCode(Number.parseInt(hex, 16)),
            ),
        ),
      ]
    : [],
})

const SHORT_ESCAPES: { readonly [letter: string]: string } = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
}

const fromJson = (text: string): Unpacked => ({
  path: ["json"],
  parts: text.includes("\\")
    ? [
        latin1(
          text.replace(/((?:\\u[0-9a-fA-F]{4})+)|\\(.)/gu, (_, units?: string, letter = "") =>
            units === undefined
              ? (SHORT_ESCAPES[letter] ?? letter)
              : fromUnits(runsOf(units, /[0-9a-fA-F]{4}/gu)),
          ),
        ),
      ]
    : [],
})

/** UTF-16 units, in UTF-8. */
const fromUnits = (units: ReadonlyArray<string>): string =>
  Buffer.from(String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)))).toString(
    "latin1",
  )

const ENTITIES: { readonly [name: string]: string } = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
}

const fromXml = (text: string): Unpacked => ({
  path: ["xml"],
  parts: /&(?:#|amp|apos|gt|lt|quot)/u.test(text)
    ? [
        latin1(
          text.replace(
            /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|apos|gt|lt|quot));/gu,
            (all, hex?: string, decimal?: string, name = "") => {
              const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
              if (name !== "") return ENTITIES[name] ?? all
              return code <= 0x10ffff
                ? Buffer.from(String.fromCodePoint(code)).toString("latin1")
                : all
            },
          ),
        ),
      ]
    : [],
})

/** The text that a PDF sets piece by piece, with the distances between the pieces left out. */
const fromPdf = (text: string): Unpacked => ({
  path: ["pdf text"],
  parts: [...text.matchAll(/\[((?:<[0-9a-fA-F\s]*>|\((?:\\.|[^\\)])*\)|[-+.\d\s])*)\]\s*TJ/gu)].map(
    ([, pieces = ""]) =>
      Buffer.concat(
        [...pieces.matchAll(/<([0-9a-fA-F\s]*)>|\(((?:\\.|[^\\)])*)\)/gu)].map(
          ([, hex, literal]) =>
            hex === undefined
              ? latin1((literal ?? "").replace(/\\(.)/gu, "$1"))
              : Buffer.from(hex.replace(/\s/gu, ""), "hex"),
        ),
      ),
  ),
})

/** What comes out of a content by undoing one thing: base64, hex, escapes of URLs, JSON and XML, compression. */
export const unpack = (
  { path, parts, begins = true }: Unpacked,
  text: string,
): ReadonlyArray<Unpacked> =>
  [
    ...fromBase64(text),
    ...fromHex(text),
    fromNumbers(text),
    fromUrl(text),
    fromJson(text),
    fromXml(text),
    fromPdf(text),
    ...inflated(parts, begins, path.length === 0),
  ]
    .map((found) => ({ ...found, parts: found.parts.filter(({ length }) => length >= LEAST) }))
    .filter((found) => found.parts.length > 0)
