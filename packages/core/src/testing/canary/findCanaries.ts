import type { Canary } from "./Canary.ts"
import { binary, folded, joinedDigits, type Needle, needlesOf, type View } from "./needlesOf.ts"
import type { Unpacked } from "./Unpacked.ts"
import { unpack } from "./unpack.ts"

/** Something to search: what it is called in findings, and what it holds. */
export interface Haystack {
  readonly place: string
  readonly content: string | Uint8Array
}

/** A canary was found. The value itself is not in a finding. */
export interface Finding {
  readonly place: string
  readonly canary: string
  /** How it stood there: `raw`, `case-folded`, `sha256`, or what had to be undone, outermost first: `base64 > gzip`. */
  readonly encoding: string
}

/** How many encodings may lie around each other. */
const DEPTH = 4

/**
 * Searches contents for values that must not be there: as they are, in other letter case, as base64 (at any of its
 * three alignments, URL-safe and wrapped too), hex, lists of bytes, Latin-1, UTF-16, escaped for URLs, JSON or XML, compressed
 * (gzip, deflate, brotli; the streams and texts of a PDF, the files of a ZIP), hashed without a key (MD5, SHA-1,
 * SHA-256, SHA-512, of the value and of its normal forms), phone numbers by their digits; and up to four of these
 * around each other (I2).
 *
 * What was sealed is found by its key only, so it is not found; nor is text that a PDF sets in an embedded font by the
 * numbers of its glyphs. For hashes with a key of the store see `blindIndexesOf`.
 *
 * @param canaries made by `canariesOf`, `blindIndexesOf` or `canary`
 * @param haystacks from `dumpStore`, `dumpPlaces`, a `canaryWatch`, `haystacksOf`, or plain bytes of a document
 * @returns each canary once for each place and encoding; none, where nothing was found
 */
export const findCanaries = (
  canaries: ReadonlyArray<Canary>,
  haystacks: ReadonlyArray<Haystack>,
): ReadonlyArray<Finding> => {
  const needles = canaries.flatMap(needlesOf)
  return haystacks.flatMap(({ place, content }) => {
    const found = new Map<string, Finding>()
    search(needles, { path: [], parts: [Buffer.from(content)] }, (name, encoding) => {
      found.set(`${name}/${encoding}`, { place, canary: name, encoding })
    })
    return [...found.values()]
  })
}

/**
 * Searches a content, and what comes out of it, the outer encodings before the inner: what was seen once was seen behind
 * as few of them as there are, so that none is given up as too deep that need not be.
 */
const search = (
  needles: ReadonlyArray<Needle>,
  content: Unpacked,
  tell: (canary: string, encoding: string) => void,
): void => {
  const seen = new Set<string>()
  const left: Array<Unpacked> = [content]
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const { path } = next
    const joined = join(next.parts)
    const bytes = binary(joined)
    if (seen.has(bytes)) continue
    seen.add(bytes)
    searchOne(needles, path, viewsOf(joined, bytes), tell)
    if (path.length === DEPTH) continue
    for (const inner of unpack(next, bytes)) left.push({ ...inner, path: [...path, ...inner.path] })
  }
}

const searchOne = (
  needles: ReadonlyArray<Needle>,
  path: ReadonlyArray<string>,
  views: ReturnType<typeof viewsOf>,
  tell: (canary: string, encoding: string) => void,
): void => {
  const plain = new Set<string>()
  for (const { canary, encoding, view, text } of needles) {
    // Where the value stands as it is, that its folded form does too says nothing more.
    if (plain.has(canary) || !views[view].includes(text)) continue
    if (encoding === undefined) plain.add(canary)
    tell(canary, [...path, ...(encoding === undefined ? [] : [encoding])].join(" > ") || "raw")
  }
}

const viewsOf = (joined: Buffer, bytes: string): { readonly [V in View]: string } => {
  const text = joined.toString("utf8")
  return { bytes, folded: folded(text), digits: joinedDigits(text) }
}

const join = (parts: ReadonlyArray<Buffer>): Buffer =>
  Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [LINE, part])))

const LINE = Buffer.from("\n")
