import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import {
  ChannelSku,
  defineKit,
  defineListing,
  defineProduct,
  findListings,
  lookUpListing,
  removeListing,
  resolveListing,
  reviseProduct,
} from "../../src/catalogue/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"

const SHOP = "01890a5d-ac96-774b-8cce-b302099a8070"
const MARKET = "01890a5d-ac96-774b-8cce-b302099a8071"

let sent = 0
const key = () => `key-${sent++}`
const product = (sku: string) => defineProduct({ key: key(), sku, title: sku })
const list = (channelSku: string, sku: string, multiple?: number) =>
  defineListing({
    key: key(),
    connection: SHOP,
    channelSku,
    sku,
    ...(multiple === undefined ? {} : { multiple }),
  })
const at = (channelSku: string, connection = SHOP) => ({ connection, channelSku })

describe("a listing", () => {
  it.effect("says what a channel's SKU stands for, one of it when nothing else is said", () =>
    Effect.gen(function* () {
      yield* product("TEA")
      const listing = yield* list("tea 1/4 lb", "TEA")
      expect(listing).toMatchObject({ sku: "TEA", multiple: 1, state: "listed" })
      expect(yield* resolveListing(at("tea 1/4 lb"))).toEqual(listing)
      const found = yield* lookUpListing(SHOP, ChannelSku.make("tea 1/4 lb"))
      expect(Option.map(found, ({ value }) => value)).toEqual(Option.some(listing))
    }).pipe(inWorld),
  )

  it.effect("may stand for several units, and for a kit", () =>
    Effect.gen(function* () {
      yield* product("TEA")
      const components = [{ sku: "TEA", quantity: 2 }] as const
      yield* defineKit({ key: key(), sku: "TWIN", kind: "virtual", components })
      expect((yield* list("TEA-X3", "TEA", 3)).multiple).toBe(3)
      expect((yield* list("TWIN-X2", "TWIN", 2)).sku).toBe("TWIN")
    }).pipe(inWorld),
  )

  it.effect("is told apart by connection and by case", () =>
    Effect.gen(function* () {
      yield* product("A")
      yield* product("B")
      yield* list("x1", "A")
      yield* list("X1", "B")
      yield* defineListing({ key: key(), ...at("x1", MARKET), sku: "B" })
      expect((yield* resolveListing(at("x1"))).sku).toBe("A")
      expect((yield* resolveListing(at("X1"))).sku).toBe("B")
      expect((yield* resolveListing(at("x1", MARKET))).sku).toBe("B")
    }).pipe(inWorld),
  )

  it.effect("takes a new meaning when it is defined again", () =>
    Effect.gen(function* () {
      yield* product("A")
      yield* product("B")
      const first = yield* list("x", "A")
      yield* TestClock.adjust("1 hour")
      expect(yield* list("x", "A")).toEqual(first)
      expect(yield* list("x", "A", 2)).toMatchObject({ sku: "A", multiple: 2 })
      expect((yield* resolveListing(at("x"))).since).toBeGreaterThan(first.since)
      yield* list("x", "B", 6)
      expect(yield* resolveListing(at("x"))).toMatchObject({ sku: "B", multiple: 6 })
    }).pipe(inWorld),
  )

  it.effect("needs a SKU that exists and is not retired", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(list("x", "NONE"))).toMatchObject({
        _tag: "NotFound",
        kind: "sku",
        id: "NONE",
      })
      yield* product("OLD")
      yield* reviseProduct({ key: key(), sku: "OLD", changes: { state: "retired" } })
      expect(yield* Effect.flip(list("x", "OLD"))).toMatchObject({
        _tag: "ProductRetired",
        sku: "OLD",
      })
      expect((yield* Effect.flip(resolveListing(at("x"))))._tag).toBe("NotFound")
    }).pipe(inWorld),
  )

  it.effect("that is removed resolves nothing until it is defined again", () =>
    Effect.gen(function* () {
      yield* product("TEA")
      yield* list("x", "TEA", 3)
      const removed = yield* removeListing({ key: key(), ...at("x") })
      expect(removed).toMatchObject({ sku: "TEA", multiple: 3, state: "removed" })
      expect(yield* removeListing({ key: key(), ...at("x") })).toEqual(removed)
      expect((yield* Effect.flip(resolveListing(at("x"))))._tag).toBe("NotFound")
      expect(Option.isNone(yield* lookUpListing(SHOP, ChannelSku.make("x")))).toBe(true)
      yield* list("x", "TEA", 3)
      expect((yield* resolveListing(at("x"))).multiple).toBe(3)
    }).pipe(inWorld),
  )

  it.effect("that nobody defined is not found", () =>
    Effect.gen(function* () {
      const unknown = { _tag: "NotFound", kind: "listing" }
      expect(yield* Effect.flip(resolveListing(at("x")))).toMatchObject(unknown)
      expect(yield* Effect.flip(removeListing({ key: key(), ...at("x") }))).toMatchObject(unknown)
    }).pipe(inWorld),
  )

  it.effect("of another merchant is not found, even by its connection", () =>
    Effect.gen(function* () {
      yield* inside(MERCHANT_B)(product("TEA"))
      yield* inside(MERCHANT_B)(list("x", "TEA"))
      expect((yield* Effect.flip(resolveListing(at("x"))))._tag).toBe("NotFound")
      expect((yield* Effect.flip(removeListing({ key: key(), ...at("x") })))._tag).toBe("NotFound")
      expect((yield* Effect.flip(list("y", "TEA")))._tag).toBe("NotFound")
      expect((yield* findListings({ connection: SHOP })).items).toEqual([])
    }).pipe(inWorld),
  )

  it.effect("is found among its connection's, by channel SKU", () =>
    Effect.gen(function* () {
      yield* product("TEA")
      for (const each of ["c", "a", "b"]) yield* list(each, "TEA")
      yield* defineListing({ key: key(), ...at("z", MARKET), sku: "TEA" })
      yield* removeListing({ key: key(), ...at("b") })
      const skus = (state?: "listed" | "removed") =>
        Effect.map(
          findListings({ connection: SHOP, ...(state === undefined ? {} : { state }) }),
          ({ items }) => items.map(({ channelSku }) => channelSku),
        )
      expect(yield* skus()).toEqual(["a", "c"])
      expect(yield* skus("removed")).toEqual(["b"])
    }).pipe(inWorld),
  )
})
