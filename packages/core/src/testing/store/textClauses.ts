import * as Effect from "effect/Effect"
import { add, type Cursor, insert, type Range, replace, Store } from "../../store/index.ts"
import { Breach, expectDefect, expectSame } from "../expectations.ts"
import { type Paper, Papers, Parts, paper, part } from "./contractCollections.ts"
import {
  commit,
  everythingSeen,
  readPart,
  scanParts,
  storeClause,
  writeParts,
} from "./storeClause.ts"

/** Characters below the surrogates, above them, and beyond U+FFFF: alone, and behind a letter. */
const texts = ["", " ", "0", "A", "a", "é", "東", "\uD7FF", "\uE000", "\uFFFD", "😀", "\u{10FFFF}"]
  .flatMap((text) => [text, `a${text}`, `${text}b`])
  .filter((text, place, all) => all.indexOf(text) === place)

/** Half of a character. Not a literal: a bundler that reads it beside a whole one takes fright. */
const HALF = String.fromCharCode(0xd83d)

/** In what order text is kept, and what is no text. */
export const textClauses = [
  storeClause(
    "strings are ordered by character, and where an engine may choose, alike in all that it does",
    "find and scan: order of strings",
    Effect.gen(function* () {
      // Ids as well as values.
      yield* writeParts(texts.map((text) => part(`:${text}`, { bay: text })))
      const scanned = (yield* scanParts()).map(({ id }) => id.slice(1))
      const order = orders.find(({ sorted }) => sorted.join() === scanned.join())
      if (order === undefined)
        throw new Breach({
          what: "ids in a scan",
          expected: `the order of code units, or of code points: ${orders[0]?.sorted}`,
          seen: String(scanned),
        })
      for (const limit of [1, 7, 100])
        for (const direction of ["ascending", "descending"] as const) {
          const seen = yield* baysBy({ order: direction, limit })
          const expected = direction === "ascending" ? order.sorted : order.sorted.toReversed()
          expectSame(`${direction} by ${limit}`, seen, expected)
        }
      for (const [place, text] of order.sorted.entries()) {
        const above = order.sorted.slice(place + 1)
        const upTo = order.sorted.slice(0, place + 1)
        expectSame(`gt ${text}`, yield* baysBy({ range: { gt: text }, limit: 5 }), above)
        const lte = yield* baysBy({ range: { lte: text }, order: "descending", limit: 5 })
        expectSame(`lte ${text}`, lte, upTo.toReversed())
      }
    }),
  ),

  storeClause(
    "text that is not well-formed Unicode is refused whole, wherever it stands",
    "commit: text",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a")), insert(Parts, part("\uFFFD")))
      const before = yield* everythingSeen
      const stored = yield* readPart("a")
      const refusals = [
        ["id", insert(Parts, part("b\uD83D"))],
        ["id", add(Parts, "\uDE00", { stock: 1 })],
        ["note", insert(Parts, part("b", { note: `${HALF}😀` }))],
        ["bay", replace(stored, part("a", { bay: "\uDE00" }))],
        ...papers.map(([path, wrong]) => [path, insert(Papers, paper("b", wrong))] as const),
      ] as const
      for (const [path, entry] of refusals) {
        yield* expectDefect(`at ${path}`, commit(insert(Parts, part("c")), entry))
      }
      expectSame("the store", yield* everythingSeen, before)
      // A backslash before the letters of an escape is text like any other.
      yield* commit(insert(Parts, part("b", { note: "\\ud83d \\\\ud800 😀" })))
      expectSame("well-formed", (yield* readPart("b")).value.note, "\\ud83d \\\\ud800 😀")
    }),
  ),
]

const papers: ReadonlyArray<readonly [path: string, Partial<Paper>]> = [
  ["text", { text: "x\uDBFF" }],
  ["tags[1]", { tags: ["fine", "\uDC00"] }],
  ["lines[0].mark", { lines: [{ units: 1, mark: "\uD800" }] }],
  ["open.list[0].deep", { open: { list: [{ deep: "\uD800x" }] } }],
  ["open.\uFFFD", { open: { "\uD800": 1 } }],
]

const codePoints = (text: string): ReadonlyArray<number> =>
  Array.from(text, (character) => character.codePointAt(0) ?? 0)

const byCodePoint = (a: string, b: string): number => {
  const [left, right] = [codePoints(a), codePoints(b)]
  const place = left.findIndex((code, at) => code !== right[at])
  return place < 0 ? left.length - right.length : (left[place] ?? 0) - (right[place] ?? -1)
}

/** The two orders that an engine may have. */
const orders = [
  { sorted: texts.toSorted((a, b) => (a < b ? -1 : 1)) },
  { sorted: texts.toSorted(byCodePoint) },
]

/** The bays of all pages, one after another. */
const baysBy = (asked: {
  readonly range?: Range
  readonly order?: "ascending" | "descending"
  readonly limit: number
}) =>
  Effect.gen(function* () {
    const store = yield* Store
    const bays: Array<string | undefined> = []
    let after: Cursor | undefined
    do {
      const page = yield* store.find(Parts, "bay", { ...asked, after })
      bays.push(...page.items.map(({ value }) => value.bay))
      after = page.next
      if (bays.length > 1000) throw new Breach({ what: "pages", expected: "an end", seen: "none" })
    } while (after !== undefined)
    return bays
  })
