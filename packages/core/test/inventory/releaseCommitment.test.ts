import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  allocateStock,
  Commitments,
  changeStockSettings,
  dispatchStock,
  expireCommitments,
  isOverdue,
  releaseCommitment,
} from "../../src/inventory/index.ts"
import type { Timestamp } from "../../src/kernel/index.ts"
import { openSweeper, Store, Sweeper } from "../../src/store/index.ts"
import { inside, inWorld, MERCHANT_B } from "../world.ts"
import {
  type Attempt,
  BASKET,
  books,
  commit,
  define,
  defineVirtualKit,
  everything,
  freshKey,
  receive,
  records,
} from "./promiseWorld.ts"

const allocate = allocateStock({ key: "allocate", document: BASKET })

describe("releaseCommitment", () => {
  it.effect("gives everything back, and leaves every quantity as it was (R4, R5)", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5, { bin: "A-1" })
      yield* receive("MUG", 5, { bin: "A-2" })
      const before = yield* books
      yield* commit([["MUG", 7]])
      yield* allocate
      const { commitments, released } = yield* releaseCommitment({ key: "1", document: BASKET })
      expect(commitments).toMatchObject([{ line: "1", quantity: 7, state: "voided" }])
      expect(released.map(({ quantity }) => quantity)).toEqual([2, 5])
      const after = yield* books
      expect(after.pools).toEqual(before.pools)
      expect(after.cells).toEqual(before.cells)
      expect(after.live).toEqual([])
      expect(after.kept).toEqual(after.counted)
      expect(yield* records(Commitments)).toMatchObject([
        { value: { state: "voided", resolvedAt: 0, quantity: 7, allocated: 0, unallocated: 0 } },
      ])
    }).pipe(inWorld),
  )

  it.effect("shrinks a commitment that gives back a part, its newest pins first", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5, { bin: "A-1" })
      yield* receive("MUG", 5, { bin: "A-2" })
      const [committed] = (yield* commit([["MUG", 9]])).commitments
      const id = committed?.commitment ?? ""
      yield* allocateStock({ key: "a1", commitments: [{ id, quantity: 5 }] })
      yield* TestClock.adjust("1 minute")
      yield* allocateStock({ key: "a2", commitments: [{ id, quantity: 3 }] })
      const { released } = yield* releaseCommitment({
        key: "1",
        commitments: [{ id, quantity: 4 }],
      })
      expect(released).toMatchObject([
        { cell: expect.stringContaining("A-2"), quantity: 3 },
        { cell: expect.stringContaining("A-1"), quantity: 1 },
      ])
      const { pools, cells, pending, live, kept, counted } = yield* books
      expect(pools).toMatchObject({ MUG: { committed: 5, uncommitted: 5 } })
      expect(cells).toMatchObject({ "A-1 MUG": { allocated: 4 }, "A-2 MUG": { allocated: 0 } })
      expect(pending).toMatchObject([{ id, quantity: 5, allocated: 4, unallocated: 1 }])
      expect(live.map(({ quantity }) => quantity)).toEqual([4])
      expect(kept).toEqual(counted)
    }).pipe(inWorld),
  )

  it.effect("resolves at most once (R6)", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      const [committed] = (yield* commit([["MUG", 5]])).commitments
      const id = committed?.commitment ?? ""
      yield* releaseCommitment({ key: "1", document: BASKET })
      const before = yield* everything()
      const resolved = { _tag: "CommitmentResolved", commitment: id, state: "voided" }
      const again: ReadonlyArray<Attempt> = [
        releaseCommitment({ key: "2", document: BASKET }),
        releaseCommitment({ key: "3", commitments: [{ id }] }),
        allocateStock({ key: "4", document: BASKET }),
        allocateStock({ key: "5", commitments: [{ id }] }),
        dispatchStock({ key: "6", document: BASKET }),
      ]
      for (const attempt of again) expect(yield* Effect.flip(attempt)).toMatchObject(resolved)
      expect(yield* everything()).toEqual(before)
    }).pipe(inWorld),
  )

  it.effect("does not tell a foreign commitment from one that never was", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      const [committed] = (yield* commit([["MUG", 5]])).commitments
      const id = committed?.commitment ?? ""
      const elsewhere = yield* Effect.flip(
        releaseCommitment({ key: "1", commitments: [{ id }] }).pipe(inside(MERCHANT_B)),
      )
      expect(elsewhere).toMatchObject({ _tag: "NotFound", kind: "commitment", id })
      expect(
        yield* Effect.flip(
          releaseCommitment({ key: "1", document: BASKET }).pipe(inside(MERCHANT_B)),
        ),
      ).toMatchObject({ _tag: "NotFound", kind: "basket", id: BASKET.id })
      expect((yield* books).pools).toMatchObject({ MUG: { committed: 5 } })
    }).pipe(inWorld),
  )

  it.effect("does not take one document for another of the same id and a different kind", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* commit([["MUG", 2]])
      yield* commit([["MUG", 1]], { document: { kind: "quote", id: BASKET.id } })
      yield* releaseCommitment({ key: "1", document: { kind: "quote", id: BASKET.id } })
      expect((yield* books).pending).toMatchObject([{ documentKind: "basket", quantity: 2 }])
    }).pipe(inWorld),
  )

  it.effect("releases every component of a kit", () =>
    Effect.gen(function* () {
      yield* define("TEA", "CUP")
      yield* defineVirtualKit("SET", ["TEA", 1], ["CUP", 4])
      yield* receive("TEA", 10)
      yield* receive("CUP", 10)
      yield* commit([["SET", 2]])
      yield* releaseCommitment({ key: "1", document: BASKET })
      expect((yield* books).pools).toMatchObject({
        TEA: { committed: 0, uncommitted: 10 },
        CUP: { committed: 0, uncommitted: 10 },
      })
    }).pipe(inWorld),
  )
})

describe("expireCommitments", () => {
  const due = (until: number) =>
    Effect.flatMap(Store, (store) =>
      Stream.runCollect(store.due(Commitments, "expiry", until)),
    ).pipe(
      Effect.provideService(Sweeper, openSweeper()),
      Effect.map((found) => found.map(({ id }) => id)),
    )
  const expire = (commitments: ReadonlyArray<string>) =>
    expireCommitments({
      key: freshKey(),
      commitments: commitments as unknown as readonly [string, ...Array<string>],
    })

  it("is due from the very millisecond of its expiry", () => {
    const commitment = { state: "pending", expiresAt: 1000 as Timestamp } as const
    expect([999, 1000, 1001].map((at) => isOverdue(commitment, at as Timestamp))).toEqual([
      false,
      true,
      true,
    ])
    expect(isOverdue({ state: "pending" }, 9e15 as Timestamp)).toBe(false)
    expect(isOverdue({ ...commitment, state: "voided" }, 1000 as Timestamp)).toBe(false)
  })

  it.effect("lets go of what is due, and of nothing else", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 9)
      const soon = yield* commit([["MUG", 2]], { expiresInMillis: 1000 })
      const later = yield* commit([["MUG", 3]], { expiresInMillis: 2000 })
      const never = yield* commit([["MUG", 4]])
      expect(soon.expiresAt).toBe(1000)
      expect(never).not.toHaveProperty("expiresAt")
      const ids = [soon, later, never].map(({ commitments }) => commitments[0]?.commitment ?? "")
      yield* TestClock.setTime(999)
      expect((yield* expire(ids)).expired).toEqual([])
      yield* TestClock.setTime(1000)
      expect(yield* due(1000)).toEqual([ids[0]])
      expect((yield* expire(ids)).expired).toEqual([ids[0]])
      expect((yield* expire(ids)).expired).toEqual([])
      expect(yield* due(1000)).toEqual([])
      const { pools, pending, kept, counted } = yield* books
      expect(pools).toMatchObject({ MUG: { committed: 7, uncommitted: 2 } })
      expect(pending.map(({ quantity }) => quantity).sort()).toEqual([3, 4])
      expect(kept).toEqual(counted)
    }).pipe(inWorld),
  )

  it.effect("frees what was pinned, and refuses a late allocation or dispatch (R6)", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      const [committed] = (yield* commit([["MUG", 2]], { expiresInMillis: 1000 })).commitments
      yield* allocate
      yield* TestClock.setTime(1000)
      const id = committed?.commitment ?? ""
      const late: ReadonlyArray<Attempt> = [
        dispatchStock({ key: "1", document: BASKET }),
        allocateStock({ key: "2", document: BASKET }),
      ]
      const before = yield* everything()
      for (const attempt of late)
        expect(yield* Effect.flip(attempt)).toMatchObject({
          _tag: "CommitmentResolved",
          state: "expired",
        })
      expect(yield* everything()).toEqual(before)
      expect((yield* expire([id])).released).toMatchObject([{ quantity: 2 }])
      for (const attempt of late)
        expect(yield* Effect.flip(attempt)).toMatchObject({
          _tag: "CommitmentResolved",
          commitment: id,
          state: "expired",
        })
      expect((yield* books).cells).toEqual({ "A-1 MUG": { onHand: 5, allocated: 0 } })
    }).pipe(inWorld),
  )

  it.effect("passes over what it does not know, and what is another merchant's", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      const [committed] = (yield* commit([["MUG", 2]], { expiresInMillis: 1000 })).commitments
      yield* TestClock.setTime(2000)
      const id = committed?.commitment ?? ""
      expect((yield* expire([id]).pipe(inside(MERCHANT_B))).expired).toEqual([])
      expect((yield* books).pending).toHaveLength(1)
    }).pipe(inWorld),
  )

  it.effect("goes by the merchant's setting where the request says nothing", () =>
    Effect.gen(function* () {
      yield* define("MUG")
      yield* receive("MUG", 5)
      yield* changeStockSettings({ key: "s", commitmentLifetime: 5000 })
      expect((yield* commit([["MUG", 1]])).expiresAt).toBe(5000)
      expect(yield* commit([["MUG", 1]], { expiresInMillis: null })).not.toHaveProperty("expiresAt")
    }).pipe(inWorld),
  )
})
