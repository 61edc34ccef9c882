import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { reviseProduct } from "../../src/catalogue/index.ts"
import { adjustStock, moveStock, StockSerials } from "../../src/inventory/index.ts"
import { inWorld } from "../world.ts"
import {
  cellId,
  define,
  drifts,
  everything,
  freshKey,
  LONDON,
  onHand,
  receive,
  records,
} from "./stockWorld.ts"

const move = (quantity: number, more: object = {}) =>
  moveStock({
    key: freshKey(),
    warehouse: LONDON,
    sku: "PHONE",
    quantity,
    from: { bin: "A-1" },
    to: { bin: "B-1" },
    ...more,
  })

const lose = (quantity: number, more: object = {}) =>
  adjustStock({
    key: freshKey(),
    direction: "remove",
    reason: "lost",
    warehouse: LONDON,
    bin: "A-1",
    sku: "PHONE",
    quantity,
    ...more,
  })

describe("a serial", () => {
  it.effect("is one unit in one place, wherever it goes (L5)", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("PHONE", { serial: true })
        yield* receive("PHONE", 2, { serials: ["S1", "S2"] })
        yield* move(1, { serials: ["S2"] })
        const units = (yield* records(StockSerials)).map(({ value }) => value)
        expect(units).toMatchObject([
          { serial: "S1", cell: cellId("PHONE") },
          { serial: "S2", cell: cellId("PHONE", { bin: "B-1" }) },
        ])
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("cannot be taken from where it is not, nor come in twice", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("PHONE", { serial: true })
        yield* receive("PHONE", 2, { serials: ["S1", "S2"] })
        yield* move(1, { serials: ["S2"] })
        const before = yield* everything()
        for (const refused of [
          move(1, { serials: ["S2"] }),
          receive("PHONE", 1, { serials: ["S1"] }),
        ])
          expect(yield* Effect.flip(refused)).toMatchObject({
            _tag: "SerialElsewhere",
            location: { _tag: "Bin" },
          })
        const unknown = yield* Effect.flip(move(1, { serials: ["S9"] }))
        expect(unknown).toMatchObject({ _tag: "SerialElsewhere", serial: "S9" })
        expect(unknown).not.toHaveProperty("location")
        expect(yield* everything()).toEqual(before)
      }),
    ),
  )

  it.effect.each([
    ["fewer", 2, ["S1"]],
    ["more", 1, ["S1", "S2"]],
    ["one twice", 2, ["S1", "S1"]],
  ] as const)("stands for each unit: %s is refused", ([, quantity, serials]) =>
    inWorld(
      Effect.gen(function* () {
        yield* define("PHONE", { serial: true })
        expect(yield* Effect.flip(receive("PHONE", quantity, { serials }))).toMatchObject({
          _tag: "InvalidInput",
          issues: [{ path: "lines[0].serials" }],
        })
      }),
    ),
  )

  it.effect("is asked for when units come in, and when they move", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("PHONE", { serial: true })
        expect(yield* Effect.flip(receive("PHONE", 1))).toMatchObject({
          _tag: "TrackingRefused",
          field: "serial",
        })
        yield* receive("PHONE", 2, { serials: ["S1", "S2"] })
        expect(yield* Effect.flip(move(1))).toMatchObject({
          _tag: "TrackingRefused",
          field: "serial",
        })
      }),
    ),
  )

  it.effect("that was lost is found again, and not received again", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("PHONE", { serial: true })
        yield* receive("PHONE", 1, { serials: ["S1"] })
        yield* lose(1, { serials: ["S1"] })
        expect(yield* Effect.flip(receive("PHONE", 1, { serials: ["S1"] }))).toMatchObject({
          _tag: "SerialElsewhere",
          location: { _tag: "Adjustment" },
        })
        yield* adjustStock({
          key: freshKey(),
          direction: "add",
          reason: "found",
          warehouse: LONDON,
          bin: "B-1",
          sku: "PHONE",
          quantity: 1,
          serials: ["S1"],
        })
        expect(yield* onHand("PHONE", { bin: "B-1" })).toBe(1)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("is moved by several at once to one place only", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("PHONE", { serial: true })
        yield* receive("PHONE", 2, { serials: ["S1", "S2"] })
        const racers = ["B-1", "B-2", "B-3"].map((bin) =>
          Effect.result(move(1, { serials: ["S1"], to: { bin } })),
        )
        const done = yield* Effect.all(racers, { concurrency: "unbounded" })
        expect(done.filter(({ _tag }) => _tag === "Success")).toHaveLength(1)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )
})

describe("units from before a product was tracked", () => {
  const mixed = Effect.gen(function* () {
    yield* define("PHONE")
    yield* receive("PHONE", 2)
    yield* reviseProduct({
      key: freshKey(),
      sku: "PHONE",
      changes: { tracking: { lot: false, expiry: false, serial: true } },
    })
    yield* receive("PHONE", 1, { serials: ["S1"] })
  })

  it.effect("leave without a number, as many as there are", () =>
    inWorld(
      Effect.gen(function* () {
        yield* mixed
        expect(yield* Effect.flip(move(3))).toMatchObject({
          _tag: "TrackingRefused",
          field: "serial",
        })
        yield* lose(2)
        expect(yield* Effect.flip(lose(1))).toMatchObject({ _tag: "TrackingRefused" })
        yield* lose(1, { serials: ["S1"] })
        expect(yield* onHand("PHONE")).toBe(0)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("are not taken twice by two at once", () =>
    inWorld(
      Effect.gen(function* () {
        yield* mixed
        const both = [Effect.result(lose(2)), Effect.result(move(2))]
        const done = yield* Effect.all(both, { concurrency: "unbounded" })
        expect(done.filter(({ _tag }) => _tag === "Success")).toHaveLength(1)
        expect(yield* onHand("PHONE")).toBe(1)
      }),
    ),
  )
})
