import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { NotFound } from "../../src/access/index.ts"
import { type InsufficientStock, StockPools } from "../../src/inventory/index.ts"
import { PartitionId } from "../../src/store/index.ts"
import { inside, inWorld, MERCHANT_B, opened } from "../world.ts"
import {
  books,
  commit,
  define,
  defineVirtualKit,
  everything,
  LONDON,
  receive,
  records,
} from "./promiseWorld.ts"

describe("commitStock", () => {
  it.effect("promises units: committed rises, available falls, on hand stays", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 10)
      const { commitments, granted, short } = yield* commit([["MUG", 4]])
      expect(granted).toEqual([{ line: "1", sku: "MUG", quantity: 4 }])
      expect(commitments).toMatchObject([{ line: "1", sku: "MUG", quantity: 4, warehouse: LONDON }])
      expect(short).toEqual([])
      const { pools, kept, counted } = yield* books
      expect(pools).toEqual({
        MUG: { onHand: 10, sellable: 10, committed: 4, uncommitted: 6 },
      })
      expect(kept).toEqual(counted)
    }).pipe(inWorld),
  )

  it.effect("refuses what is not there, says what is, and changes nothing", () =>
    Effect.gen(function* () {
      yield* define("MUG", "PEN")
      yield* receive("MUG", 3)
      const before = yield* everything()
      const refused = yield* Effect.flip(
        commit([
          ["MUG", 2],
          ["PEN", 1],
          ["MUG", 2],
        ]),
      )
      expect(refused).toMatchObject({
        _tag: "InsufficientStock",
        short: [
          { line: "2", sku: "PEN", requested: 1, available: 0 },
          { line: "3", sku: "MUG", requested: 2, available: 1 },
        ],
      })
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )

  it.effect("grants lines for one SKU only if their sum fits (R3)", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      expect(
        yield* Effect.flip(
          commit([
            ["MUG", 3],
            ["MUG", 3],
          ]),
        ),
      ).toMatchObject({ _tag: "InsufficientStock" })
      const { granted } = yield* commit([
        ["MUG", 3],
        ["MUG", 2],
      ])
      expect(granted.map(({ quantity }) => quantity)).toEqual([3, 2])
    }).pipe(inWorld),
  )

  it.effect("grants what is there, in line order, under the policy available", () =>
    Effect.gen(function* () {
      yield* define("MUG", "PEN")
      yield* receive("MUG", 5)
      const { granted, short, commitments } = yield* commit(
        [
          ["MUG", 3],
          ["PEN", 2],
          ["MUG", 3],
        ],
        { policy: "available" },
      )
      expect(granted.map(({ quantity }) => quantity)).toEqual([3, 0, 2])
      expect(short).toMatchObject([
        { line: "2", sku: "PEN", requested: 2, available: 0 },
        { line: "3", sku: "MUG", requested: 3, available: 2 },
      ])
      expect(commitments.map(({ line, quantity }) => [line, quantity])).toEqual([
        ["1", 3],
        ["3", 2],
      ])
      const nothing = yield* commit([["MUG", 1]], { policy: "available" })
      expect(nothing.granted).toEqual([{ line: "1", sku: "MUG", quantity: 0 }])
      expect((yield* books).pools).toMatchObject({ MUG: { committed: 5, uncommitted: 0 } })
    }).pipe(inWorld),
  )

  it.effect("takes nothing from a pool in shortfall", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* commit([["MUG", 5]])
      expect(yield* Effect.flip(commit([["MUG", 1]]))).toMatchObject({
        short: [{ requested: 1, available: 0 }],
      })
    }).pipe(inWorld),
  )

  it.effect("promises a virtual kit as its components, all of them or none (R11)", () =>
    Effect.gen(function* () {
      yield* define("TEA", "CUP")
      yield* defineVirtualKit("SET", ["TEA", 1], ["CUP", 4])
      yield* receive("TEA", 10)
      yield* receive("CUP", 11)
      const { commitments, granted } = yield* commit([["SET", 2]])
      expect(granted).toEqual([{ line: "1", sku: "SET", quantity: 2 }])
      expect(commitments.map(({ sku, quantity }) => [sku, quantity])).toEqual([
        ["TEA", 2],
        ["CUP", 8],
      ])
      expect((yield* books).pending.map(({ kit }) => kit)).toEqual([
        { sku: "SET", ratio: 1 },
        { sku: "SET", ratio: 4 },
      ])
      const before = yield* everything()
      expect(yield* Effect.flip(commit([["SET", 1]]))).toMatchObject({
        short: [{ line: "1", sku: "SET", requested: 1, available: 0 }],
      })
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )

  it.effect("counts a component that two lines share once", () =>
    Effect.gen(function* () {
      yield* define("TEA", "CUP")
      yield* defineVirtualKit("SET", ["TEA", 1], ["CUP", 4])
      yield* receive("TEA", 10)
      yield* receive("CUP", 11)
      const lines: Parameters<typeof commit>[0] = [
        ["CUP", 4],
        ["SET", 3],
        ["CUP", 5],
      ]
      expect(yield* Effect.flip(commit(lines))).toMatchObject({
        short: [
          { line: "2", sku: "SET", requested: 3, available: 1 },
          { line: "3", sku: "CUP", requested: 5, available: 3 },
        ],
      })
      const { granted } = yield* commit(lines, { policy: "available" })
      expect(granted.map(({ quantity }) => quantity)).toEqual([4, 1, 3])
      expect((yield* books).pools).toMatchObject({
        TEA: { uncommitted: 9 },
        CUP: { uncommitted: 0 },
      })
    }).pipe(inWorld),
  )

  it.effect("refuses kits whose components no pool could hold, before it writes", () =>
    Effect.gen(function* () {
      yield* define("CUP")
      yield* defineVirtualKit("CRATE", ["CUP", 1_000_000_000])
      yield* receive("CUP", 11)
      const before = yield* everything()
      expect(yield* Effect.flip(commit([["CRATE", 2]]))).toMatchObject({
        _tag: "InsufficientStock",
        short: [{ sku: "CRATE", requested: 2, available: 0 }],
      })
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )

  it.effect("names a SKU that the catalogue does not have", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      expect(
        yield* Effect.flip(
          commit([
            ["MUG", 1],
            ["mug", 1],
          ]),
        ),
      ).toEqual(new NotFound({ kind: "product", id: "mug" }))
    }).pipe(inWorld),
  )

  it.effect("does not see the stock of another merchant (L6)", () =>
    Effect.gen(function* () {
      yield* inside(MERCHANT_B)(Effect.andThen(define("MUG"), receive("MUG", 9)))
      yield* define("MUG")
      expect(yield* Effect.flip(commit([["MUG", 1]]))).toMatchObject({ short: [{ available: 0 }] })
      expect(yield* inside(MERCHANT_B)(records(StockPools))).toMatchObject([
        { value: { committed: 0, uncommitted: 9 } },
      ])
    }).pipe(inWorld),
  )

  it.effect(
    "has one effect and one answer for one key, and refuses the key for another body (R7)",
    () =>
      Effect.gen(function* () {
        yield* define("MUG")
        yield* receive("MUG", 5)
        const first = yield* commit([["MUG", 3]], { key: "once" })
        expect(yield* commit([["MUG", 3]], { key: "once" })).toEqual(first)
        expect(yield* Effect.flip(commit([["MUG", 2]], { key: "once" }))).toMatchObject({
          _tag: "IdempotencyConflict",
        })
        expect((yield* books).pools).toMatchObject({ MUG: { committed: 3 } })
      }).pipe(inWorld),
  )

  it.effect("promises a document of 1,114 lines as one", () =>
    Effect.gen(function* () {
      const skus = Array.from({ length: 1114 }, (_, place) => `SKU-${place}`)
      yield* define(...skus)
      yield* Effect.forEach(skus, (sku) => receive(sku, 2))
      const { commitments } = yield* commit(skus.map((sku) => [sku, 2]))
      expect(commitments).toHaveLength(1114)
      const refused: InsufficientStock = (yield* Effect.flip(
        commit(skus.map((sku) => [sku, 1])),
      )) as InsufficientStock
      expect(refused.short).toHaveLength(1114)
      expect((yield* books).pending).toHaveLength(1114)
    }).pipe(inWorld),
  )

  it.effect("promises for a merchant on stop, and not for a suspended one", () =>
    Effect.gen(function* () {
      const at = (standing: "on_stop" | "suspended") =>
        opened(standing).pipe(
          Effect.andThen(commit([["MUG", 1]])),
          Effect.flip,
          inside(standing === "on_stop" ? MERCHANT_C : MERCHANT_D),
        )
      expect(yield* at("on_stop")).toMatchObject({ _tag: "NotFound", kind: "product", id: "MUG" })
      expect(yield* at("suspended")).toMatchObject({ _tag: "StandingRefused" })
    }).pipe(inWorld),
  )
})

const MERCHANT_C = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8059")
const MERCHANT_D = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8060")
