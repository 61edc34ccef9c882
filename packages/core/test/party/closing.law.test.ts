import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Result, Schema, Stream } from "effect"
import fc from "fast-check"
import { command } from "../../src/command/index.ts"
import { nextId, Uuid } from "../../src/kernel/index.ts"
import { changeStanding, closeMerchant } from "../../src/party/index.ts"
import { Collection, insert, Store } from "../../src/store/index.ts"
import { insideMerchant, openedMerchant } from "./operatorWorld.ts"
import { unevenWorld } from "./unevenDriver.ts"

const Mark = Schema.Struct({ id: Uuid })
const Marks = Collection.make("marks", { schema: Mark, key: (mark) => mark.id, indexes: {} })

/** A command that every standing but `closed` allows, and that touches nothing that anything else touches. */
const writeMark = (meanwhile: Effect.Effect<void> = Effect.void) =>
  command({
    action: "connectChannel",
    input: Schema.Struct({}),
    answer: Mark,
    standings: ["active", "on_stop", "suspended", "closing"],
    decide: Effect.fnUntraced(function* () {
      const mark = { id: yield* nextId(Uuid) }
      yield* meanwhile
      return { about: { kind: "mark", id: mark.id }, entries: [insert(Marks, mark)], answer: mark }
    }),
  })

const marks = Effect.flatMap(Store, (store) => Stream.runCollect(store.scan(Marks)))

const wind = changeStanding({ key: "wind-up", to: "closing", reason: "contract" })
const close = closeMerchant({ key: "close", reason: "contract" })

const WRITERS = 16
const ROUNDS = 4

/** Writers write while another fiber closes the merchant after `wait` turns. */
const history = (pace: ReadonlyArray<number>, wait: number) =>
  Effect.gen(function* () {
    const merchant = yield* openedMerchant()
    return yield* Effect.gen(function* () {
      const write = writeMark()
      const writers = yield* Effect.forkChild(
        Effect.forEach(
          Array.from({ length: WRITERS }, (_, writer) => writer),
          (writer) =>
            Effect.forEach(
              Array.from({ length: ROUNDS }, (_, round) => round),
              (round) => Effect.result(write({ key: `${writer}-${round}` })),
            ),
          { concurrency: "unbounded" },
        ),
      )
      for (let turn = 0; turn < wait; turn++) yield* Effect.yieldNow
      yield* wind
      yield* close
      const atClose = yield* marks
      const outcomes = (yield* Fiber.join(writers)).flat()
      return { atClose, afterwards: yield* marks, outcomes }
    }).pipe(insideMerchant(merchant))
  }).pipe(Effect.provide(unevenWorld(pace), { local: true }))

describe("a closed merchant", () => {
  it("has nothing committed after closeMerchant returned, however many write while it closes", async () => {
    let overtaken = 0
    let written = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 24 }),
        fc.nat({ max: 120 }),
        async (pace, wait) => {
          const { atClose, afterwards, outcomes } = await Effect.runPromise(history(pace, wait))
          expect(afterwards.map(({ id }) => id)).toEqual(atClose.map(({ id }) => id))
          const kept = new Set(atClose.map(({ id }) => id))
          for (const outcome of outcomes) {
            if (Result.isSuccess(outcome)) expect(kept).toContain(outcome.success.id)
            else expect(outcome.failure).toMatchObject({ _tag: "StandingRefused", state: "closed" })
          }
          overtaken += outcomes.filter(Result.isFailure).length
          written += kept.size
        },
      ),
      { numRuns: 300 },
    )
    // The histories are of use only if both happened: writers that came in time, and writers that did not.
    expect(overtaken).toBeGreaterThan(0)
    expect(written).toBeGreaterThan(0)
  })

  it.effect("refuses what was decided before and is committed after", () =>
    Effect.gen(function* () {
      const merchant = yield* openedMerchant()
      yield* Effect.gen(function* () {
        const decided = yield* Deferred.make<void>()
        const closed = yield* Deferred.make<void>()
        const late = writeMark(
          Effect.andThen(Deferred.succeed(decided, undefined), Deferred.await(closed)),
        )
        const writer = yield* Effect.forkChild(Effect.flip(late({ key: "late" })))
        yield* Deferred.await(decided)
        yield* wind
        yield* close
        yield* Deferred.succeed(closed, undefined)
        expect(yield* Fiber.join(writer)).toMatchObject({
          _tag: "StandingRefused",
          state: "closed",
        })
        expect(yield* marks).toEqual([])
      }).pipe(insideMerchant(merchant))
    }).pipe(Effect.provide(unevenWorld([0]), { local: true })),
  )
})
