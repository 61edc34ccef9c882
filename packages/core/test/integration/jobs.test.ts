// What a handler fails with is anything.
// @effect-diagnostics globalErrorInEffectFailure:off

import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Result, Schedule, Schema } from "effect"
import { TestClock } from "effect/testing"
import { AuditLog } from "../../src/audit/index.ts"
import {
  type JobAtWork,
  JobQueue,
  Jobs,
  LeaseLost,
  offer,
  onJob,
  work,
} from "../../src/integration/index.ts"
import { queueOf, retryMillis } from "../../src/integration/JobQueue.ts"
import { now, type Timestamp } from "../../src/kernel/index.ts"
import {
  CurrentPartition,
  insert,
  replace,
  Store,
  StoreUnavailable,
} from "../../src/store/index.ts"
import { MERCHANT_A, MERCHANT_B } from "../world.ts"
import {
  all,
  commit,
  dismiss,
  hire,
  inWorld,
  noted,
  Packing,
  pack,
  TapeMissing,
  theJob,
  within,
} from "./workWorld.ts"

/** Counts a run, and wants nothing to be true. */
const tally = (runs: Array<number>) => {
  runs.push(runs.length)
  return []
}

describe("a job", () => {
  it.effect("is there with the change that it follows from, and not without it", () =>
    inWorld(
      Effect.gen(function* () {
        const job = yield* offer(Packing, { parcel: 1 }, { at: yield* now })
        const change = yield* noted("sell", "p-1")
        yield* commit(change)
        expect(Exit.isFailure(yield* Effect.exit(commit(change, job)))).toBe(true)
        expect(yield* all(Jobs)).toEqual([])
        yield* commit(yield* noted("sell", "p-2"), job)
        expect(yield* theJob).toMatchObject({
          queue: "packing",
          payload: { parcel: 1 },
          attempts: 0,
        })
      }),
    ),
  )

  it.effect("is done in its partition, with its effect in the same batch", () =>
    inWorld(
      Effect.gen(function* () {
        const seen: Array<unknown> = []
        const packed = onJob(Packing, ({ payload, attempts, token }) =>
          Effect.gen(function* () {
            seen.push({ ...payload, attempts, token, in: (yield* CurrentPartition).id })
            return [yield* noted("pack", `p-${payload.parcel}`)]
          }),
        )
        yield* pack(7)
        yield* pack(8).pipe(within(MERCHANT_B))
        yield* hire([packed])
        yield* TestClock.adjust(1000)
        expect(seen).toHaveLength(2)
        expect(seen).toContainEqual({ parcel: 7, attempts: 1, token: 1, in: MERCHANT_A })
        expect(seen).toContainEqual({ parcel: 8, attempts: 1, token: 1, in: MERCHANT_B })
        expect(yield* all(Jobs)).toEqual([])
        expect(yield* all(AuditLog)).toMatchObject([{ action: "pack", object: { id: "p-7" } }])
        expect(yield* within(MERCHANT_B)(all(AuditLog))).toMatchObject([{ object: { id: "p-8" } }])
      }),
    ),
  )

  it.effect("is not taken before its delay is over", () =>
    inWorld(
      Effect.gen(function* () {
        const runs: Array<number> = []
        yield* commit(yield* offer(Packing, { parcel: 1 }, { at: yield* now, delayMillis: 5000 }))
        yield* hire([onJob(Packing, () => Effect.sync(() => tally(runs)))], { pollMillis: 1 })
        yield* TestClock.adjust(4999)
        expect(runs).toHaveLength(0)
        yield* TestClock.adjust(1)
        expect(runs).toHaveLength(1)
      }),
    ),
  )

  it.effect("that fails waits for its retry, and is dead after the last one, by its tag only", () =>
    inWorld(
      Effect.gen(function* () {
        const attempts: Array<number> = []
        const failing = onJob(Packing, (job) => {
          attempts.push(job.attempts)
          return Effect.fail(new TapeMissing({ of: "Ada Lovelace" }))
        })
        yield* pack(1)
        yield* hire([failing], { pollMillis: 100 })
        yield* TestClock.adjust(100)
        expect(yield* theJob).toMatchObject({ state: { _tag: "Waiting", at: 1000 }, attempts: 1 })
        yield* TestClock.adjust(999)
        expect(attempts).toEqual([1, 2])
        yield* TestClock.adjust(3000)
        expect(attempts).toEqual([1, 2, 3])
        expect(yield* theJob).toMatchObject({ state: { _tag: "Dead", reason: "TapeMissing" } })
        const [event] = yield* all(AuditLog)
        expect(event).toMatchObject({
          action: "giveUpJob",
          outcome: "refused",
          reason: "TapeMissing",
        })
        expect(JSON.stringify([yield* all(Jobs), event])).not.toContain("Lovelace")
      }),
    ),
  )

  it.effect.each([
    ["dies", Effect.die(new Error("Ada Lovelace")), "Defect"],
    ["fails with an error of a library", Effect.fail(new RangeError("Ada Lovelace")), "RangeError"],
    ["fails with what is no error", Effect.fail("Ada Lovelace"), "Error"],
    ["interrupts itself", Effect.interrupt, "Interrupted"],
    ["never ends", Effect.never, "TimeoutError"],
    [
      "wants what the store refuses",
      Effect.map(theJob, (job) => (job === undefined ? [] : [insert(AuditLog, job as never)])),
      "Defect",
    ],
  ] as const)("whose handler %s has failed", ([, handler, reason]) =>
    inWorld(
      Effect.gen(function* () {
        yield* pack(1)
        yield* hire([onJob(Packing, () => handler as Effect.Effect<never, unknown>)])
        yield* TestClock.adjust("2 minutes")
        expect(yield* theJob).toMatchObject({ state: { _tag: "Dead", reason }, attempts: 3 })
      }),
    ),
  )

  it.effect("that does not say what its queue wants is dead at once", () =>
    inWorld(
      Effect.gen(function* () {
        const older = queueOf("packing", Schema.Struct({ box: Schema.String }), {})
        yield* commit(yield* offer(older, { box: "b" }, { at: yield* now }))
        yield* hire([onJob(Packing, () => Effect.succeed([]))])
        yield* TestClock.adjust(1000)
        expect(yield* theJob).toMatchObject({
          state: { _tag: "Dead", reason: "InvalidPayload" },
          attempts: 1,
        })
      }),
    ),
  )

  it.effect(
    "comes back at once from a worker that is stopped, and the attempt does not count",
    () =>
      inWorld(
        Effect.gen(function* () {
          yield* pack(1)
          const worker = yield* hire([onJob(Packing, () => Effect.never)])
          yield* TestClock.adjust(1000)
          expect(yield* theJob).toMatchObject({ state: { _tag: "Leased" }, attempts: 1, token: 1 })
          yield* dismiss(worker)
          expect(yield* theJob).toMatchObject({
            state: { _tag: "Waiting", at: 1000 },
            attempts: 0,
            token: 1,
            dueAt: 1000,
          })
        }),
      ),
  )

  it.effect("is kept by heartbeats, and its handler is told when it is lost", () =>
    inWorld(
      Effect.gen(function* () {
        let job: JobAtWork | undefined
        let isCut = false
        yield* pack(1)
        yield* hire([
          onJob(Packing, (taken) => {
            job = taken
            return Effect.never.pipe(
              Effect.onInterrupt(() =>
                Effect.sync(() => {
                  isCut = true
                }),
              ),
            )
          }),
        ])
        yield* TestClock.adjust(1000)
        yield* TestClock.adjust(7000)
        expect(yield* theJob).toMatchObject({ state: { _tag: "Leased" }, token: 1 })
        const store = yield* Store
        const stored = yield* Effect.fromOption(yield* store.get(Jobs, job?.id ?? ""))
        yield* commit(replace(stored, { ...stored.value, token: 2 }))
        const told = yield* Effect.flip(job?.heartbeat ?? Effect.never)
        expect(told).toEqual(new LeaseLost({ job: stored.value.id, token: 1 }))
        yield* TestClock.adjust(1000)
        expect(isCut).toBe(true)
        expect(yield* theJob).toMatchObject({ token: 2 })
      }),
    ),
  )

  it.effect("whose store does not answer until its lease is over is cut off, and taken again", () =>
    inWorld(
      Effect.gen(function* () {
        const store = yield* Store
        let isDown = false
        const gone = Effect.fail(new StoreUnavailable({ operation: "commit", reason: "test" }))
        const far = Store.of({
          ...store,
          commit: (batch) => Effect.suspend(() => (isDown ? gone : store.commit(batch))),
        })
        const cuts: Array<number> = []
        yield* pack(1)
        yield* hire([
          onJob(Packing, ({ attempts }) =>
            Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => cuts.push(attempts)))),
          ),
        ]).pipe(Effect.provideService(Store, far))
        yield* TestClock.adjust(500)
        isDown = true
        yield* TestClock.adjust(2000)
        expect(cuts).toEqual([])
        yield* TestClock.adjust(1000)
        expect(cuts).toEqual([1])
        isDown = false
        yield* TestClock.adjust(2000)
        expect(yield* theJob).toMatchObject({ state: { _tag: "Leased" }, attempts: 2, token: 2 })
      }),
    ),
  )

  it.effect(
    "whose lease is over before its worker hears of it is not begun where another has it",
    () =>
      inWorld(
        Effect.gen(function* () {
          const store = yield* Store
          let isSlow = true
          const answerLate = Effect.suspend(() => {
            const wait = isSlow ? Effect.sleep(4000) : Effect.void
            isSlow = false
            return wait
          })
          const far = Store.of({
            ...store,
            commit: (batch) => Effect.andThen(store.commit(batch), answerLate),
          })
          const runs: Array<string> = []
          const run = (by: string) =>
            onJob(Packing, () =>
              Effect.sync(() => {
                runs.push(by)
                return []
              }),
            )
          yield* pack(1)
          yield* hire([run("far")]).pipe(Effect.provideService(Store, far))
          yield* TestClock.adjust(1)
          yield* hire([run("near")])
          yield* TestClock.adjust("1 minute")
          expect(runs).toEqual(["near"])
        }),
      ),
  )

  it.effect("of a queue that nobody serves is left alone", () =>
    inWorld(
      Effect.gen(function* () {
        const idle = JobQueue.make("idle", { payload: Schema.Struct({}) })
        yield* commit(yield* offer(idle, {}, { at: yield* now }))
        yield* hire([onJob(Packing, () => Effect.succeed([]))])
        yield* TestClock.adjust("1 hour")
        expect(yield* theJob).toMatchObject({ queue: "idle", attempts: 0 })
      }),
    ),
  )
})

describe("a worker", () => {
  it.effect("shares its time evenly between partitions, however much is due in one", () =>
    inWorld(
      Effect.gen(function* () {
        const order: Array<string> = []
        yield* pack(...Array.from({ length: 2000 }, (_, n) => n))
        yield* TestClock.adjust(1)
        yield* pack(1, 2, 3).pipe(within(MERCHANT_B))
        yield* hire(
          [
            onJob(Packing, () =>
              Effect.map(CurrentPartition, ({ id }) => {
                order.push(id)
                return []
              }),
            ),
          ],
          { concurrency: 1 },
        )
        while (order.length < 2003) yield* Effect.yieldNow
        expect(order).toHaveLength(2003)
        expect(order.lastIndexOf(MERCHANT_B)).toBeLessThan(6)
      }),
    ),
  )

  it.effect("goes on where one job is damaged", () =>
    inWorld(
      Effect.gen(function* () {
        const runs: Array<number> = []
        yield* pack(1, 2)
        const damaged = yield* theJob
        const store = yield* Store
        const stored = yield* Effect.fromOption(yield* store.get(Jobs, damaged?.id ?? ""))
        const loose = {
          ...Jobs,
          encode: () => Result.succeed({ ...stored.value, attempts: "many" }),
        }
        yield* commit(replace({ ...stored, collection: loose as never }, stored.value))
        yield* hire([onJob(Packing, () => Effect.sync(() => tally(runs)))])
        yield* TestClock.adjust(5000)
        expect(runs).toHaveLength(1)
        yield* pack(3)
        yield* TestClock.adjust(5000)
        expect(runs).toHaveLength(2)
      }),
    ),
  )

  it.effect("gives up a job whose workers vanished at every attempt", () =>
    inWorld(
      Effect.gen(function* () {
        const runs: Array<number> = []
        yield* pack(1)
        const job = yield* theJob
        const store = yield* Store
        const stored = yield* Effect.fromOption(yield* store.get(Jobs, job?.id ?? ""))
        const until = 500 as Timestamp
        const state = { _tag: "Leased", until, holder: "gone" } as const
        yield* commit(
          replace(stored, { ...stored.value, state, attempts: 3, token: 3, dueAt: until }),
        )
        yield* hire([onJob(Packing, () => Effect.sync(() => tally(runs)))])
        yield* TestClock.adjust(2000)
        expect(runs).toHaveLength(0)
        expect(yield* theJob).toMatchObject({ state: { _tag: "Dead", reason: "LeaseLapsed" } })
        expect(yield* all(AuditLog)).toMatchObject([{ action: "giveUpJob", reason: "LeaseLapsed" }])
      }),
    ),
  )

  it.effect("does as many jobs at once as it may", () =>
    inWorld(
      Effect.gen(function* () {
        let atWork = 0
        let most = 0
        const slow = onJob(Packing, () =>
          Effect.gen(function* () {
            atWork += 1
            most = Math.max(most, atWork)
            yield* Effect.sleep(100)
            atWork -= 1
            return []
          }),
        )
        yield* pack(...Array.from({ length: 20 }, (_, n) => n))
        yield* hire([slow], { concurrency: 3 })
        for (let n = 0; n < 30; n++) yield* TestClock.adjust(100)
        expect([most, yield* all(Jobs)]).toEqual([3, []])
      }),
    ),
  )

  it("has one handler for each queue", () => {
    const handler = onJob(Packing, () => Effect.succeed([]))
    expect(() => work([handler, handler])).toThrow("one queue")
  })
})

describe("a queue", () => {
  it("has a name and numbers that can be", () => {
    const payload = Schema.Struct({})
    for (const name of ["", "Packing", "a b", "a:b", "a/b", "x".repeat(65)])
      expect(() => JobQueue.make(name, { payload }), name).toThrow("no name")
    for (const wrong of [{ maxAttempts: 0 }, { leaseMillis: 0.5 }, { timeLimitMillis: -1 }])
      expect(() => JobQueue.make("packing", { payload, ...wrong })).toThrow("whole number")
  })

  it.effect("waits twice as long after each failure, up to five minutes, give or take", () =>
    Effect.gen(function* () {
      const { retrySchedule } = JobQueue.make("packing", { payload: Schema.Struct({}) })
      for (const [attempts, about] of [
        [1, 1],
        [2, 2],
        [5, 16],
        [9, 256],
        [12, 300],
      ] as const) {
        const seconds = (yield* retryMillis(retrySchedule, attempts)) / 1000
        expect(seconds).toBeGreaterThanOrEqual(about * 0.8)
        expect(seconds).toBeLessThanOrEqual(about * 1.2)
      }
    }),
  )

  it.effect("keeps the last delay of a schedule that ends", () =>
    Effect.gen(function* () {
      const twice = Schedule.spaced("3 seconds").pipe(Schedule.upTo({ times: 2 }))
      expect(yield* retryMillis(twice, 9)).toBe(3000)
    }),
  )
})
