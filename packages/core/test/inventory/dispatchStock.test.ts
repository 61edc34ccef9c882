import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { Standings } from "../../src/access/index.ts"
import {
  Allocations,
  allocateStock,
  Commitments,
  dispatchStock,
  recallLot,
  releaseCommitment,
  StockMovements,
  StockSerials,
} from "../../src/inventory/index.ts"
import { replace, Store } from "../../src/store/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"
import {
  BASKET,
  binOf,
  books,
  commit,
  DAY,
  define,
  defineVirtualKit,
  everything,
  LEEDS,
  receive,
  records,
} from "./promiseWorld.ts"

type DispatchInput = Parameters<typeof dispatchStock>[0]

const allocate = Effect.suspend(() => allocateStock({ key: "allocate", document: BASKET }))
const dispatch = (more: Partial<DispatchInput> = {}) =>
  dispatchStock({ key: "dispatch", document: BASKET, ...more })

/** 5 mugs in A-1 and 5 in A-2, of which `promised` are promised and pinned. */
const pinned = (promised: number) =>
  Effect.gen(function* () {
    yield* define("MUG")
    yield* receive("MUG", 5, { bin: "A-1" })
    yield* receive("MUG", 5, { bin: "A-2" })
    yield* commit([["MUG", promised]])
    yield* allocate
  })

describe("dispatchStock", () => {
  it.effect("takes pinned units off the books: available stays, the rest falls together", () =>
    Effect.gen(function* () {
      yield* pinned(7)
      const { moved, kept, released } = yield* dispatch()
      expect(moved.map(({ quantity }) => quantity)).toEqual([5, 2])
      expect(kept).toEqual([])
      expect(released).toEqual([])
      const after = yield* books
      expect(after.pools).toEqual({
        MUG: { onHand: 3, sellable: 3, committed: 0, uncommitted: 3 },
      })
      expect(after.cells).toEqual({
        "A-1 MUG": { onHand: 0, allocated: 0 },
        "A-2 MUG": { onHand: 3, allocated: 0 },
      })
      expect(after.kept).toEqual(after.counted)
      expect(yield* records(Commitments)).toMatchObject([
        { value: { state: "posted", quantity: 7, posted: 7, allocated: 0, unallocated: 0 } },
      ])
      expect((yield* records(Allocations)).map(({ value }) => value.state)).toEqual([
        "posted",
        "posted",
      ])
      const left = (yield* records(StockMovements)).map(({ value }) => value)
      expect(left.filter(({ reason }) => reason === "dispatch")).toMatchObject([
        { from: binOf("A-1"), to: { _tag: "Customer" }, quantity: 5, document: BASKET },
        { from: binOf("A-2"), to: { _tag: "Customer" }, quantity: 2, document: BASKET },
      ])
    }).pipe(inWorld),
  )

  it.effect("happens exactly once: a repeat is answered, another attempt refused (R6, R7)", () =>
    Effect.gen(function* () {
      yield* pinned(7)
      const first = yield* dispatch()
      const before = yield* everything()
      expect(yield* dispatch()).toEqual(first)
      expect(yield* Effect.flip(dispatch({ key: "other" }))).toMatchObject({
        _tag: "CommitmentResolved",
        state: "posted",
      })
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )

  it.effect("lets one of two dispatches at the same time win", () =>
    Effect.gen(function* () {
      yield* pinned(7)
      const outcomes = yield* Effect.forEach(
        ["a", "b", "c"],
        (key) => Effect.result(dispatch({ key })),
        { concurrency: "unbounded" },
      )
      expect(outcomes.map(({ _tag }) => _tag).sort()).toEqual(["Failure", "Failure", "Success"])
      expect((yield* books).pools).toMatchObject({ MUG: { onHand: 3, committed: 0 } })
    }).pipe(inWorld),
  )

  it.effect("keeps the rest of a line promised and pinned as it was", () =>
    Effect.gen(function* () {
      yield* pinned(9)
      const { kept, released } = yield* dispatch({ lines: [{ line: "1", quantity: 3 }] })
      expect(kept).toMatchObject([{ line: "1", sku: "MUG", quantity: 6 }])
      expect(released).toEqual([])
      const after = yield* books
      expect(after.pools).toMatchObject({
        MUG: { onHand: 7, sellable: 7, committed: 6, uncommitted: 1 },
      })
      expect(after.cells).toEqual({
        "A-1 MUG": { onHand: 2, allocated: 2 },
        "A-2 MUG": { onHand: 5, allocated: 4 },
      })
      expect(after.pending).toMatchObject([
        { id: kept[0]?.commitment, quantity: 6, allocated: 6, posted: 0 },
      ])
      expect(after.kept).toEqual(after.counted)
      yield* dispatch({ key: "rest" })
      expect((yield* books).pools).toMatchObject({
        MUG: { onHand: 1, sellable: 1, committed: 0, uncommitted: 1 },
      })
    }).pipe(inWorld),
  )

  it.effect("or releases the rest of a line, what is pinned of it too (R4)", () =>
    Effect.gen(function* () {
      yield* pinned(9)
      const { kept, released } = yield* dispatch({
        lines: [{ line: "1", quantity: 3 }],
        rest: "release",
      })
      expect(kept).toEqual([])
      expect(released.map(({ quantity }) => quantity)).toEqual([2, 4])
      const after = yield* books
      expect(after.pools).toMatchObject({
        MUG: { onHand: 7, sellable: 7, committed: 0, uncommitted: 7 },
      })
      expect(after.live).toEqual([])
      expect(after.kept).toEqual(after.counted)
      expect(yield* records(Commitments)).toMatchObject([
        { value: { state: "posted", quantity: 9, posted: 3 } },
      ])
    }).pipe(inWorld),
  )

  it.effect("sends what is pinned, and refuses what is not", () =>
    Effect.gen(function* () {
      yield* define("MUG", "PEN")
      yield* receive("MUG", 5)
      yield* receive("PEN", 5)
      yield* commit([
        ["MUG", 4],
        ["PEN", 2],
      ])
      const before = yield* everything()
      expect(yield* Effect.flip(dispatch())).toMatchObject({ _tag: "NotAllocated", allocated: 0 })
      expect(yield* everything()).toEqual(before)
      yield* allocate
      const pinnedWorld = yield* everything()
      expect(yield* Effect.flip(dispatch({ lines: [{ line: "1", quantity: 5 }] }))).toMatchObject({
        _tag: "NotAllocated",
        line: "1",
        sku: "MUG",
        wanted: 5,
        allocated: 4,
      })
      expect(
        yield* Effect.flip(dispatch({ lines: [{ line: "2", quantity: 1 }, { line: "3" }] })),
      ).toMatchObject({ _tag: "NotFound", kind: "line", id: "3" })
      expect(yield* Effect.flip(dispatch({ lines: [{ line: "2" }, { line: "2" }] }))).toMatchObject(
        { _tag: "InvalidInput", issues: [{ path: "lines[1].line" }] },
      )
      expect(yield* everything()).toEqual(pinnedWorld)
      expect((yield* dispatch({ lines: [{ line: "2" }] })).moved).toMatchObject([
        { sku: "PEN", quantity: 2 },
      ])
      expect((yield* books).pending).toMatchObject([{ sku: "MUG", quantity: 4 }])
    }).pipe(inWorld),
  )

  it.effect("sends the components of a kit, all or those that are named", () =>
    Effect.gen(function* () {
      yield* define("TEA", "CUP")
      yield* defineVirtualKit("SET", ["TEA", 1], ["CUP", 4])
      yield* receive("TEA", 10)
      yield* receive("CUP", 10)
      yield* commit([["SET", 2]])
      yield* allocate
      expect(yield* Effect.flip(dispatch({ lines: [{ line: "1", quantity: 1 }] }))).toMatchObject({
        _tag: "InvalidInput",
        issues: [{ path: "lines[0].sku" }],
      })
      const some = yield* dispatch({ key: "1", lines: [{ line: "1", sku: "CUP", quantity: 3 }] })
      expect(some.moved).toMatchObject([{ sku: "CUP", quantity: 3 }])
      const rest = yield* dispatch({ key: "2", lines: [{ line: "1" }] })
      expect(rest.moved.map(({ sku, quantity }) => [sku, quantity]).sort()).toEqual([
        ["CUP", 5],
        ["TEA", 2],
      ])
      expect((yield* books).pools).toMatchObject({
        TEA: { onHand: 8, committed: 0 },
        CUP: { onHand: 2, committed: 0 },
      })
    }).pipe(inWorld),
  )

  it.effect("spreads a quantity over several commitments of a line, the oldest first", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* receive("MUG", 5, { warehouse: LEEDS })
      yield* commit([["MUG", 2]])
      yield* commit([], { lines: [{ line: "1", sku: "MUG", warehouse: LEEDS, quantity: 2 }] })
      yield* allocate
      expect(yield* Effect.flip(dispatch({ lines: [{ line: "1", quantity: 5 }] }))).toMatchObject({
        _tag: "NotAllocated",
        wanted: 5,
        allocated: 4,
      })
      yield* dispatch({ key: "1", lines: [{ line: "1", quantity: 3 }] })
      expect((yield* books).pools).toMatchObject({
        MUG: { onHand: 3, committed: 0 },
        "MUG in Leeds": { onHand: 4, committed: 1 },
      })
      yield* dispatch({ key: "2", lines: [{ line: "1", warehouse: LEEDS }] })
      expect((yield* books).pending).toEqual([])
    }).pipe(inWorld),
  )

  it.effect("sends no unit of a lot from the millisecond of its expiry (R10)", () =>
    Effect.gen(function* () {
      yield* define({ sku: "MILK", tracking: { lot: true, expiry: true } })
      yield* receive("MILK", 4, { lot: "L1", expiresAt: DAY })
      yield* commit([["MILK", 2]])
      yield* allocate
      yield* TestClock.setTime(DAY)
      const before = yield* everything()
      expect(yield* Effect.flip(dispatch({ key: "1" }))).toMatchObject({
        _tag: "LotRefused",
        lot: "L1",
        reason: "expired",
      })
      expect(yield* everything()).toEqual(before)
      yield* TestClock.setTime(DAY - 1)
      expect((yield* dispatch({ key: "2" })).moved).toMatchObject([{ quantity: 2 }])
    }).pipe(inWorld),
  )

  it.effect("sends no unit of a lot that was recalled since it was pinned (R10)", () =>
    Effect.gen(function* () {
      yield* define({ sku: "MILK", tracking: { lot: true } })
      yield* receive("MILK", 4, { lot: "L1" })
      yield* commit([["MILK", 2]])
      yield* allocate
      yield* recallLot({ key: "recall", sku: "MILK", lot: "L1" })
      expect(yield* Effect.flip(dispatch())).toMatchObject({
        _tag: "LotRefused",
        reason: "recalled",
      })
    }).pipe(inWorld),
  )

  it.effect("takes serial-tracked units by their serials, from where they are pinned (L5)", () =>
    Effect.gen(function* () {
      yield* define({ sku: "PHONE", tracking: { serial: true } })
      yield* receive("PHONE", 2, { serials: ["S1", "S2"], bin: "A-1" })
      yield* receive("PHONE", 2, { serials: ["S3", "S4"], bin: "A-2" })
      yield* commit([["PHONE", 3]])
      yield* allocate
      const attempt = (line: object) =>
        Effect.flip(dispatch({ lines: [{ line: "1", ...line }] as never }))
      const before = yield* everything()
      expect(yield* attempt({})).toMatchObject({ _tag: "TrackingRefused", field: "serial" })
      expect(yield* attempt({ quantity: 2, serials: ["S1"] })).toMatchObject({
        _tag: "TrackingRefused",
        field: "quantity",
      })
      expect(yield* attempt({ serials: ["S1", "S1"] })).toMatchObject({
        _tag: "TrackingRefused",
        field: "serial",
      })
      expect(yield* attempt({ serials: ["S9"] })).toMatchObject({
        _tag: "SerialElsewhere",
        serial: "S9",
      })
      expect(yield* attempt({ serials: ["S3", "S4"] })).toMatchObject({ _tag: "NotAllocated" })
      expect(yield* everything()).toEqual(before)
      const { moved } = yield* dispatch({ lines: [{ line: "1", serials: ["S2", "S4"] }] })
      expect(moved.map(({ quantity }) => quantity)).toEqual([1, 1])
      const gone = (yield* records(StockSerials)).flatMap(({ value: { serial, location } }) =>
        location._tag === "Customer" ? [serial] : [],
      )
      expect(gone).toEqual(["S2", "S4"])
      const after = yield* books
      expect(after.cells).toMatchObject({
        "A-1 PHONE": { onHand: 1, allocated: 1 },
        "A-2 PHONE": { onHand: 1, allocated: 0 },
      })
      expect(after.kept).toEqual(after.counted)
      expect(
        yield* Effect.flip(dispatch({ key: "2", lines: [{ line: "1", serials: ["S2"] }] })),
      ).toMatchObject({ _tag: "SerialElsewhere", location: { _tag: "Customer" } })
    }).pipe(inWorld),
  )

  it.effect("takes no serials for a product without them", () =>
    Effect.gen(function* () {
      yield* pinned(3)
      expect(
        yield* Effect.flip(dispatch({ lines: [{ line: "1", serials: ["S1"] }] })),
      ).toMatchObject({ _tag: "TrackingRefused", sku: "MUG", field: "serial" })
    }).pipe(inWorld),
  )

  it.effect("sends nothing for a merchant on stop, who may still give back", () =>
    Effect.gen(function* () {
      yield* pinned(3)
      const store = yield* Store
      const standing = Option.getOrThrow(yield* store.get(Standings, "standing"))
      yield* store.commit([replace(standing, { ...standing.value, state: "on_stop" })])
      expect(yield* Effect.flip(dispatch())).toMatchObject({ _tag: "StandingRefused" })
      yield* releaseCommitment({ key: "back", document: BASKET })
      expect((yield* books).pools).toMatchObject({ MUG: { onHand: 10, committed: 0 } })
    }).pipe(inWorld),
  )

  it.effect("does not see the documents of another merchant", () =>
    Effect.gen(function* () {
      yield* pinned(3)
      expect(yield* Effect.flip(dispatch().pipe(inside(MERCHANT_B)))).toMatchObject({
        _tag: "NotFound",
        kind: "basket",
        id: BASKET.id,
      })
    }).pipe(inWorld),
  )
})
