import { describe, expect, it } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import {
  defineProduct,
  findProductByBarcode,
  findProducts,
  lookUpProduct,
  lookUpProducts,
  ProductBarcodes,
  readProduct,
  reviseProduct,
} from "../../src/catalogue/index.ts"
import { Sku } from "../../src/kernel/index.ts"
import { Store } from "../../src/store/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"

const EAN = "4006381333931"
const UPC = "036000291452"
const CASE = "10614141000415"

const tea = { key: "tea", sku: "TEA-100", title: "Breakfast tea, 100 bags", barcodes: [EAN] }

const barcodes = Effect.flatMap(Store, (store) =>
  Stream.runCollect(store.scan(ProductBarcodes)),
).pipe(Effect.map((all) => all.map(({ value }) => [value.gtin, value.sku, value.units])))

describe("a product", () => {
  it.effect("needs a SKU and a title; what is left out is none", () =>
    Effect.gen(function* () {
      const product = yield* defineProduct({ key: "1", sku: "MUG", title: "Mug" })
      expect(product).toMatchObject({
        sku: "MUG",
        barcodes: [],
        packs: [],
        tracking: { lot: false, expiry: false, serial: false },
        shelfLife: { minimumRemainingDays: 0, doNotPickDays: 0 },
        state: "active",
      })
      expect(yield* readProduct({ sku: "MUG" })).toEqual(product)
    }).pipe(inWorld),
  )

  it.effect("keeps all that is said of it", () =>
    Effect.gen(function* () {
      const facts = {
        sku: "YOG-6",
        title: "Yoghurt",
        weight: 130,
        size: { length: 60, width: 60, height: 80 },
        tracking: { lot: true, expiry: true, serial: false },
        shelfLife: { minimumRemainingDays: 10, doNotPickDays: 3 },
        availableFrom: 1_800_000_000_000,
        originCountry: "GB",
        hsCode: "040310",
      }
      yield* defineProduct({ key: "1", ...facts })
      expect(yield* readProduct({ sku: "YOG-6" })).toMatchObject(facts)
    }).pipe(inWorld),
  )

  it.effect("is another one than that of the same SKU in other case", () =>
    Effect.gen(function* () {
      yield* defineProduct({ key: "1", sku: "85123A", title: "Heart, white" })
      yield* defineProduct({ key: "2", sku: "85123a", title: "Heart, cream" })
      expect((yield* readProduct({ sku: "85123A" })).title).toBe("Heart, white")
      expect((yield* readProduct({ sku: "85123a" })).title).toBe("Heart, cream")
    }).pipe(inWorld),
  )

  it.effect("is defined once", () =>
    Effect.gen(function* () {
      const first = yield* defineProduct(tea)
      expect(yield* Effect.flip(defineProduct({ ...tea, key: "again" }))).toMatchObject({
        _tag: "SkuTaken",
        sku: "TEA-100",
        kind: "product",
      })
      expect(yield* defineProduct(tea)).toEqual(first)
      expect((yield* Effect.flip(defineProduct({ ...tea, title: "Other" })))._tag).toBe(
        "IdempotencyConflict",
      )
    }).pipe(inWorld),
  )

  it.effect("that nobody defined is not found", () =>
    Effect.gen(function* () {
      const unknown = { _tag: "NotFound", kind: "product", id: "NONE" }
      expect(yield* Effect.flip(readProduct({ sku: "NONE" }))).toMatchObject(unknown)
      expect(
        yield* Effect.flip(reviseProduct({ key: "1", sku: "NONE", changes: { title: "x" } })),
      ).toMatchObject(unknown)
    }).pipe(inWorld),
  )

  it.effect("of another merchant is not found, and takes nothing from this one", () =>
    Effect.gen(function* () {
      yield* inside(MERCHANT_B)(defineProduct(tea))
      expect((yield* Effect.flip(readProduct({ sku: tea.sku })))._tag).toBe("NotFound")
      expect((yield* Effect.flip(findProductByBarcode({ barcode: EAN })))._tag).toBe("NotFound")
      expect((yield* findProducts({})).items).toEqual([])
      expect(Option.isNone(yield* lookUpProduct(Sku.make(tea.sku)))).toBe(true)
      yield* defineProduct({ ...tea, title: "Ours" })
      expect((yield* inside(MERCHANT_B)(readProduct({ sku: tea.sku }))).title).toBe(tea.title)
    }).pipe(inWorld),
  )
})

describe("a barcode", () => {
  it.effect("leads to its product, scanned in any of its forms", () =>
    Effect.gen(function* () {
      yield* defineProduct({ ...tea, barcodes: [UPC] })
      for (const barcode of [UPC, `0${UPC}`, `00${UPC}`]) {
        const found = yield* findProductByBarcode({ barcode })
        expect(found).toMatchObject({ product: { sku: "TEA-100" }, units: 1 })
        expect(found.pack).toBeUndefined()
      }
    }).pipe(inWorld),
  )

  it.effect("of a pack stands for all of its units", () =>
    Effect.gen(function* () {
      const packs = [{ code: "case", units: 12, barcodes: [CASE] }]
      yield* defineProduct({ ...tea, packs })
      expect(yield* findProductByBarcode({ barcode: CASE })).toMatchObject({
        product: { sku: "TEA-100" },
        units: 12,
        pack: "case",
      })
    }).pipe(inWorld),
  )

  it.effect("belongs to one product of a merchant", () =>
    Effect.gen(function* () {
      yield* defineProduct(tea)
      const other = { key: "2", sku: "TEA-50", title: "Tea" }
      const taken = { _tag: "BarcodeTaken", gtin: `0${EAN}`, sku: "TEA-100" }
      expect(yield* Effect.flip(defineProduct({ ...other, barcodes: [EAN] }))).toMatchObject(taken)
      const packs = [{ code: "case", units: 6, barcodes: [EAN] }]
      expect(yield* Effect.flip(defineProduct({ ...other, packs }))).toMatchObject(taken)
      yield* defineProduct(other)
      expect(
        yield* Effect.flip(
          reviseProduct({ key: "3", sku: "TEA-50", changes: { barcodes: [UPC, EAN] } }),
        ),
      ).toMatchObject(taken)
      expect(yield* barcodes).toEqual([[`0${EAN}`, "TEA-100", 1]])
    }).pipe(inWorld),
  )

  it.effect("that is taken away is free for another product", () =>
    Effect.gen(function* () {
      yield* defineProduct(tea)
      yield* reviseProduct({ key: "2", sku: "TEA-100", changes: { barcodes: [] } })
      expect((yield* Effect.flip(findProductByBarcode({ barcode: EAN })))._tag).toBe("NotFound")
      yield* defineProduct({ key: "3", sku: "TEA-50", title: "Tea", barcodes: [EAN] })
    }).pipe(inWorld),
  )
})

describe("a revision", () => {
  const revise = (key: string, changes: Parameters<typeof reviseProduct>[0]["changes"]) =>
    reviseProduct({ key, sku: "TEA-100", changes })

  it.effect("changes what it names and leaves the rest", () =>
    Effect.gen(function* () {
      const before = yield* defineProduct({ ...tea, weight: 250, hsCode: "090230" })
      expect(yield* revise("2", { title: "Tea" })).toEqual({ ...before, title: "Tea" })
      const { weight: _, ...light } = { ...before, title: "Tea" }
      expect(yield* revise("3", { weight: null })).toEqual(light)
      expect(yield* readProduct({ sku: "TEA-100" })).toEqual(light)
    }).pipe(inWorld),
  )

  it.effect("moves barcodes between unit and pack", () =>
    Effect.gen(function* () {
      yield* defineProduct({ ...tea, barcodes: [EAN, UPC] })
      const packs = [{ code: "case", units: 12, barcodes: [UPC, CASE] }]
      yield* revise("2", { barcodes: [EAN], packs })
      expect(yield* barcodes).toEqual([
        [`00${UPC}`, "TEA-100", 12],
        [`0${EAN}`, "TEA-100", 1],
        [CASE, "TEA-100", 12],
      ])
    }).pipe(inWorld),
  )

  it.effect("is refused where old and new facts contradict each other", () =>
    Effect.gen(function* () {
      yield* defineProduct({
        ...tea,
        tracking: { lot: true, expiry: true },
        shelfLife: { minimumRemainingDays: 30 },
      })
      expect(yield* Effect.flip(revise("2", { tracking: { lot: true } }))).toMatchObject({
        _tag: "InvalidInput",
        issues: [{ path: "shelfLife" }],
      })
      const packs = [{ code: "case", units: 12, barcodes: [EAN] }]
      expect(yield* Effect.flip(revise("3", { packs }))).toMatchObject({
        _tag: "InvalidInput",
        issues: [{ path: "packs[0].barcodes[0]" }],
      })
      yield* revise("4", { tracking: { lot: true }, shelfLife: {} })
    }).pipe(inWorld),
  )

  it.effect("retires a product and brings it back", () =>
    Effect.gen(function* () {
      yield* defineProduct(tea)
      yield* defineProduct({ key: "2", sku: "MUG", title: "Mug" })
      const skus = (state?: "active" | "retired") =>
        Effect.map(findProducts(state === undefined ? {} : { state }), ({ items }) =>
          items.map(({ sku }) => sku),
        )
      yield* revise("3", { state: "retired" })
      expect(yield* skus("active")).toEqual(["MUG"])
      expect(yield* skus("retired")).toEqual(["TEA-100"])
      expect(yield* skus()).toEqual(["MUG", "TEA-100"])
      yield* revise("4", { state: "active" })
      expect(yield* skus("retired")).toEqual([])
    }).pipe(inWorld),
  )
})

describe("products", () => {
  it.effect("are paged by SKU without gap or repeat", () =>
    Effect.gen(function* () {
      for (let at = 0; at < 7; at++)
        yield* defineProduct({ key: `${at}`, sku: `S${at}`, title: "Thing" })
      const seen: Array<string> = []
      let page = yield* findProducts({ limit: 3, state: "active" })
      for (;;) {
        seen.push(...page.items.map(({ sku }) => sku))
        if (page.next === undefined) break
        page = yield* findProducts({ limit: 3, state: "active", after: page.next })
      }
      expect(seen).toEqual(["S0", "S1", "S2", "S3", "S4", "S5", "S6"])
      const first = yield* findProducts({ limit: 3 })
      const alien = { limit: 3, state: "active" as const, after: first.next ?? "" }
      expect((yield* Effect.flip(findProducts(alien)))._tag).toBe("InvalidCursor")
    }).pipe(inWorld),
  )

  it.effect("are looked up many at once, each once, without those that do not exist", () =>
    Effect.gen(function* () {
      const skus = Array.from({ length: 40 }, (_, at) => Sku.make(`S${at}`))
      for (const sku of skus) yield* defineProduct({ key: sku, sku, title: "Thing" })
      const asked = [...skus, ...skus, Sku.make("none")]
      const found = yield* lookUpProducts(asked)
      expect([...found.keys()]).toEqual(skus)
      for (const [sku, stored] of found) expect(stored.value.sku).toBe(sku)
    }).pipe(inWorld),
  )
})
