import { it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option, Schema } from "effect"
import { describe, expect } from "vitest"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import {
  add,
  Collection,
  CurrentPartition,
  Driver,
  type EncodedBody,
  index,
  insert,
  openPartition,
  PartitionId,
  replace,
  rewriteOldFormats,
  Store,
  type Upcast,
  unique,
} from "../../src/store/index.ts"

const PARTITION = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8057")

const Crate = Schema.Struct({
  id: Schema.String,
  owner: Schema.String,
  code: Schema.String,
  stock: Schema.Int,
})

/** A crate was of nobody and without a code once. */
const cratesWith = (upcast: Upcast) =>
  Collection.make("crates", {
    schema: Crate,
    key: (crate) => crate.id,
    indexes: { owner: index("owner"), code: unique("code") },
    upcasts: [upcast],
  })

const Crates = cratesWith((body) => ({ ...body, owner: "house", code: `c-${body["id"]}` }))

const old = (id: string, more: EncodedBody = {}) =>
  Effect.flatMap(Driver, (driver) =>
    driver.commit(PARTITION, [
      { kind: "insert", collection: Crates, id, body: { id, stock: 1, ...more } },
    ]),
  )

const inStore = <A, E>(work: Effect.Effect<A, E, Store | Driver | CurrentPartition>) =>
  work.pipe(
    Effect.provideService(CurrentPartition, openPartition(PARTITION)),
    Effect.provide(Layer.provideMerge(Store.layer([]), storeDriver), { local: true }),
  )

const defectOf = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.exit(work), (exit) =>
    Exit.isFailure(exit) && Cause.hasDies(exit.cause) ? Cause.pretty(exit.cause) : "no defect",
  )

const ownersOf = Effect.flatMap(Store, (store) =>
  Effect.map(store.find(Crates, "owner", { equals: { owner: "house" } }), ({ items }) =>
    items.map(({ id }) => id),
  ),
)

describe("rewriting old records", () => {
  it.effect("lets indexes find them by fields that an upcast adds", () =>
    inStore(
      Effect.gen(function* () {
        yield* old("a")
        yield* old("b")
        expect(yield* ownersOf).toEqual([])
        yield* rewriteOldFormats(Crates)
        expect(yield* ownersOf).toEqual(["a", "b"])
      }),
    ),
  )

  it.effect("leaves alone what somebody else changed meanwhile, and does the others", () =>
    inStore(
      Effect.gen(function* () {
        for (const id of ["a", "b", "c"]) yield* old(id)
        const store = yield* Store
        let commits = 0
        const overtaken = Store.of({
          ...store,
          commit: (batch) =>
            Effect.gen(function* () {
              if (commits++ === 0) yield* store.commit([add(Crates, "b", { stock: 4 })])
              yield* store.commit(batch)
            }),
        })
        const done = yield* Effect.provideService(rewriteOldFormats(Crates), Store, overtaken)
        expect(done).toEqual({ seen: 3, rewritten: 2, skipped: 1 })
        expect(yield* ownersOf).toEqual(["a", "c"])
        // Nothing of what the other one did is lost, and the next run does the rest.
        expect(yield* rewriteOldFormats(Crates)).toEqual({ seen: 3, rewritten: 1, skipped: 0 })
        const crate = Option.getOrThrow(yield* store.get(Crates, "b"))
        expect(crate.value).toEqual({ id: "b", owner: "house", code: "c-b", stock: 5 })
      }),
    ),
  )

  it.effect("stops at values of a unique index that two records share", () =>
    inStore(
      Effect.gen(function* () {
        yield* old("a")
        yield* (yield* Store).commit([
          insert(Crates, { id: "b", owner: "house", code: "c-a", stock: 1 }),
        ])
        const refused = yield* Effect.flip(rewriteOldFormats(Crates))
        expect(refused).toMatchObject({ _tag: "Duplicate", index: "code", id: "a" })
      }),
    ),
  )
})

describe("an upcast", () => {
  const reading = (upcast: Upcast, body: EncodedBody) =>
    inStore(
      Effect.gen(function* () {
        yield* old("a", body)
        return yield* defectOf((yield* Store).get(cratesWith(upcast), "a"))
      }),
    )
  const whole = { owner: "house", code: "c" }

  it.effect("may not change, move or drop a field of an index or a counter", () =>
    Effect.gen(function* () {
      const wrong: ReadonlyArray<readonly [field: string, upcast: Upcast]> = [
        ["owner", (body) => ({ ...body, owner: "somebody" })],
        ["owner", ({ owner, ...body }) => ({ ...body, holder: owner })],
        ["code", (body) => ({ ...body, code: null })],
        ["stock", (body) => ({ ...body, stock: 0 })],
        ["stock", ({ stock, ...body }) => ({ ...body, units: stock })],
      ]
      for (const [field, upcast] of wrong)
        expect(yield* reading(upcast, whole)).toContain(
          `crates: the upcast from format 1 changes ${field}, which an index or a counter may rest on`,
        )
    }),
  )

  it.effect("may fill a field of an index that was empty", () =>
    Effect.gen(function* () {
      for (const body of [{}, { owner: null, code: null }])
        expect(yield* reading((before) => ({ ...before, ...whole }), body)).toBe("no defect")
    }),
  )

  it.effect("sees a body without the format, and leaves none behind", () =>
    inStore(
      Effect.gen(function* () {
        const seen: Array<EncodedBody> = []
        const Looked = Collection.make("crates", {
          schema: Crate,
          key: (crate) => crate.id,
          indexes: {},
          upcasts: [
            (body) => body,
            (body) => {
              seen.push(body)
              return body
            },
          ],
        })
        yield* old("a", { ...whole, _format: 2 })
        const crate = Option.getOrThrow(yield* (yield* Store).get(Looked, "a"))
        expect(seen).toEqual([{ id: "a", stock: 1, ...whole }])
        expect(crate.format).toBe(2)
        yield* (yield* Store).commit([replace(crate, crate.value)])
        const raw = yield* (yield* Driver).get(Looked, PARTITION, "a")
        expect(raw?.body).toEqual({ id: "a", stock: 1, ...whole, _format: 3 })
      }),
    ),
  )
})

describe("the field of the format", () => {
  it("belongs to the store", () => {
    const Named = Schema.Struct({ id: Schema.String, _format: Schema.String })
    const key = ({ id }: typeof Named.Type) => id
    expect(() =>
      Collection.make("named", { schema: Named, key, indexes: { it: index("_format") } }),
    ).toThrow("named: _format is the store's own field")
    const Plain = Collection.make("named", { schema: Named, key, indexes: {} })
    expect(() => Plain.encode({ id: "a", _format: "x" })).toThrow(
      "named: _format is the store's own field",
    )
  })

  it.effect("that holds no format is damage", () =>
    inStore(
      Effect.gen(function* () {
        for (const [n, _format] of [0, -1, 1.5, "2", null].entries()) {
          yield* old(`r${n}`, { _format })
          const printed = yield* defectOf((yield* Store).get(Crates, `r${n}`))
          expect(printed).toContain(`crates r${n} is damaged`)
          expect(printed).toContain("_format")
        }
      }),
    ),
  )
})

describe("a fence", () => {
  it("has some slots, and not very many", () => {
    const fenced = (fence: number) =>
      Collection.make("crates", { schema: Crate, key: ({ id }) => id, indexes: {}, fence })
    expect(fenced(32).fence).toBe(32)
    for (const slots of [0, -1, 1.5, Number.NaN, 257])
      expect(() => fenced(slots)).toThrow("a fence has 1 to 256 slots")
  })
})
