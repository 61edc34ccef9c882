import { Effect, Result, Stream } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  CatalogueSkus,
  checkDigitOf,
  defineKit,
  defineProduct,
  Kits,
  ProductBarcodes,
  Products,
  reviseProduct,
} from "../../src/catalogue/index.ts"
import { type AnyCollection, Store } from "../../src/store/index.ts"
import { unevenWorld } from "../party/unevenDriver.ts"
import { inside, MERCHANT_A, MERCHANT_B, opened } from "../world.ts"

const gtin = (at: number) => {
  const digits = `40063813339${at}`
  return `${digits}${checkDigitOf(digits)}`
}

const pace = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 16 })
const callers = Array.from({ length: 16 }, (_, at) => at)

const inHistory = <A, E, R>(turns: ReadonlyArray<number>, work: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    yield* inside(MERCHANT_A)(opened())
    yield* inside(MERCHANT_B)(opened())
    return yield* inside(MERCHANT_A)(work)
  }).pipe(Effect.provide(unevenWorld(turns), { local: true }))

const all = <C extends AnyCollection>(collection: C) =>
  Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(collection)))

/** What came of it: nothing to say, or the refusal. */
const outcomeOf = <A, E, R>(
  work: Effect.Effect<A, E, R>,
): Effect.Effect<Result.Result<void, unknown>, never, R> => Effect.result(Effect.asVoid(work))

describe("the catalogue, whoever writes to it at the same moment,", () => {
  it("gives a barcode to one product of a merchant", async () => {
    await fc.assert(
      fc.asyncProperty(pace, async (turns) => {
        const [made, held] = await Effect.runPromise(
          inHistory(
            turns,
            Effect.all([
              Effect.forEach(
                callers,
                (at) =>
                  Effect.result(
                    defineProduct({ key: `${at}`, sku: `S${at}`, title: "T", barcodes: [gtin(1)] }),
                  ),
                { concurrency: "unbounded" },
              ),
              all(ProductBarcodes),
            ]),
          ),
        )
        const winners = made.filter(Result.isSuccess).map(({ success }) => success.sku)
        expect(winners).toHaveLength(1)
        expect(held.map(({ value }) => value.sku)).toEqual(winners)
        for (const { failure } of made.filter(Result.isFailure))
          expect(failure).toMatchObject({ _tag: "BarcodeTaken", sku: winners[0] })
      }),
      { numRuns: 100 },
    )
  })

  it("keeps products and barcodes in step while both are revised", async () => {
    await fc.assert(
      fc.asyncProperty(
        pace,
        fc.array(fc.tuple(fc.nat({ max: 3 }), fc.subarray([0, 1, 2, 3, 4])), {
          minLength: 2,
          maxLength: 16,
        }),
        async (turns, revisions) => {
          const [products, barcodes] = await Effect.runPromise(
            inHistory(
              turns,
              Effect.gen(function* () {
                for (let at = 0; at < 4; at++)
                  yield* defineProduct({ key: `${at}`, sku: `S${at}`, title: "T" })
                yield* Effect.forEach(
                  revisions,
                  ([which, codes], at) =>
                    Effect.result(
                      reviseProduct({
                        key: `revision-${at}`,
                        sku: `S${which}`,
                        changes: { barcodes: codes.map(gtin) },
                      }),
                    ),
                  { concurrency: "unbounded" },
                )
                return [yield* all(Products), yield* all(ProductBarcodes)] as const
              }),
            ),
          )
          const said = products.flatMap(({ value }) =>
            value.barcodes.map((code: string) => `${code} ${value.sku}`),
          )
          const kept = barcodes.map(({ value }) => `${value.gtin} ${value.sku}`)
          expect(kept.toSorted()).toEqual(said.toSorted())
        },
      ),
      { numRuns: 200 },
    )
  })

  it("makes a SKU a product or a virtual kit, never both", async () => {
    await fc.assert(
      fc.asyncProperty(pace, async (turns) => {
        const [made, products, kits, names] = await Effect.runPromise(
          inHistory(
            turns,
            Effect.gen(function* () {
              yield* defineProduct({ key: "part", sku: "PART", title: "Part" })
              const outcomes = yield* Effect.forEach(
                callers,
                (at) =>
                  at % 2 === 0
                    ? outcomeOf(defineProduct({ key: `${at}`, sku: "SET", title: "Set" }))
                    : outcomeOf(
                        defineKit({
                          key: `${at}`,
                          sku: "SET",
                          kind: "virtual",
                          components: [{ sku: "PART", quantity: 2 }],
                        }),
                      ),
                { concurrency: "unbounded" },
              )
              return [
                outcomes,
                yield* all(Products),
                yield* all(Kits),
                yield* all(CatalogueSkus),
              ] as const
            }),
          ),
        )
        expect(made.filter(Result.isSuccess)).toHaveLength(1)
        expect(products.length + kits.length).toBe(2)
        expect(names).toHaveLength(2)
        for (const { failure } of made.filter(Result.isFailure))
          expect(failure).toMatchObject({ _tag: "SkuTaken", sku: "SET" })
      }),
      { numRuns: 100 },
    )
  })

  it("keeps merchants apart: each defines the same things as if it were alone", async () => {
    await fc.assert(
      fc.asyncProperty(pace, async (turns) => {
        const counts = await Effect.runPromise(
          inHistory(
            turns,
            Effect.gen(function* () {
              yield* Effect.forEach(
                [MERCHANT_A, MERCHANT_B].flatMap((merchant) =>
                  [0, 1, 2, 3].map((at) => [merchant, at] as const),
                ),
                ([merchant, at]) =>
                  inside(merchant)(
                    defineProduct({
                      key: `${at}`,
                      sku: `S${at}`,
                      title: "T",
                      barcodes: [gtin(at)],
                    }),
                  ),
                { concurrency: "unbounded" },
              )
              return yield* Effect.forEach([MERCHANT_A, MERCHANT_B], (merchant) =>
                inside(merchant)(Effect.map(all(Products), (each) => each.length)),
              )
            }),
          ),
        )
        expect(counts).toEqual([4, 4])
      }),
      { numRuns: 50 },
    )
  })
})
