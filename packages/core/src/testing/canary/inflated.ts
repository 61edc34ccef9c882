import * as zlib from "node:zlib"
import type { Unpacked } from "./Unpacked.ts"

// The web's DecompressionStream takes no bytes behind a stream's end and gives nothing of a stream that was cut, and
// it would make the search asynchronous: hence node:zlib, in this folder only.

/** What is cut off still gives what is there; what swells is cut off itself. */
const OPTIONS = { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 1024 * 1024 }
const BROTLI = {
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
  maxOutputLength: OPTIONS.maxOutputLength,
}

/** Shorter bytes are not tried as bare deflate: a canary's stream is longer, an id in hex is not. */
const LEAST_BARE = 17

/**
 * What the parts of a content inflate to, where they do. Formats with a mark of their own are found anywhere. Bare
 * deflate and brotli have none: they are tried where they may begin.
 *
 * @param bare parts that begin where something may begin
 * @param whole whether this is the content itself, as it went over a wire, and not what came out of it
 */
export const inflated = (
  parts: ReadonlyArray<Buffer>,
  bare: boolean,
  whole: boolean,
): ReadonlyArray<Unpacked> => {
  const unmarked = bare ? parts.filter((part) => part.length >= LEAST_BARE && isBinary(part)) : []
  return [
    {
      path: ["gzip"],
      parts: parts.flatMap((part) => inflateAt(part, gzipStarts(part), zlib.inflateRawSync)),
    },
    {
      path: ["deflate"],
      parts: [
        ...parts.flatMap((part) => inflateAt(part, zlibStarts(part), zlib.inflateSync)),
        ...parts.flatMap((part) => inflateAt(part, zipStarts(part), zlib.inflateRawSync)),
        ...unmarked.flatMap((part) => inflateAt(part, [0], zlib.inflateRawSync)),
      ],
    },
    {
      path: ["brotli"],
      parts: whole
        ? unmarked.flatMap((part) => attempt(() => zlib.brotliDecompressSync(part, BROTLI)))
        : [],
    },
  ]
}

const inflateAt = (
  part: Buffer,
  starts: ReadonlyArray<number>,
  inflate: (bytes: Buffer, options: typeof OPTIONS) => Buffer,
): ReadonlyArray<Buffer> =>
  starts.flatMap((start) => attempt(() => inflate(part.subarray(start), OPTIONS)))

const attempt = (work: () => Buffer): ReadonlyArray<Buffer> => {
  try {
    return [work()]
  } catch {
    // It was not compressed: it only began like it.
    return []
  }
}

/**
 * Where the deflated bytes of a gzip begin: behind its magic, its one method, and the header that RFC 1952 gives it. Read
 * so, not by `gunzip`, which gives up everything when something else stands behind the end.
 */
const gzipStarts = (bytes: Buffer): ReadonlyArray<number> =>
  placesOf(bytes, [0x1f, 0x8b, 0x08]).flatMap((at) => {
    const flags = bytes[at + 3]
    if (flags === undefined) return []
    let start = at + 10
    if (flags & EXTRA) start += 2 + (start + 2 <= bytes.length ? bytes.readUInt16LE(start) : 0)
    for (const text of [NAMED, COMMENTED])
      if (flags & text) start = bytes.indexOf(0, Math.min(start, bytes.length)) + 1 || bytes.length
    return [start + (flags & HEADER_SUM ? 2 : 0)]
  })

const HEADER_SUM = 2
const EXTRA = 4
const NAMED = 8
const COMMENTED = 16

/** The headers of zlib with a window of 32 KiB, one for each level. */
const zlibStarts = (bytes: Buffer): ReadonlyArray<number> =>
  [0x01, 0x5e, 0x9c, 0xda].flatMap((level) => placesOf(bytes, [0x78, level]))

/** Where the deflated files of a ZIP begin, as in a spreadsheet: behind a header of 30 bytes and two names. */
const zipStarts = (bytes: Buffer): ReadonlyArray<number> =>
  placesOf(bytes, [0x50, 0x4b, 0x03, 0x04]).flatMap((at) =>
    at + 30 <= bytes.length && bytes.readUInt16LE(at + 8) === 8
      ? [at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)]
      : [],
  )

const placesOf = (bytes: Buffer, magic: ReadonlyArray<number>): ReadonlyArray<number> => {
  const wanted = Buffer.from(magic)
  const places: Array<number> = []
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) places.push(at)
  return places
}

/** Whether bytes are no text: compressed ones have control characters at once, and text has none. */
const isBinary = (bytes: Buffer): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\x0e-\x1a\x7f-\xff]/u.test(bytes.subarray(0, 64).toString("latin1"))
