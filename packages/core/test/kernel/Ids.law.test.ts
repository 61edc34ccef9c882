import { it } from "@effect/vitest"
import { Clock, Effect, Random, References, Schema } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { describe, expect } from "vitest"
import { Ids, nextId, Uuid } from "../../src/kernel/index.ts"

const isUuid = Schema.is(Uuid)
const next = Effect.flatMap(Ids, (ids) => ids.next)
const withIds = Effect.provide(Ids.layer, { local: true })

/** The milliseconds that a UUIDv7 carries. */
const millisOf = (id: string): number => Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)

/** Ids under a clock that moves as told before each. */
const idsAt = (instants: ReadonlyArray<number>) =>
  Effect.forEach(instants, (instant) => Effect.andThen(TestClock.setTime(instant), next)).pipe(
    withIds,
  )

const inTestClock = <A, E>(work: Effect.Effect<A, E>) =>
  Effect.runPromise(Effect.provide(work, TestClock.layer(), { local: true }))

const expectLawful = (ids: ReadonlyArray<string>) => {
  expect(ids.filter((id) => !isUuid(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual([...ids].sort())
}

describe("ids", () => {
  it("are UUIDs of version 7, unique and in order, however the clock moves", async () => {
    const anyInstants = fc.array(
      fc.nat(200).map((quarters) => quarters / 4),
      { minLength: 1, maxLength: 200, size: "max" },
    )
    await fc.assert(
      fc.asyncProperty(anyInstants, async (instants) =>
        expectLawful(await inTestClock(idsAt(instants))),
      ),
      { numRuns: 200 },
    )
  })

  it.effect("carry the time at which they were made", () =>
    Effect.gen(function* () {
      const [first, second] = yield* idsAt([1_764_000_000_123, 1_764_000_000_999.5])
      expect(millisOf(first ?? "")).toBe(1_764_000_000_123)
      expect(millisOf(second ?? "")).toBe(1_764_000_000_999)
    }),
  )

  it.effect("stay in order within one millisecond, by the thousand", () =>
    Effect.gen(function* () {
      const ids = yield* Effect.replicateEffect(next, 20_000).pipe(withIds)
      expectLawful(ids)
      expect(new Set(ids.map(millisOf)).size).toBe(1)
    }),
  )

  it.effect(
    "stay in order when the clock steps back, and go on with it when it has caught up",
    () =>
      Effect.gen(function* () {
        const ids = yield* idsAt([5000, 4000, 10, 4999, 5000, 5001])
        expectLawful(ids)
        expect(ids.map(millisOf)).toEqual([5000, 5000, 5000, 5000, 5000, 5001])
      }),
  )

  it.effect("stay in order when the random part runs over", () =>
    Effect.gen(function* () {
      const largest = { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => 1 - 2 ** -53 }
      const ids = yield* Effect.replicateEffect(next, 50).pipe(
        withIds,
        Effect.provideService(Random.Random, largest),
      )
      expectLawful(ids)
      expect(ids[0]?.slice(14)).toBe("7fff-9fff-ffffffffffff")
      expect(millisOf(ids[1] ?? "")).toBe(1)
    }),
  )

  it.effect("of the same seed and clock are the same, of another seed are others", () =>
    Effect.gen(function* () {
      const made = (seed: string) =>
        Effect.replicateEffect(next, 20).pipe(withIds, Random.withSeed(seed))
      expect(yield* made("one")).toEqual(yield* made("one"))
      expect(yield* made("one")).not.toEqual(yield* made("two"))
    }),
  )

  it("of many callers at once are unique, and each caller's own sort", async () => {
    // Fibers give way after a few steps, so that callers interleave inside the making of an id, and the clock
    // moves on now and then.
    let steps = 0
    const clock = { ...Clock.Clock.defaultValue() }
    const ticking = {
      ...clock,
      currentTimeMillis: Effect.sync(() => 1000 + Math.floor(steps++ / 7)),
    }
    for (const budget of [8, 11, 13, 17, 23]) {
      const callers = Effect.all(
        Array.from({ length: 16 }, () => Effect.replicateEffect(next, 50)),
        { concurrency: "unbounded" },
      ).pipe(
        withIds,
        Effect.provideService(References.MaxOpsBeforeYield, budget),
        Effect.provideService(Clock.Clock, ticking),
      )
      const made = await Effect.runPromise(callers)
      for (const own of made) expectLawful(own)
      expect(new Set(made.flat()).size).toBe(800)
    }
  })

  it.effect("are branded by their kind", () =>
    Effect.gen(function* () {
      const ParcelId = Uuid.pipe(Schema.brand("ParcelId"))
      const id: typeof ParcelId.Type = yield* nextId(ParcelId).pipe(withIds)
      expect(isUuid(id)).toBe(true)
    }),
  )

  it.each([
    "01890A5D-AC96-774B-8CCE-B302099A8057",
    "01890a5d-ac96-474b-8cce-b302099a8057",
    "01890a5d-ac96-774b-7cce-b302099a8057",
    "01890a5dac96774b8cceb302099a8057",
    "01890a5d-ac96-774b-8cce-b302099a805",
    " 01890a5d-ac96-774b-8cce-b302099a8057",
    "",
  ])("are not spelled otherwise: %s", (text) => {
    expect(isUuid(text)).toBe(false)
  })
})
