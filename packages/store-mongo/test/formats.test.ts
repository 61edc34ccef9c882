// Runs on the driver's own runtime.
// @effect-diagnostics runEffectInsideEffect:off

import {
  Collection,
  CurrentPartition,
  Driver,
  index,
  replace,
  rewriteOldFormats,
  Store,
} from "@oto-fulfilment/core"
import { Effect, Layer, Option, Schema } from "effect"
import { beforeAll, describe, expect, it } from "vitest"
import { newPartition, openDriver, ownDatabase } from "./mongo.ts"

const options = ownDatabase("formats")
const { driver, db } = await openDriver(options)

/** Barrels had a label of text and no owner in their first format, and no count of fillings in their second. */
const Barrels = Collection.make("barrels", {
  schema: Schema.Struct({
    id: Schema.String,
    owner: Schema.String,
    litres: Schema.Int,
    fillings: Schema.Int,
    label: Schema.Struct({ text: Schema.String, total: Schema.BigIntFromString }),
  }),
  key: (barrel) => barrel.id,
  indexes: { owner: index("owner") },
  upcasts: [
    (body) => ({ ...body, owner: "house", label: { text: body["label"], total: "7" } }),
    (body) => ({ fillings: 0, ...body }),
  ],
})

const one = newPartition()
const inStore = <A, E>(work: Effect.Effect<A, E, Store | CurrentPartition>) =>
  work.pipe(
    Effect.provideService(CurrentPartition, { id: one } as CurrentPartition["Service"]),
    Effect.provide(Store.layer([Barrels]).pipe(Layer.provide(Layer.succeed(Driver, driver)))),
    Effect.runPromise,
  )

const bodyOf = async (id: string) =>
  (await db.collection<{ _id: string; b: object }>("barrels").findOne({ _id: `${one}/${id}` }))?.b

const barrel = (id: string, body: object, v = 1) => ({
  _id: `${one}/${id}`,
  p: one,
  id,
  v,
  b: { id, litres: 50, ...body },
})

const owned = Effect.flatMap(Store, (store) =>
  Effect.map(store.find(Barrels, "owner", { equals: { owner: "house" } }), ({ items }) =>
    items.map(({ id }) => id),
  ),
)

beforeAll(async () => {
  await Effect.runPromise(driver.prepare([Barrels]))
  await db
    .collection<{ _id: string }>("barrels")
    .insertMany([
      barrel("first", { label: "old" }, 4),
      barrel("second", { owner: "house", label: { text: "t", total: "9" }, _format: 2 }),
      barrel("later", { _format: 9 }),
    ])
})

describe("records of older releases in MongoDB", () => {
  it("open as the newest value, and are counted in as they stand", () =>
    inStore(
      Effect.gen(function* () {
        const store = yield* Store
        const found = yield* store.getMany(Barrels, ["first", "second"])
        const first = { id: "first", owner: "house", litres: 50, fillings: 0 }
        expect(found.get("first")).toMatchObject({
          version: 4,
          format: 1,
          value: { ...first, label: { text: "old", total: 7n } },
        })
        expect(found.get("second")).toMatchObject({
          format: 2,
          value: { fillings: 0, label: { text: "t", total: 9n } },
        })
        yield* Effect.promise(() =>
          Effect.runPromise(
            driver.commit(one, [
              {
                kind: "add",
                collection: Barrels,
                id: "first",
                deltas: { litres: -20, fillings: 1 },
                floors: { litres: 0, fillings: 0 },
              },
            ]),
          ),
        )
        const counted = Option.getOrThrow(yield* store.get(Barrels, "first"))
        expect(counted).toMatchObject({
          version: 5,
          format: 1,
          value: { litres: 30, fillings: 1, owner: "house" },
        })
      }),
    ))

  it("of a newer release are refused", async () => {
    const reading = inStore(Effect.flatMap(Store, (store) => store.get(Barrels, "later")))
    await expect(reading).rejects.toThrow(
      "barrels later is of another release: format 9 was written by a newer release; this one reads formats up to 3",
    )
    await db.collection<{ _id: string }>("barrels").deleteOne({ _id: `${one}/later` })
  })

  it("are found by what an upcast adds as soon as they are rewritten", () =>
    inStore(
      Effect.gen(function* () {
        const store = yield* Store
        expect(yield* owned).toEqual(["second"])
        expect(yield* rewriteOldFormats(Barrels)).toEqual({ seen: 2, rewritten: 2, skipped: 0 })
        expect(yield* owned).toEqual(["first", "second"])
        expect(yield* Effect.promise(() => bodyOf("first"))).toEqual({
          id: "first",
          owner: "house",
          litres: 30,
          fillings: 1,
          label: { text: "old", total: "7" },
          _format: 3,
        })
        expect(yield* rewriteOldFormats(Barrels)).toEqual({ seen: 2, rewritten: 0, skipped: 0 })
        const first = Option.getOrThrow(yield* store.get(Barrels, "first"))
        yield* store.commit([replace(first, { ...first.value, litres: 1 })])
        expect(yield* Effect.promise(() => bodyOf("first"))).toMatchObject({
          litres: 1,
          _format: 3,
        })
      }),
    ))
})
