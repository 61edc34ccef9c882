import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { defineKit } from "../../src/catalogue/index.ts"
import { assembleKit, disassembleKit } from "../../src/inventory/index.ts"
import { inWorld } from "../world.ts"
import {
  commit,
  DAY,
  define,
  defineAssembledKit,
  drifts,
  everything,
  freshKey,
  LONDON,
  onHand,
  pool,
  receive,
} from "./stockWorld.ts"

type Assembly = Parameters<typeof assembleKit>[0]

/** Two sets, each of one pot and two cups. */
const assemble = (more: Partial<Assembly> = {}) =>
  assembleKit({
    key: freshKey(),
    kit: "SET",
    quantity: 2,
    warehouse: LONDON,
    components: [
      { sku: "POT", quantity: 2, bin: "A-1" },
      { sku: "CUP", quantity: 3, bin: "A-1" },
      { sku: "CUP", quantity: 1, bin: "B-1" },
    ],
    to: { bin: "K-1" },
    ...more,
  })

const kitchen = Effect.gen(function* () {
  yield* define("POT")
  yield* define("CUP")
  yield* defineAssembledKit("SET", ["POT", 1], ["CUP", 2])
  yield* receive("POT", 5)
  yield* receive("CUP", 5)
  yield* receive("CUP", 5, { bin: "B-1" })
})

describe("an assembled kit", () => {
  it.effect("is made of exactly its components, from any bins", () =>
    inWorld(
      Effect.gen(function* () {
        yield* kitchen
        expect((yield* assemble()).moved).toHaveLength(4)
        expect(yield* pool("SET")).toMatchObject({ onHand: 2, sellable: 2, uncommitted: 2 })
        expect(yield* pool("POT")).toMatchObject({ onHand: 3 })
        expect(yield* pool("CUP")).toMatchObject({ onHand: 6 })
        expect(yield* onHand("SET", { bin: "K-1" })).toBe(2)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect.each([
    [
      "too few",
      [
        { sku: "POT", quantity: 2, bin: "A-1" },
        { sku: "CUP", quantity: 3, bin: "A-1" },
      ],
      "CUP",
      4,
      3,
    ],
    [
      "too many",
      [
        { sku: "POT", quantity: 3, bin: "A-1" },
        { sku: "CUP", quantity: 4, bin: "A-1" },
      ],
      "POT",
      2,
      3,
    ],
    [
      "a stranger",
      [
        { sku: "POT", quantity: 2, bin: "A-1" },
        { sku: "CUP", quantity: 4, bin: "A-1" },
        { sku: "SET", quantity: 1, bin: "A-1" },
      ],
      "SET",
      0,
      1,
    ],
    ["one left out", [{ sku: "POT", quantity: 2, bin: "A-1" }], "CUP", 4, 0],
  ] as const)("is refused with %s", ([, components, component, wanted, given]) =>
    inWorld(
      Effect.gen(function* () {
        yield* kitchen
        const before = yield* everything()
        expect(yield* Effect.flip(assemble({ components }))).toMatchObject({
          _tag: "KitMismatch",
          kit: "SET",
          component,
          wanted,
          given,
        })
        expect(yield* everything()).toEqual(before)
      }),
    ),
  )

  it.effect("is made whole or not at all", () =>
    inWorld(
      Effect.gen(function* () {
        yield* kitchen
        const before = yield* everything()
        const refused = yield* Effect.flip(
          assemble({
            quantity: 5,
            components: [
              { sku: "POT", quantity: 5, bin: "A-1" },
              { sku: "CUP", quantity: 10, bin: "A-1" },
            ],
          }),
        )
        expect(refused).toMatchObject({ _tag: "CellShort", wanted: 10, onHand: 5 })
        expect(yield* everything()).toEqual(before)
      }),
    ),
  )

  it.effect("comes apart again, and its books with it", () =>
    inWorld(
      Effect.gen(function* () {
        yield* kitchen
        yield* assemble()
        const answer = yield* disassembleKit({
          key: freshKey(),
          kit: "SET",
          quantity: 1,
          warehouse: LONDON,
          from: { bin: "K-1" },
          components: [
            { sku: "POT", quantity: 1, place: { bin: "A-1" } },
            { sku: "CUP", quantity: 1, place: { bin: "A-1" } },
            { sku: "CUP", quantity: 1, place: { bin: "A-1" }, condition: "damaged" },
          ],
        })
        expect(answer.moved).toHaveLength(4)
        expect(yield* pool("SET")).toMatchObject({ onHand: 1 })
        expect(yield* pool("CUP")).toMatchObject({ onHand: 8, sellable: 7 })
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("names the orders whose components it uses up", () =>
    inWorld(
      Effect.gen(function* () {
        yield* kitchen
        yield* commit("CUP", 8, "o-2")
        expect((yield* assemble()).shortfalls).toMatchObject([
          { sku: "CUP", missing: 2, atRisk: [{ document: { id: "o-2" }, quantity: 2 }] },
        ])
      }),
    ),
  )

  it.effect("may have a lot and an expiry of its own", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("POT")
        yield* define("CUP")
        yield* define("SET", { lot: true, expiry: true })
        yield* defineKit({
          key: freshKey(),
          sku: "SET",
          kind: "assembled",
          components: [{ sku: "POT", quantity: 1 }],
        })
        yield* receive("POT", 2)
        const components = [{ sku: "POT", quantity: 2, bin: "A-1" }] as const
        expect(yield* Effect.flip(assemble({ components }))).toMatchObject({
          _tag: "TrackingRefused",
          sku: "SET",
          field: "lot",
        })
        yield* assemble({ components, lot: "K1", expiresAt: 5 * DAY })
        expect(yield* onHand("SET", { bin: "K-1", lot: "K1" })).toBe(2)
      }),
    ),
  )

  it.effect("is not a virtual kit", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("POT")
        yield* defineKit({
          key: freshKey(),
          sku: "SET",
          kind: "virtual",
          components: [{ sku: "POT", quantity: 1 }],
        })
        const components = [{ sku: "POT", quantity: 2, bin: "A-1" }] as const
        expect(yield* Effect.flip(assemble({ components }))).toMatchObject({
          _tag: "VirtualKit",
          kit: "SET",
        })
        expect(yield* Effect.flip(assemble({ kit: "POT", components }))).toMatchObject({
          _tag: "NotFound",
          kind: "kit",
        })
      }),
    ),
  )
})
