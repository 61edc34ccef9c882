import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { insert, openSweeper, remove, replace, Store, Sweeper } from "../../store/index.ts"
import { expectSame } from "../expectations.ts"
import { nthId, Parts, part } from "./contractCollections.ts"
import {
  commit,
  dueParts,
  freshPartition,
  inPartition,
  readPart,
  storeClause,
  writeParts,
} from "./storeClause.ts"

/** What sweepers are told. Records of other partitions may lie in the store: each clause looks at its own only. */
export const dueClauses = [
  storeClause(
    "what is due at an instant or before is told, what is due later is not",
    "due: until",
    Effect.gen(function* () {
      const own = yield* freshPartition
      yield* inPartition(own)(
        writeParts([9, 10, 11, 1000].map((dueAt) => part(String(dueAt), { dueAt }))),
      )
      const idsUntil = (until: number) =>
        Effect.map(dueParts(until, [own]), (found) => found.map(({ id }) => id))
      expectSame("until 8", yield* idsUntil(8), [])
      expectSame("until 10", yield* idsUntil(10), ["9", "10"])
      expectSame("until 11", yield* idsUntil(11), ["9", "10", "11"])
    }),
  ),

  storeClause(
    "what is due comes from every partition, by instant, partition and id, with nothing else of the record",
    "due: order",
    Effect.gen(function* () {
      const partitions = [yield* freshPartition, yield* freshPartition, yield* freshPartition]
      const rows = [
        ["b", 5],
        ["a", 5],
        ["c", 4],
        ["d", 6],
      ] as const
      // Written last partition first, so that neither the order of writing nor of ids helps.
      for (const own of partitions.toReversed())
        yield* inPartition(own)(writeParts(rows.map(([id, dueAt]) => part(id, { dueAt }))))
      const expected = [4, 5, 6].flatMap((at) =>
        partitions.toSorted().flatMap((partition) =>
          rows
            .filter(([, dueAt]) => dueAt === at)
            .map(([id]) => ({ at, id, partition }))
            .sort((x, y) => (x.id < y.id ? -1 : 1)),
        ),
      )
      expectSame("due", yield* dueParts(6, partitions), expected)
    }),
  ),

  storeClause(
    "a record without the field is never due",
    "due: sparse",
    Effect.gen(function* () {
      const own = yield* freshPartition
      yield* inPartition(own)(writeParts([part("a"), part("b", { dueAt: 0 })]))
      const due = yield* dueParts(Number.MAX_SAFE_INTEGER, [own])
      expectSame("due", due, [{ partition: own, id: "b", at: 0 }])
    }),
  ),

  storeClause(
    "a record is due when its present value says, and no longer when it is gone",
    "due: indexes follow writes",
    Effect.gen(function* () {
      const own = yield* freshPartition
      const inside = inPartition(own)
      yield* inside(writeParts(["a", "b", "c", "d"].map((id) => part(id, { dueAt: 5 }))))
      yield* inside(
        Effect.gen(function* () {
          yield* commit(replace(yield* readPart("a"), part("a", { dueAt: 9 })))
          yield* commit(replace(yield* readPart("b"), part("b")))
          yield* commit(remove(yield* readPart("c")))
          yield* commit(insert(Parts, part("e", { dueAt: 3 })))
        }),
      )
      const seen = (until: number) =>
        Effect.map(dueParts(until, [own]), (found) => found.map(({ id, at }) => [id, at]))
      expectSame("until 5", yield* seen(5), [
        ["e", 3],
        ["d", 5],
      ])
      expectSame("until 9", yield* seen(9), [
        ["e", 3],
        ["d", 5],
        ["a", 9],
      ])
    }),
  ),

  storeClause(
    "more than a thousand due records stream past, each once and in order",
    "due: pages",
    Effect.gen(function* () {
      const [one, two] = [yield* freshPartition, yield* freshPartition]
      // Few instants, so that the borders of pages fall between records of one instant.
      const rows = Array.from({ length: 1300 }, (_, i) => part(nthId(i), { dueAt: 100 + (i % 3) }))
      yield* inPartition(one)(writeParts(rows))
      yield* inPartition(two)(writeParts(rows))
      const expected = [100, 101, 102].flatMap((at) =>
        [one, two]
          .toSorted()
          .flatMap((partition) =>
            rows.filter(({ dueAt }) => dueAt === at).map(({ id }) => ({ at, id, partition })),
          ),
      )
      const due = yield* dueParts(102, [one, two])
      expectSame("number", due.length, 2600)
      expectSame("due", due, expected)
    }),
  ),

  storeClause(
    "a sweep that handles what it is told reaches the end",
    "due: pages under writes",
    Effect.gen(function* () {
      const own = yield* freshPartition
      const store = yield* Store
      yield* inPartition(own)(
        writeParts(Array.from({ length: 1200 }, (_, i) => part(nthId(i), { dueAt: i }))),
      )
      const handled: Array<string> = []
      yield* store.due(Parts, "dueAt", 5000).pipe(
        Stream.take(1_000_000),
        Stream.filter(({ partition }) => partition === own),
        Stream.runForEach(({ id }) =>
          Effect.gen(function* () {
            handled.push(id)
            if (handled.length % 100 === 0) yield* commit(remove(yield* readPart(id)))
          }).pipe(inPartition(own)),
        ),
        Effect.provideService(Sweeper, openSweeper()),
      )
      expectSame(
        "handled",
        handled,
        Array.from({ length: 1200 }, (_, i) => nthId(i)),
      )
      expectSame("left", (yield* dueParts(5000, [own])).length, 1188)
    }),
  ),
]
