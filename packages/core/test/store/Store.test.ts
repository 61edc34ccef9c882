import { it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option, Stream } from "effect"
import { describe, expect } from "vitest"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import {
  add,
  CurrentPartition,
  Driver,
  type Entry,
  insert,
  openPartition,
  PartitionId,
  Store,
  StoreUnavailable,
} from "../../src/store/index.ts"
import { Parts, part } from "../../src/testing/store/contractCollections.ts"

const CANARY = "canary.buyer@example.com"
const PARTITION = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8057")

const over = (driver: Layer.Layer<Driver>) => Store.layer([Parts]).pipe(Layer.provide(driver))

/** The embedded driver with some functions changed. */
const changed = (change: (good: Driver["Service"]) => Partial<Driver["Service"]>) =>
  over(
    Layer.effect(
      Driver,
      Effect.map(Driver, (good) => Driver.of({ ...good, ...change(good) })),
    ).pipe(Layer.provide(storeDriver)),
  )

const inStore =
  (layer: Layer.Layer<Store, StoreUnavailable>) =>
  <A, E>(work: (store: Store["Service"]) => Effect.Effect<A, E, CurrentPartition>) =>
    Effect.flatMap(Store, work).pipe(
      Effect.provideService(CurrentPartition, openPartition(PARTITION)),
      Effect.provide(layer),
    )

/** What work died of, as it would be printed. */
const defectOf = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.exit(work), (exit) => {
    if (!Exit.isFailure(exit) || !Cause.hasDies(exit.cause)) throw new Error("no defect")
    return Cause.pretty(exit.cause)
  })

describe("a store", () => {
  it.effect("is not there until its driver has made the collections ready", () => {
    const prepared: Array<string> = []
    const layer = changed((good) => ({
      prepare: (collections) => {
        prepared.push(...collections.map(({ name }) => name))
        return good.prepare(collections)
      },
    }))
    return inStore(layer)(() =>
      Effect.sync(() => {
        expect(prepared).toEqual(["contract_parts"])
      }),
    )
  })

  it.effect("is not there where its driver cannot make them ready", () => {
    const down = new StoreUnavailable({ operation: "prepare", reason: "no server" })
    const layer = changed(() => ({ prepare: () => Effect.fail(down) }))
    return Effect.map(Effect.flip(inStore(layer)(() => Effect.void)), (error) => {
      expect(error).toBe(down)
    })
  })

  it.effect("names the path of what is damaged in a record, and none of its values", () => {
    const body = { ...part("a", { note: CANARY }), rank: CANARY }
    const record = { id: "a", version: 1, body }
    const layer = changed(() => ({
      get: () => Effect.succeed(record),
      getMany: () => Effect.succeed([record]),
      find: () => Effect.succeed([record]),
      scan: () => Effect.succeed([record]),
    }))
    return inStore(layer)((store) =>
      Effect.gen(function* () {
        const printouts = [
          yield* defectOf(store.get(Parts, "a")),
          yield* defectOf(store.getMany(Parts, ["a"])),
          yield* defectOf(store.find(Parts, "shelf", {})),
          yield* defectOf(Stream.runCollect(store.scan(Parts))),
        ]
        for (const printed of printouts) {
          expect(printed).toContain("contract_parts a is damaged")
          expect(printed).toContain("rank")
          expect(printed).not.toContain(CANARY)
        }
      }),
    )
  })

  it.effect("names the path of what is wrong in a value to write, and none of its values", () =>
    inStore(over(storeDriver))((store) =>
      Effect.gen(function* () {
        const wrong = { ...part("a", { note: CANARY }), rank: CANARY as never }
        const printed = yield* defectOf(store.commit([insert(Parts, wrong)]))
        expect(printed).toContain("contract_parts: not a record")
        expect(printed).toContain("rank")
        expect(printed).not.toContain(CANARY)
        expect(yield* store.get(Parts, "a")).toEqual(Option.none())
      }),
    ),
  )

  it.effect("names where a value to write is no well-formed text, and shows none of it", () =>
    inStore(over(storeDriver))((store) =>
      Effect.gen(function* () {
        const wrong: ReadonlyArray<readonly [where: string, entry: Entry]> = [
          ["note", insert(Parts, part("a", { note: `${CANARY}\uD83D` }))],
          ["id", insert(Parts, part(`${CANARY}\uD83D`))],
          ["id", add(Parts, `${CANARY}\uDE00`, { stock: 1 })],
        ]
        for (const [where, entry] of wrong) {
          const printed = yield* defectOf(store.commit([entry]))
          expect(printed).toContain(`contract_parts: not well-formed Unicode: ${where}`)
          expect(printed).not.toContain(CANARY)
        }
      }),
    ),
  )

  it.effect("does not answer a query that its index cannot answer", () =>
    inStore(over(storeDriver))((store) =>
      Effect.gen(function* () {
        const find = store.find as (
          ...asked: ReadonlyArray<unknown>
        ) => ReturnType<typeof store.find>
        const wrong: ReadonlyArray<readonly [index: string, query: unknown]> = [
          ["nowhere", {}],
          ["shelf", { equals: { rank: 1 } }],
          ["shelf", { equals: { shelf: "s", note: "" } }],
          ["live", { equals: { live: true, rank: 1 } }],
          ["shelf", { equals: { shelf: "s", rank: 1 }, range: { gte: "a" } }],
          ["stock", { equals: { stock: 1 }, range: {} }],
        ]
        for (const [index, query] of wrong)
          expect(yield* defectOf(find(Parts, index, query))).toContain("TypeError")
      }),
    ),
  )

  it.effect(
    "asks its driver for each id once, and for a thousand of them at most at a time",
    () => {
      const asked: Array<ReadonlyArray<string>> = []
      const layer = changed((good) => ({
        getMany: (collection, partition, ids) => {
          asked.push(ids)
          return good.getMany(collection, partition, ids)
        },
      }))
      const ids = Array.from({ length: 2001 }, (_, n) => `p${n}`)
      return inStore(layer)((store) =>
        Effect.gen(function* () {
          expect((yield* store.getMany(Parts, [])).size).toBe(0)
          expect((yield* store.getMany(Parts, ["a", "b", "a"])).size).toBe(0)
          expect((yield* store.getMany(Parts, new Set(ids))).size).toBe(0)
          expect(asked.map(({ length }) => length)).toEqual([2, 1000, 1000, 1])
          expect(asked.slice(1).flat()).toEqual(ids)
        }),
      )
    },
  )

  it.effect("gives pages of one record at least and of whole numbers", () =>
    inStore(over(storeDriver))((store) =>
      Effect.gen(function* () {
        yield* store.commit(["a", "b", "c"].map((id) => insert(Parts, part(id))))
        for (const [limit, size] of [
          [Number.NaN, 1],
          [-5, 1],
          [0, 1],
          [2.9, 2],
          [Number.POSITIVE_INFINITY, 3],
        ] as const)
          expect([limit, (yield* store.find(Parts, "shelf", { limit })).items.length]).toEqual([
            limit,
            size,
          ])
      }),
    ),
  )
})
