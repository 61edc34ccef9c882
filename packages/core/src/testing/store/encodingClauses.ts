import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { insert, replace, Store } from "../../store/index.ts"
import { Breach, expectSame } from "../expectations.ts"
import { type Paper, Papers, paper } from "./contractCollections.ts"
import { commit, storeClause } from "./storeClause.ts"

const papers: ReadonlyArray<readonly [what: string, Paper]> = [
  ["amounts beyond safe integers", paper("a", { total: 2n ** 70n })],
  ["negative amounts", paper("a", { total: -12_345_678_901_234_567_890n })],
  ["whole numbers at the ends of the safe range", paper("a", { figure: Number.MAX_SAFE_INTEGER })],
  ["negative numbers", paper("a", { figure: Number.MIN_SAFE_INTEGER, open: -1 })],
  ["true and false", paper("a", { flag: true, open: [true, false] })],
  [
    "text of any script",
    paper("a", { text: "Żółć, 東京, 😀, e\u0301 and é", tags: ["ﬀ", "\u202E"] }),
  ],
  [
    "control characters and quotes",
    paper("a", { text: "\u0000\n\t\"'\\\u2028", tags: ["\u0000"] }),
  ],
  ["empty text and text of spaces", paper("a", { text: "", tags: ["", " ", "  "] })],
  ["text that looks like something else", paper("a", { text: "null", tags: ["1", "true", "{}"] })],
  ["empty lists", paper("a", { tags: [], lines: [], open: { list: [], nested: [[]] } })],
  ["lists in their order, with repeats", paper("a", { tags: ["b", "a", "b", "a"] })],
  ["nested records", paper("a", { lines: [{ units: 1, mark: "m" }, { units: 2 }, { units: 3 }] })],
  ["fields that are absent", paper("a", { open: {} })],
  ["fields that are present", paper("a", { maybe: "here", nothing: "something" })],
  ["nulls", paper("a", { nothing: null, open: { nothing: null, list: [null] } })],
  ["names with dots and dollars", paper("a", { open: { "a.b": 1, $c: 2, "d/e": { "f.": 3 } } })],
  ["fields with names that an engine may use itself", paper("a", { p: "p", v: 77 })],
  [
    "names that are numbers",
    paper("a", { open: { 10: "ten", 9: "nine", id: "x", _id: "y", v: 1, p: 2 } }),
  ],
]

/** What is written down comes back as it was. */
export const encodingClauses = [
  ...papers.map(([what, written]) =>
    storeClause(
      `a record keeps ${what}`,
      "commit and get: encoding",
      Effect.gen(function* () {
        const store = yield* Store
        const read = Effect.flatMap(store.get(Papers, "a"), (found) =>
          Option.isSome(found)
            ? Effect.succeed(found.value)
            : Effect.fail(new Breach({ what: "get", expected: "a record", seen: "none" })),
        )
        yield* commit(insert(Papers, written))
        expectExactly(yield* read, written)
        yield* commit(replace(yield* read, paper("a", { text: "between" })))
        yield* commit(replace(yield* read, written))
        expectExactly(yield* read, written)
        const [found] = (yield* store.find(Papers, "text", { equals: { text: written.text } }))
          .items
        expectSame("find", found?.value, written)
      }),
    ),
  ),
]

/** Also absent fields must come back absent, not as undefined or null. */
const expectExactly = ({ value }: { readonly value: Paper }, written: Paper): void => {
  expectSame("value", value, written)
  expectSame("fields", Object.keys(value).sort(), Object.keys(written).sort())
  for (const [i, line] of written.lines.entries())
    expectSame(
      `fields of line ${i}`,
      Object.keys(value.lines[i] ?? {}).sort(),
      Object.keys(line).sort(),
    )
}
