import { describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option, Schema } from "effect"
import fc from "fast-check"
import { expect } from "vitest"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import {
  type AnyCollection,
  add,
  Collection,
  CurrentPartition,
  Driver,
  type EncodedBody,
  index,
  openPartition,
  PartitionId,
  replace,
  rewriteOldFormats,
  Store,
} from "../../src/store/index.ts"

/** A change of a record type: what it does to bodies, to values and to the schema. */
interface Change {
  readonly upcast: (body: EncodedBody) => EncodedBody
  readonly value: (value: EncodedBody) => EncodedBody
  readonly fields: (fields: Fields) => Fields
  readonly counter?: string
}

type Fields = { readonly [field: string]: Schema.Codec<unknown, unknown> }

/** What all formats of the record have; the rest is in the bodies. */
interface Thing {
  readonly id: string
  readonly shelf: string
  readonly stock: number
}

const PARTITION = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8057")

const first: Fields = {
  id: Schema.String,
  shelf: Schema.String,
  stock: Schema.Int,
  label: Schema.String,
  memo: Schema.String,
}

/** A field of text, which an index may order. */
const gainText = (name: string, text: string): Change => ({
  upcast: (body) => ({ ...body, [name]: text }),
  value: (value) => ({ ...value, [name]: text }),
  fields: (fields) => ({ ...fields, [name]: Schema.String }),
})

const gainCounter = (name: string): Change => ({
  upcast: (body) => ({ [name]: 0, ...body }),
  value: (value) => ({ [name]: 0, ...value }),
  fields: (fields) => ({ ...fields, [name]: Schema.Int }),
  counter: name,
})

/** Text is kept as an amount from now on: what is stored and what is read differ. */
const countMemo: Change = {
  upcast: (body) => ({ ...body, memo: String(String(body["memo"]).length) }),
  value: (value) => ({ ...value, memo: BigInt(String(value["memo"]).length) }),
  fields: (fields) => ({ ...fields, memo: Schema.BigIntFromString }),
}

const wrapLabel: Change = {
  upcast: ({ label, ...body }) => ({ ...body, label: { was: label } }),
  value: ({ label, ...value }) => ({ ...value, label: { was: label } }),
  fields: ({ label = Schema.String, ...fields }) => ({
    ...fields,
    label: Schema.Struct({ was: label }),
  }),
}

const anyChange = (place: number): fc.Arbitrary<Change> =>
  fc.oneof(
    fc.string().map((text) => gainText(`text${place}`, text.toWellFormed())),
    fc.constant(gainCounter(`counter${place}`)),
    fc.constant(wrapLabel),
  )

/** Two to five formats; in one of them the memo may become a number. */
const anyHistory = fc
  .tuple(
    fc
      .integer({ min: 1, max: 4 })
      .chain((n) => fc.tuple(...Array.from({ length: n }, (_, place) => anyChange(place)))),
    fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  )
  .map(([changes, counted]) =>
    changes.map((change, place) => (place === counted ? countMemo : change)),
  )

/** The record type as a release has it that knows so many of the changes. */
const releaseWith = (changes: ReadonlyArray<Change>) =>
  Collection.make("things", {
    schema: Schema.Struct(
      changes.reduce((fields, change) => change.fields(fields), first),
    ) as unknown as Schema.Codec<Thing>,
    key: (thing) => thing.id,
    indexes: { shelf: index("shelf") },
    upcasts: changes.map(({ upcast }) => upcast),
  })

const valueIn = (changes: ReadonlyArray<Change>, id: string): EncodedBody =>
  changes.reduce<EncodedBody>((value, change) => change.value(value), {
    id,
    shelf: `s${id}`,
    stock: 5,
    label: "l",
    memo: "four",
  })

const inStore = <A, E>(work: Effect.Effect<A, E, Store | Driver | CurrentPartition>) =>
  work.pipe(
    Effect.provideService(CurrentPartition, openPartition(PARTITION)),
    Effect.provide(Layer.provideMerge(Store.layer([]), storeDriver), { local: true }),
    Effect.runPromise,
  )

/** Writes a record as the release of some collection writes it, for a table of the newest. */
const written = (newest: AnyCollection, release: AnyCollection, value: unknown) =>
  Effect.gen(function* () {
    const body = yield* Effect.fromResult(release.encode(value))
    const id = release.key(value)
    yield* (yield* Driver).commit(PARTITION, [{ kind: "insert", collection: newest, id, body }])
  })

const bodyOf = (collection: AnyCollection, id: string) =>
  Effect.flatMap(Driver, (driver) =>
    Effect.map(driver.get(collection, PARTITION, id), (record) => record?.body ?? {}),
  )

const hundredsUpTo = (end: number): ReadonlyArray<number> =>
  Array.from({ length: Math.ceil(end / 100) }, (_, n) => Math.min(end, (n + 1) * 100))

describe("a record type that changed", () => {
  it("opens the records of each of its formats as the newest value, counted in or not", () =>
    fc.assert(
      fc.asyncProperty(anyHistory, fc.integer({ min: -9, max: 9 }), (changes, delta) =>
        inStore(
          Effect.gen(function* () {
            const store = yield* Store
            const newest = releaseWith(changes)
            for (let known = 0; known <= changes.length; known++) {
              const id = `r${known}`
              const old = valueIn(changes.slice(0, known), id)
              yield* written(newest, releaseWith(changes.slice(0, known)), old)
              const expected = changes
                .slice(known)
                .reduce<EncodedBody>((value, change) => change.value(value), old)
              const read = Option.getOrThrow(yield* store.get(newest, id))
              expect(read.value).toEqual(expected)
              expect(read.format).toBe(known + 1)

              // Counters may be added to as they stand, those that came with a later format too.
              const counters = changes.flatMap(({ counter }) => counter ?? [])
              const deltas = Object.fromEntries(counters.map((counter) => [counter, delta]))
              yield* store.commit([add(newest, id, { stock: delta, ...deltas })])
              const counted = Option.getOrThrow(yield* store.get(newest, id))
              expect(counted.value).toEqual({ ...expected, stock: 5 + delta, ...deltas })
              expect(counted.format).toBe(known + 1)
              const [found] = (yield* store.find(newest, "shelf", {
                equals: { shelf: `sr${known}` },
              })).items
              expect(found).toEqual(counted)
            }
          }),
        ),
      ),
      { numRuns: 100 },
    ))

  it("is written in the newest format, which no earlier release opens", () =>
    fc.assert(
      fc.asyncProperty(anyHistory, (changes) =>
        inStore(
          Effect.gen(function* () {
            const store = yield* Store
            const newest = releaseWith(changes)
            yield* written(newest, releaseWith([]), valueIn([], "a"))
            expect(yield* bodyOf(newest, "a")).not.toHaveProperty("_format")
            const old = Option.getOrThrow(yield* store.get(newest, "a"))
            yield* store.commit([replace(old, old.value)])
            expect(yield* bodyOf(newest, "a")).toHaveProperty("_format", changes.length + 1)
            expect(Option.getOrThrow(yield* store.get(newest, "a")).value).toEqual(old.value)
            for (let known = 0; known < changes.length; known++) {
              const exit = yield* Effect.exit(store.get(releaseWith(changes.slice(0, known)), "a"))
              const cause = Exit.isFailure(exit) ? exit.cause : Cause.empty
              expect(Cause.hasDies(cause)).toBe(true)
              expect(Cause.pretty(cause)).toContain(
                `things a is of another release: format ${changes.length + 1} was written by a newer release; this one reads formats up to ${known + 1}`,
              )
            }
          }),
        ),
      ),
      { numRuns: 50 },
    ))

  it("may have its old records rewritten, beside others at work, as often as one likes", () =>
    fc.assert(
      fc.asyncProperty(anyHistory, fc.integer({ min: 0, max: 250 }), (changes, many) =>
        inStore(
          Effect.gen(function* () {
            const store = yield* Store
            const newest = releaseWith(changes)
            const ids = Array.from({ length: many }, (_, n) => `r${String(n).padStart(3, "0")}`)
            for (const [n, id] of ids.entries()) {
              const known = changes.slice(0, n % (changes.length + 1))
              yield* written(newest, releaseWith(known), valueIn(known, id))
            }
            const before = yield* store.getMany(newest, ids)
            const isOld = ({ format }: { readonly format: number }) => format < newest.format
            const old = [...before.values()].filter(isOld)
            const seen: Array<number> = []
            const done = yield* rewriteOldFormats(newest, {
              onProgress: (progress) => seen.push(progress.seen),
            })
            expect(done).toEqual({ seen: many, rewritten: old.length, skipped: 0 })
            expect(seen).toEqual(hundredsUpTo(many))
            const expected = [...before.values()].map((stored) => ({
              ...stored,
              format: newest.format,
              version: stored.version + (isOld(stored) ? 1 : 0),
            }))
            expect([...(yield* store.getMany(newest, ids)).values()]).toEqual(expected)
            const again = yield* rewriteOldFormats(newest)
            expect(again).toEqual({ seen: many, rewritten: 0, skipped: 0 })
          }),
        ),
      ),
      { numRuns: 25 },
    ))
})
