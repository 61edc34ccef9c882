import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import type { CommandServices } from "../../src/command/index.ts"
import {
  adjustStock,
  allocateStock,
  dispatchStock,
  recallLot,
  releaseAllocation,
  releaseCommitment,
  StockLots,
  StockMovements,
} from "../../src/inventory/index.ts"
import { Ids } from "../../src/kernel/index.ts"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import { Driver, replace, Store } from "../../src/store/index.ts"
import { inside, MERCHANT_A, opened } from "../world.ts"
import {
  type Attempt,
  BASKET,
  books,
  commit,
  DAY,
  define,
  LONDON,
  receive,
  records,
} from "./promiseWorld.ts"

/** What happens once, right before the next commit: after everything that the operation at work has read. */
const next: { meanwhile: Effect.Effect<unknown> } = { meanwhile: Effect.void }

const overtakingDriver = Layer.effect(
  Driver,
  Effect.map(Driver, (plain) =>
    Driver.of({
      ...plain,
      commit: (...args) =>
        Effect.suspend(() => {
          const { meanwhile } = next
          next.meanwhile = Effect.void
          return Effect.andThen(meanwhile, plain.commit(...args))
        }),
    }),
  ),
).pipe(Layer.provide(storeDriver))

const world = Layer.mergeAll(Store.layer([]).pipe(Layer.provide(overtakingDriver)), Ids.layer)

/** Sets what overtakes the operation that comes next. */
const overtakenBy = (meanwhile: Attempt) =>
  Effect.map(Effect.context<CommandServices>(), (surroundings) => {
    next.meanwhile = meanwhile.pipe(Effect.orDie, Effect.provideContext(surroundings))
  })

const inOvertakingWorld = <A, E>(work: Effect.Effect<A, E, CommandServices>) =>
  Effect.andThen(opened(), work).pipe(inside(MERCHANT_A), Effect.provide(world, { local: true }))

const twoLots = Effect.gen(function* () {
  yield* define({ sku: "MILK", tracking: { lot: true } })
  yield* receive("MILK", 4, { lot: "L1", bin: "A-1" })
  yield* receive("MILK", 4, { lot: "L2", bin: "A-2" })
  yield* commit([["MILK", 3]])
})

const allocate = Effect.suspend(() => allocateStock({ key: "allocate", document: BASKET }))
const dispatch = Effect.suspend(() => dispatchStock({ key: "dispatch", document: BASKET }))
const recall = Effect.suspend(() => recallLot({ key: "recall", sku: "MILK", lot: "L1" }))
const release = Effect.suspend(() => releaseCommitment({ key: "release", document: BASKET }))
const deallocate = Effect.suspend(() => releaseAllocation({ key: "unpin", document: BASKET }))

describe("an operation that is overtaken between reading and commit", () => {
  it.effect("allocates from another lot when its lot is recalled (R10)", () =>
    Effect.gen(function* () {
      yield* twoLots
      yield* overtakenBy(recall)
      expect((yield* allocate).allocations).toMatchObject([{ lot: "L2", quantity: 3 }])
    }).pipe(inOvertakingWorld),
  )

  it.effect("allocates from another lot although the recalled units still lie there (R10)", () =>
    Effect.gen(function* () {
      yield* twoLots
      const store = yield* Store
      const lot = Option.getOrThrow(yield* store.get(StockLots, "MILK/L1"))
      // As for a lot in more cells than one call of the recall moves.
      yield* overtakenBy(
        store.commit([replace(lot, { ...lot.value, recalledAt: lot.value.firstReceivedAt })]),
      )
      expect((yield* allocate).allocations).toMatchObject([{ lot: "L2", quantity: 3 }])
    }).pipe(inOvertakingWorld),
  )

  it.effect("does not allocate what a recall without free units closed (R10)", () =>
    Effect.gen(function* () {
      yield* define({ sku: "MILK", tracking: { lot: true } })
      yield* receive("MILK", 3, { lot: "L1" })
      yield* commit([["MILK", 3]])
      yield* allocate
      // The recall finds everything pinned; then the pins go, and the units are free in a recalled lot.
      yield* recall
      yield* deallocate
      expect(yield* allocateStock({ key: "again", document: BASKET })).toMatchObject({
        allocations: [],
        short: [{ missing: 3 }],
      })
    }).pipe(inOvertakingWorld),
  )

  it.effect("does not dispatch a lot that is recalled (R10)", () =>
    Effect.gen(function* () {
      yield* twoLots
      yield* allocate
      yield* overtakenBy(recall)
      expect(yield* Effect.flip(dispatch)).toMatchObject({ _tag: "LotRefused", lot: "L1" })
      const moved = yield* records(StockMovements)
      expect(moved.filter(({ value }) => value.reason === "dispatch")).toEqual([])
    }).pipe(inOvertakingWorld),
  )

  it.effect("pins no unit that somebody else took", () =>
    Effect.gen(function* () {
      yield* twoLots
      yield* commit([["MILK", 2]], { document: { kind: "basket", id: "other" } })
      yield* overtakenBy(allocateStock({ key: "other", document: { kind: "basket", id: "other" } }))
      expect((yield* allocate).allocations.map(({ lot, quantity }) => [lot, quantity])).toEqual([
        ["L1", 2],
        ["L2", 1],
      ])
      const { kept, counted } = yield* books
      expect(kept).toEqual(counted)
    }).pipe(inOvertakingWorld),
  )

  it.effect("pins no unit that was lost meanwhile", () =>
    Effect.gen(function* () {
      yield* twoLots
      const lost = { warehouse: LONDON, bin: "A-1", sku: "MILK", lot: "L1", quantity: 2 }
      yield* overtakenBy(adjustStock({ key: "lost", direction: "remove", reason: "lost", ...lost }))
      expect((yield* allocate).allocations.map(({ lot, quantity }) => [lot, quantity])).toEqual([
        ["L1", 2],
        ["L2", 1],
      ])
    }).pipe(inOvertakingWorld),
  )

  it.effect("does nothing to a promise that was given back", () =>
    Effect.gen(function* () {
      yield* twoLots
      yield* overtakenBy(release)
      expect(yield* Effect.flip(allocate)).toMatchObject({ _tag: "CommitmentResolved" })
      expect((yield* books).live).toEqual([])
    }).pipe(inOvertakingWorld),
  )

  it.effect("gives back what was pinned meanwhile too", () =>
    Effect.gen(function* () {
      yield* twoLots
      yield* overtakenBy(allocate)
      expect((yield* release).released).toMatchObject([{ quantity: 3 }])
      const { live, pools, kept, counted } = yield* books
      expect(live).toEqual([])
      expect(pools).toMatchObject({ MILK: { committed: 0, uncommitted: 8 } })
      expect(kept).toEqual(counted)
    }).pipe(inOvertakingWorld),
  )

  it.effect("sends nothing that was unpinned meanwhile, and unpins nothing that was sent", () =>
    Effect.gen(function* () {
      yield* twoLots
      yield* allocate
      yield* overtakenBy(deallocate)
      expect(yield* Effect.flip(dispatch)).toMatchObject({ _tag: "NotAllocated", allocated: 0 })
      yield* allocateStock({ key: "again", document: BASKET })
      yield* overtakenBy(dispatchStock({ key: "sent", document: BASKET }))
      expect(
        yield* Effect.flip(releaseAllocation({ key: "late", document: BASKET })),
      ).toMatchObject({ _tag: "CommitmentResolved", state: "posted" })
      const { pools, kept, counted } = yield* books
      expect(pools).toMatchObject({ MILK: { onHand: 5, committed: 0 } })
      expect(kept).toEqual(counted)
    }).pipe(inOvertakingWorld),
  )

  it.effect("decides by the clock of its last try (R6, R10)", () =>
    Effect.gen(function* () {
      yield* define({ sku: "MILK", tracking: { lot: true, expiry: true } })
      yield* receive("MILK", 4, { lot: "L1", expiresAt: DAY })
      yield* commit([["MILK", 3]])
      yield* allocate
      // Something moves the commitment, and midnight passes.
      yield* overtakenBy(
        Effect.andThen(deallocate, allocateStock({ key: "again", document: BASKET })).pipe(
          Effect.andThen(TestClock.setTime(DAY)),
        ),
      )
      expect(yield* Effect.flip(dispatch)).toMatchObject({ _tag: "LotRefused", reason: "expired" })
    }).pipe(inOvertakingWorld),
  )
})
