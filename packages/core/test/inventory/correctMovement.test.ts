import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  adjustStock,
  changeCondition,
  correctMovement,
  StockMovements,
  sendTransfer,
} from "../../src/inventory/index.ts"
import { inWorld } from "../world.ts"
import {
  commit,
  DAY,
  define,
  drifts,
  everything,
  freshKey,
  LEEDS,
  LONDON,
  onHand,
  pool,
  receive,
  records,
} from "./stockWorld.ts"

const first = (answer: { readonly moved: ReadonlyArray<{ readonly movement: string }> }) =>
  answer.moved[0]?.movement ?? ""

const correct = (movement: string, quantity?: number) =>
  correctMovement({ key: freshKey(), movement, ...(quantity !== undefined && { quantity }) })

describe("a correction", () => {
  it.effect("takes back what is left, part by part, until the books say what was right", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* TestClock.setTime(DAY)
        const movement = first(yield* receive("TEA", 10))
        yield* TestClock.setTime(2 * DAY)
        yield* correct(movement, 3)
        yield* correct(movement, 2)
        expect(yield* onHand("TEA")).toBe(5)
        expect(yield* Effect.flip(correct(movement, 6))).toMatchObject({
          _tag: "OverCorrected",
          wanted: 6,
          left: 5,
        })
        yield* correct(movement)
        expect(yield* onHand("TEA")).toBe(0)
        expect(yield* Effect.flip(correct(movement))).toMatchObject({
          _tag: "OverCorrected",
          left: 0,
        })
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("names the movement, goes the other way, and changes nothing in the journal", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* TestClock.setTime(DAY)
        const movement = first(yield* receive("TEA", 10))
        const original = (yield* records(StockMovements))[0]
        yield* TestClock.setTime(2 * DAY)
        const correction = first(yield* correct(movement, 1))
        const journal = yield* records(StockMovements)
        expect(journal.find(({ id }) => id === movement)).toEqual(original)
        expect(journal.find(({ id }) => id === correction)?.value).toMatchObject({
          corrects: movement,
          correction: 1,
          reason: "correction",
          from: original?.value.to,
          to: original?.value.from,
          occurredAt: DAY,
          recordedAt: 2 * DAY,
        })
      }),
    ),
  )

  it.effect("by two at once takes no unit back twice", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        const movement = first(yield* receive("TEA", 10))
        yield* receive("TEA", 100)
        const both = Array.from({ length: 8 }, () => Effect.result(correct(movement, 4)))
        const done = yield* Effect.all(both, { concurrency: "unbounded" })
        expect(done.filter(({ _tag }) => _tag === "Success")).toHaveLength(2)
        expect(yield* onHand("TEA")).toBe(102)
        expect(yield* drifts).toEqual([])
      }),
    ),
  )

  it.effect("is not corrected itself", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        const movement = first(yield* receive("TEA", 10))
        const correction = first(yield* correct(movement, 1))
        expect(yield* Effect.flip(correct(correction))).toMatchObject({
          _tag: "NotCorrectable",
          reason: "a correction",
        })
      }),
    ),
  )

  it.effect("does not pull units out of a transfer", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 10)
        const sent = yield* sendTransfer({
          key: freshKey(),
          from: LONDON,
          to: LEEDS,
          lines: [{ sku: "TEA", quantity: 1, bin: "A-1" }],
        })
        expect(yield* Effect.flip(correct(first(sent)))).toMatchObject({
          _tag: "NotCorrectable",
          reason: "a transfer",
        })
      }),
    ),
  )

  it.effect("puts a wrong loss right, and promised stock with it", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        yield* receive("TEA", 4)
        yield* commit("TEA", 4)
        const lost = yield* adjustStock({
          key: freshKey(),
          direction: "remove",
          reason: "lost",
          warehouse: LONDON,
          bin: "A-1",
          sku: "TEA",
          quantity: 3,
        })
        expect(lost.shortfalls).toMatchObject([{ missing: 3 }])
        yield* correct(first(lost))
        expect(yield* pool("TEA")).toMatchObject({ sellable: 4, committed: 4, uncommitted: 0 })
      }),
    ),
  )

  it.effect("cannot take back what has moved on, and then changes nothing", () =>
    inWorld(
      Effect.gen(function* () {
        yield* define("TEA")
        const movement = first(yield* receive("TEA", 4))
        yield* changeCondition({
          key: freshKey(),
          warehouse: LONDON,
          bin: "A-1",
          sku: "TEA",
          quantity: 4,
          from: "sellable",
          to: "damaged",
        })
        const before = yield* everything()
        expect(yield* Effect.flip(correct(movement))).toMatchObject({ _tag: "CellShort" })
        expect(yield* everything()).toEqual(before)
      }),
    ),
  )

  it.effect("needs a movement that is there", () =>
    inWorld(
      Effect.gen(function* () {
        const unknown = "01890a5d-ac96-774b-8cce-b302099a8999"
        expect(yield* Effect.flip(correct(unknown))).toMatchObject({
          _tag: "NotFound",
          kind: "movement",
          id: unknown,
        })
      }),
    ),
  )
})
