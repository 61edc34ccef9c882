import * as Effect from "effect/Effect"
import {
  add,
  insert,
  MAX_ENTRIES,
  MAX_ID_LENGTH,
  MAX_RECORD_BYTES,
  remove,
  replace,
} from "../../store/index.ts"
import { expectRefused, expectSame } from "../expectations.ts"
import { nthId, Parts, part } from "./contractCollections.ts"
import { commit, readPart, scanParts, storeClause } from "./storeClause.ts"

/** What the store takes at most: exactly that much is taken, one more is TooLarge. */
export const limitClauses = [
  storeClause(
    "a batch of 2,500 entries is written whole, one of 2,501 not at all",
    "commit: limits",
    Effect.gen(function* () {
      const inserts = Array.from({ length: MAX_ENTRIES + 1 }, (_, i) =>
        insert(Parts, part(nthId(i), { stock: 1, code: nthId(i) })),
      )
      const refused = yield* expectRefused("one too many", "TooLarge", commit(...inserts))
      expectSame("refusal", [refused.what, refused.size, refused.limit], ["batch", 2501, 2500])
      expectSame("records", (yield* scanParts()).length, 0)
      yield* commit(...inserts.slice(0, MAX_ENTRIES))
      const written = yield* scanParts()
      expectSame("records", written.length, MAX_ENTRIES)
      const changes = written.map((stored, i) => {
        if (i % 3 === 0) return add(Parts, stored.id, { stock: -1 }, { stock: 0 })
        return i % 3 === 1 ? replace(stored, part(stored.id, { stock: 5 })) : remove(stored)
      })
      yield* commit(...changes)
      const left = yield* scanParts()
      expectSame("records left", left.length, MAX_ENTRIES - Math.floor(MAX_ENTRIES / 3))
      const sum = left.reduce((total, { value }) => total + value.stock, 0)
      expectSame("stock", sum, 5 * Math.ceil((MAX_ENTRIES - 1) / 3))
    }),
  ),

  storeClause(
    "a large batch that fails at its end leaves nothing behind",
    "commit: limits, all or nothing",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a", { stock: 1 })))
      const inserts = Array.from({ length: MAX_ENTRIES - 1 }, (_, i) =>
        insert(Parts, part(nthId(i))),
      )
      const short = add(Parts, "a", { stock: -2 }, { stock: 0 })
      yield* expectRefused("the last entry", "Insufficient", commit(...inserts, short))
      expectSame("records", (yield* scanParts()).length, 1)
    }),
  ),

  storeClause(
    "adds to one record count as one entry, however many they are",
    "commit: limits",
    Effect.gen(function* () {
      yield* commit(insert(Parts, part("a")))
      const adds = Array.from({ length: MAX_ENTRIES * 2 }, () => add(Parts, "a", { stock: 1 }))
      yield* commit(...adds)
      expectSame("stock", (yield* readPart("a")).value.stock, MAX_ENTRIES * 2)
    }),
  ),

  storeClause(
    "a record of 1 MiB is written, one of a byte more is not",
    "commit: limits",
    Effect.gen(function* () {
      const bytesOf = (note: string) =>
        new TextEncoder().encode(JSON.stringify(part("a", { note }))).length
      const empty = bytesOf("")
      // Letters of one byte and of two: bytes count, not characters.
      const fits = "é".repeat(1000) + "x".repeat(MAX_RECORD_BYTES - empty - 2000)
      expectSame("size", bytesOf(fits), MAX_RECORD_BYTES)
      const over = commit(insert(Parts, part("b")), insert(Parts, part("a", { note: `${fits}x` })))
      const refused = yield* expectRefused("a byte too many", "TooLarge", over)
      expectSame("refusal", [refused.what, refused.limit], ["record", MAX_RECORD_BYTES])
      expectSame("records", (yield* scanParts()).length, 0)
      yield* commit(insert(Parts, part("a", { note: fits })))
      const read = yield* readPart("a")
      expectSame("length", read.value.note.length, fits.length)
      const grown = commit(replace(read, part("a", { note: `${fits}é` })))
      yield* expectRefused("a replacement too large", "TooLarge", grown)
    }),
  ),

  storeClause(
    "an id of 512 characters is written, one of 513 or of none is not",
    "commit: limits",
    Effect.gen(function* () {
      const longest = "x".repeat(MAX_ID_LENGTH)
      const over = commit(insert(Parts, part(`${longest}x`)))
      const refused = yield* expectRefused("a character too many", "TooLarge", over)
      expectSame("refusal", [refused.what, refused.size, refused.limit], ["id", 513, 512])
      yield* expectRefused("no id", "TooLarge", commit(insert(Parts, part(""))))
      yield* commit(insert(Parts, part(longest)), insert(Parts, part("é".repeat(MAX_ID_LENGTH))))
      expectSame("get", (yield* readPart(longest)).id, longest)
      expectSame("records", (yield* scanParts()).length, 2)
    }),
  ),
]
