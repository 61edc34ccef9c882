import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import {
  defineKit,
  defineProduct,
  lookUpKit,
  lookUpKits,
  readKit,
} from "../../src/catalogue/index.ts"
import { Sku } from "../../src/kernel/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"

let sent = 0
const key = () => `key-${sent++}`
const products = (...skus: ReadonlyArray<string>) =>
  Effect.forEach(skus, (sku) => defineProduct({ key: key(), sku, title: sku }))

type Parts = { readonly [sku: string]: number }
const kit = (kind: "virtual" | "assembled") => (sku: string, parts: Parts) => {
  const [first, ...rest] = Object.entries(parts).map(([each, quantity]) => ({
    sku: each,
    quantity,
  }))
  if (first === undefined) throw new Error("a kit has a component")
  return defineKit({ key: key(), sku, kind, components: [first, ...rest] })
}
const virtual = kit("virtual")
const assembled = kit("assembled")

describe("a virtual kit", () => {
  it.effect("has a SKU of its own and no stock: it is no product", () =>
    Effect.gen(function* () {
      yield* products("CUP", "SAUCER")
      const set = yield* virtual("TEA-SET", { CUP: 4, SAUCER: 4 })
      expect(yield* readKit({ sku: "TEA-SET" })).toEqual(set)
      expect(Option.isSome(yield* lookUpKit(Sku.make("TEA-SET")))).toBe(true)
      const clash = defineProduct({ key: key(), sku: "TEA-SET", title: "Set" })
      expect(yield* Effect.flip(clash)).toMatchObject({ _tag: "SkuTaken", kind: "virtual_kit" })
    }).pipe(inWorld),
  )

  it.effect("takes no SKU that a product has", () =>
    Effect.gen(function* () {
      yield* products("CUP", "SAUCER")
      expect(yield* Effect.flip(virtual("CUP", { SAUCER: 1 }))).toMatchObject({
        _tag: "SkuTaken",
        sku: "CUP",
        kind: "product",
      })
    }).pipe(inWorld),
  )

  it.effect("is no part of another kit: one level explodes to stock", () =>
    Effect.gen(function* () {
      yield* products("CUP", "SAUCER", "BOX")
      yield* virtual("TEA-SET", { CUP: 4, SAUCER: 4 })
      const refused = {
        _tag: "KitRefused",
        reason: "a component is a virtual kit",
        component: "TEA-SET",
      }
      expect(yield* Effect.flip(virtual("PARTY", { CUP: 1, "TEA-SET": 2 }))).toMatchObject(refused)
      expect(yield* Effect.flip(assembled("BOX", { "TEA-SET": 1 }))).toMatchObject(refused)
    }).pipe(inWorld),
  )

  it.effect("may hold an assembled one, which has stock", () =>
    Effect.gen(function* () {
      yield* products("CUP", "SAUCER", "BOX")
      yield* assembled("BOX", { CUP: 1, SAUCER: 1 })
      yield* virtual("PARTY", { BOX: 2, CUP: 2 })
    }).pipe(inWorld),
  )
})

describe("an assembled kit", () => {
  it.effect("is made of a product that exists", () =>
    Effect.gen(function* () {
      yield* products("CUP", "BOX")
      expect(yield* Effect.flip(assembled("CRATE", { CUP: 1 }))).toMatchObject({
        _tag: "NotFound",
        kind: "product",
        id: "CRATE",
      })
      yield* assembled("BOX", { CUP: 1 })
    }).pipe(inWorld),
  )

  it.effect("never contains itself, however deep", () =>
    Effect.gen(function* () {
      yield* products("A", "B", "C", "LEAF")
      yield* assembled("A", { B: 1, LEAF: 1 })
      yield* assembled("B", { C: 1, LEAF: 2 })
      expect(yield* Effect.flip(assembled("C", { LEAF: 1, A: 1 }))).toMatchObject({
        _tag: "KitRefused",
        sku: "C",
        reason: "a component contains the kit",
        component: "A",
      })
      yield* assembled("C", { LEAF: 1 })
    }).pipe(inWorld),
  )
})

describe("a kit", () => {
  it.effect("is defined once and then stays as it is", () =>
    Effect.gen(function* () {
      yield* products("CUP", "BOX")
      yield* virtual("SET", { CUP: 2 })
      yield* assembled("BOX", { CUP: 2 })
      const taken = (kind: string) => ({ _tag: "SkuTaken", kind })
      expect(yield* Effect.flip(virtual("SET", { CUP: 3 }))).toMatchObject(taken("virtual_kit"))
      expect(yield* Effect.flip(assembled("SET", { CUP: 3 }))).toMatchObject(taken("virtual_kit"))
      expect(yield* Effect.flip(assembled("BOX", { CUP: 3 }))).toMatchObject(taken("assembled_kit"))
      expect((yield* readKit({ sku: "BOX" })).components).toEqual([{ sku: "CUP", quantity: 2 }])
    }).pipe(inWorld),
  )

  it.effect("needs products that exist", () =>
    Effect.gen(function* () {
      yield* products("CUP")
      expect(yield* Effect.flip(virtual("SET", { CUP: 1, SPOON: 1 }))).toMatchObject({
        _tag: "NotFound",
        kind: "product",
        id: "SPOON",
      })
    }).pipe(inWorld),
  )

  it.effect("of another merchant, and another merchant's parts, are not found", () =>
    Effect.gen(function* () {
      yield* inside(MERCHANT_B)(products("CUP"))
      yield* inside(MERCHANT_B)(virtual("SET", { CUP: 1 }))
      expect((yield* Effect.flip(readKit({ sku: "SET" })))._tag).toBe("NotFound")
      expect((yield* lookUpKits([Sku.make("SET")])).size).toBe(0)
      expect((yield* Effect.flip(virtual("SET", { CUP: 1 })))._tag).toBe("NotFound")
    }).pipe(inWorld),
  )
})
