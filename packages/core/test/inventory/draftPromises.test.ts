import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import {
  Allocations,
  allocateStock,
  type Commitment,
  Commitments,
  draftAllocate,
  draftCommit,
  draftDeallocate,
  draftDispatch,
  draftVoid,
  findAllocations,
  findCommitments,
  WarehouseId,
} from "../../src/inventory/index.ts"
import { Quantity, Sku, type Timestamp } from "../../src/kernel/index.ts"
import { Store, type Stored } from "../../src/store/index.ts"
import { inWorld } from "../world.ts"
import { BASKET, books, commit, define, LONDON, receive, records } from "./promiseWorld.ts"

const NOW = 0 as Timestamp
const units = (quantity: number) => Quantity.make(quantity)

/** A promise of 6 mugs, 4 of them pinned: 3 in A-1 and 1 in A-2. */
const promised = Effect.gen(function* () {
  yield* define("MUG")
  yield* receive("MUG", 3, { bin: "A-1" })
  yield* receive("MUG", 5, { bin: "A-2" })
  const [line] = (yield* commit([["MUG", 6]])).commitments
  yield* allocateStock({
    key: "pin",
    commitments: [{ id: line?.commitment ?? "", quantity: 4 }],
  })
  return yield* reload(line?.commitment ?? "")
})

const reload = (id: string) =>
  Effect.flatMap(Store, (store) => Effect.map(store.get(Commitments, id), Option.getOrThrow))

const apply = (draft: {
  readonly entries: ReadonlyArray<Parameters<Store["Service"]["commit"]>[0][number]>
}) => Effect.flatMap(Store, (store) => store.commit(draft.entries))

const context = {
  at: NOW,
  actor: { kind: "user", id: "tester" },
  key: "dispatch",
  rest: "keep",
} as unknown as Parameters<typeof draftDispatch>[1]

describe("draftVoid", () => {
  it.effect("takes pinned units first, or those that are not pinned", () =>
    Effect.gen(function* () {
      const commitment = yield* promised
      const take = [{ commitment, quantity: units(3) }]
      const pinned = yield* draftVoid(take, { at: NOW, state: "voided" })
      expect(pinned.released.map(({ quantity }) => quantity)).toEqual([1, 2])
      expect(pinned.commitments).toMatchObject([{ quantity: 3, allocated: 1, unallocated: 2 }])
      const loose = yield* draftVoid(take, { at: NOW, state: "voided", first: "unallocated" })
      expect(loose.released.map(({ quantity }) => quantity)).toEqual([1])
      expect(loose.commitments).toMatchObject([{ quantity: 3, allocated: 3, unallocated: 0 }])
      yield* apply(loose)
      const { kept, counted } = yield* books
      expect(kept).toEqual(counted)
    }).pipe(inWorld),
  )

  it.effect("counts several takes of one commitment as their sum", () =>
    Effect.gen(function* () {
      const commitment = yield* promised
      const takes = [1, 2, 3].map((quantity) => ({ commitment, quantity: units(quantity) }))
      const draft = yield* draftVoid(takes, { at: NOW, state: "voided" })
      expect(draft.commitments).toMatchObject([{ state: "voided", quantity: 6 }])
      yield* apply(draft)
      expect((yield* books).pools).toMatchObject({ MUG: { committed: 0, uncommitted: 8 } })
    }).pipe(inWorld),
  )

  it.effect("leaves a record of the part of an allocation that it releases", () =>
    Effect.gen(function* () {
      const commitment = yield* promised
      const draft = yield* draftVoid([{ commitment, quantity: units(2) }], {
        at: NOW,
        state: "voided",
      })
      yield* apply(draft)
      const parts = (yield* records(Allocations)).map(({ value: { quantity, state } }) => [
        quantity,
        state,
      ])
      expect(parts.sort()).toEqual([
        [1, "released"],
        [1, "released"],
        [2, "live"],
      ])
      expect(yield* findAllocations(BASKET.id, "released")).toHaveLength(2)
    }).pipe(inWorld),
  )

  it.effect("refuses a commitment that is not pending (R6)", () =>
    Effect.gen(function* () {
      const commitment = yield* promised
      yield* apply(yield* draftVoid([{ commitment }], { at: NOW, state: "voided" }))
      const resolved = yield* reload(commitment.id)
      for (const state of ["voided", "expired"] as const)
        expect(
          yield* Effect.flip(draftVoid([{ commitment: resolved }], { at: NOW, state })),
        ).toMatchObject({ _tag: "CommitmentResolved", state: "voided" })
      expect(yield* findCommitments(BASKET.id, "pending")).toEqual([])
      expect(yield* findCommitments(BASKET.id)).toHaveLength(1)
    }).pipe(inWorld),
  )
})

describe("a draft that is asked for more than there is", () => {
  const dies = <A, E>(draft: Effect.Effect<A, E, never>) => Effect.exit(draft)

  it.effect("is a defect of its caller", () =>
    Effect.gen(function* () {
      const commitment: Stored<Commitment> = yield* promised
      const [allocation] = yield* findAllocations(BASKET.id, "live")
      if (allocation === undefined) throw new Error("nothing is pinned")
      const drafts = [
        draftVoid([{ commitment, quantity: units(7) }], { at: NOW, state: "voided" }),
        draftVoid([{ commitment }, { commitment, quantity: units(1) }], {
          at: NOW,
          state: "voided",
        }),
        draftAllocate([{ commitment, quantity: units(3) }], { at: NOW }),
        draftDeallocate([{ allocation, quantity: 4 }], { at: NOW }),
      ]
      for (const draft of drafts) {
        const exit = yield* dies(draft as Effect.Effect<unknown>)
        expect(String(exit)).toContain("RangeError")
      }
    }).pipe(inWorld),
  )
})

describe("draftCommit", () => {
  it.effect("drafts one guarded change for each pool, and one commitment for each line", () =>
    Effect.gen(function* () {
      yield* define("MUG", "PEN")
      const request = (line: string, sku: string, quantity: number) => ({
        document: BASKET,
        line,
        sku: Sku.make(sku),
        warehouse: WarehouseId.make(LONDON),
        quantity: units(quantity),
      })
      const draft = yield* draftCommit(
        [request("1", "MUG", 2), request("2", "PEN", 1), request("3", "MUG", 3)],
        { policy: "whole", at: NOW },
      )
      expect(draft.entries.filter(({ kind }) => kind === "insert")).toHaveLength(3)
      expect(draft.entries.filter(({ kind }) => kind === "add")).toMatchObject([
        {
          id: `${LONDON}/MUG`,
          deltas: { committed: 5, uncommitted: -5 },
          floors: { uncommitted: 0 },
        },
        {
          id: `${LONDON}/PEN`,
          deltas: { committed: 1, uncommitted: -1 },
          floors: { uncommitted: 0 },
        },
      ])
      expect(yield* draftCommit([], { policy: "whole", at: NOW })).toMatchObject({
        entries: [],
        granted: [],
      })
    }).pipe(inWorld),
  )
})

describe("draftDispatch", () => {
  it.effect("records what left of an allocation, and what stays under the new promise", () =>
    Effect.gen(function* () {
      const commitment = yield* promised
      const draft = yield* draftDispatch([{ commitment, quantity: units(2) }], context)
      expect(draft.posted).toMatchObject([
        { quantity: 2, state: "posted", commitment: commitment.id },
      ])
      expect(draft.commitments).toMatchObject([{ state: "posted", quantity: 6, posted: 2 }])
      expect(draft.kept).toMatchObject([{ quantity: 4, allocated: 2, unallocated: 2, line: "1" }])
      yield* apply(draft)
      const live = yield* findAllocations(BASKET.id, "live")
      expect(live.map(({ value }) => [value.quantity, value.commitment])).toEqual([
        [1, draft.kept[0]?.id],
        [1, draft.kept[0]?.id],
      ])
      expect(yield* findAllocations(BASKET.id, "posted")).toMatchObject([
        { value: { quantity: 2, commitment: commitment.id } },
      ])
    }).pipe(inWorld),
  )
})
