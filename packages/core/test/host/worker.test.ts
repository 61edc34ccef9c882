// What a host's handler fails with is anything.
// @effect-diagnostics globalErrorInEffectFailure:off

import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schedule, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Core, openCore, sweep, topics, worker } from "../../src/host/index.ts"
import * as engine from "../../src/index.ts"
import {
  Deliveries,
  type JobHandler,
  JobQueue,
  Jobs,
  message,
  Outbox,
  offer,
  onJob,
  onMessage,
  RECEIPT_MILLIS,
} from "../../src/integration/index.ts"
import { PoolId, StockChanged, StockShortfall, WarehouseId } from "../../src/inventory/index.ts"
import { now, Sku } from "../../src/kernel/index.ts"
import { memoryHost } from "../../src/memory/index.ts"
import { insert, type PartitionId, Store } from "../../src/store/index.ts"
import { inside } from "../world.ts"
import { basket, OPERATOR, openShop, ownerOf, WAREHOUSE } from "./hostWorld.ts"

const Allocate = JobQueue.make("allocate", {
  payload: Schema.Struct({ basket: Schema.String }),
  retrySchedule: Schedule.spaced("1 millis"),
})

const inShop = async (
  work: (
    shop: Awaited<ReturnType<typeof openShop>> & {
      readonly oto: Awaited<ReturnType<typeof openCore>>
    },
  ) => Promise<void>,
) => {
  const oto = await openCore(memoryHost)
  await work({ oto, ...(await openShop(oto)) })
  await oto.close()
}

const jobsLeft = Effect.flatMap(Store, (store) => Stream.runCount(store.scan(Jobs)))
const deadJobs = Effect.map(
  Effect.flatMap(Store, (store) => store.find(Jobs, "dead", {})),
  ({ items }) => items.length,
)

/** Works until something has come about. */
const workOff = <R, E, S>(
  handlers: ReadonlyArray<JobHandler<R>>,
  until: Effect.Effect<boolean, E, S>,
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(worker(handlers, { pollMillis: 1 }))
    while (!(yield* until)) yield* Effect.sleep(1)
    yield* Fiber.interrupt(fiber)
  })

/** Messages of one merchant that a subscriber refuses. */
const refuseAll = (partition: string) =>
  workOff(
    [onMessage(StockChanged, () => Effect.fail(new RangeError("no")), { maxAttempts: 1 })],
    Effect.map(deadJobs, (dead) => dead > 0),
  ).pipe(inside(partition as PartitionId))

describe("a worker of the host", () => {
  it("lets a job call commands as the system, once under the job's id", () =>
    inShop(async ({ oto, shop, merchant }) => {
      await shop.commitStock(basket("b-1", 4))
      let tries = 0
      // It fails after its command went through, so that the command is sent again.
      const allocating = onJob(Allocate, ({ id, payload }) =>
        Effect.gen(function* () {
          const core = yield* Core
          const document = { kind: "basket", id: payload.basket }
          yield* core.allocateStock({ key: id, document })
          tries += 1
          return yield* tries === 1 ? Effect.fail("once more") : Effect.succeed([])
        }),
      )
      await oto.run(
        Effect.gen(function* () {
          const store = yield* Store
          const job = yield* offer(Allocate, { basket: "b-1" }, { at: yield* now })
          yield* store.commit([job])
          yield* workOff(
            [allocating],
            Effect.map(jobsLeft, (left) => left === 0),
          )
        }).pipe(inside(merchant.id as PartitionId)),
      )
      expect(tries).toBe(2)
      const events = await shop.findAuditEvents({ action: "allocateStock" })
      expect(events.items).toMatchObject([{ actor: { kind: "system", id: "worker" } }])
    }))
})

describe("dead letters", () => {
  it("are found, tried again and discarded", () =>
    inShop(async ({ oto, shop, merchant }) => {
      await oto.run(refuseAll(merchant.id))
      const queue = "stock.changed/main"
      const { items } = await shop.findDeadJobs({ queue })
      expect(items).toMatchObject([
        { queue, state: { _tag: "Dead", reason: "RangeError" }, attempts: 1 },
      ])
      expect(await shop.findDeadJobs({ queue: "stock.changed" })).toMatchObject({ items: [] })
      const [dead] = items
      const job = dead?.id ?? ""
      expect(await shop.retryDeadJob({ key: "again", job })).toEqual({ job })
      expect(await shop.findDeadJobs({})).toMatchObject({ items: [] })
      expect(await shop.settled.discardDeadJob({ key: "too-early", job })).toMatchObject({
        ok: false,
        error: { _tag: "NotFound", kind: "dead job" },
      })
      await oto.run(refuseAll(merchant.id))
      expect(await shop.findDeadJobs({})).toMatchObject({ items: [{ id: job, token: 2 }] })
      expect(await shop.discardDeadJob({ key: "gone", job })).toEqual({ job })
      expect(await shop.findDeadJobs({})).toMatchObject({ items: [] })
      const events = await shop.findAuditEvents({})
      expect(
        events.items.filter(({ object }) => object.kind === "job").map(({ action }) => action),
      ).toEqual(["giveUpJob", "retryDeadJob", "giveUpJob", "discardDeadJob"])
    }))

  it("of another merchant do not exist", () =>
    inShop(async ({ oto, merchant }) => {
      await oto.run(refuseAll(merchant.id))
      const other = oto.desk(ownerOf(OPERATOR), OPERATOR)
      expect(await other.findDeadJobs({})).toMatchObject({ items: [] })
    }))
})

describe("work in Promise form", () => {
  it("delivers to every subscriber of a topic until it is aborted", () =>
    inShop(async ({ oto, shop, merchant }) => {
      await shop.commitStock(basket("b-1", 4))
      const heard: Array<unknown> = []
      const stop = new AbortController()
      let tries = 0
      const stopAtLast = () => {
        if (heard.length === 2 && tries > 0) stop.abort()
      }
      await oto.work(
        {
          pollMillis: 1,
          topics: {
            "stock.changed": {
              publisher: async ({ pools }, { partition, attempts }) => {
                heard.push({ pools, partition, attempts })
                stopAtLast()
              },
              search: async () => {
                tries += 1
                stopAtLast()
                throw new TypeError("no index")
              },
            },
          },
        },
        { signal: stop.signal },
      )
      const told = { pools: [{ warehouse: WAREHOUSE, sku: "TEA-250" }], partition: merchant.id }
      expect(heard).toEqual([
        { ...told, attempts: 1 },
        { ...told, attempts: 1 },
      ])
    }))

  it("resolves at once under a signal that was aborted before", () =>
    inShop(async ({ oto }) => {
      await oto.work({ topics: {} }, { signal: AbortSignal.abort() })
    }))
})

describe("the topics", () => {
  it("are all listed, by their names", () => {
    const declared = Object.values(engine).filter(
      (each) => typeof each === "object" && "name" in each && "schema" in each && !("key" in each),
    )
    expect(new Set(Object.values(topics))).toEqual(new Set(declared))
    expect(Object.values(topics).map(({ name }) => name)).toEqual(Object.keys(topics))
    expect(topics["stock.shortfall"]).toBe(StockShortfall)
  })
})

describe("a sweep", () => {
  it.effect("forgets what was delivered 35 days ago", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const within = inside(OPERATOR)
      const told = yield* message(StockShortfall, shortfall, yield* now)
      yield* within(store.commit([insert(Outbox, told)]))
      const fiber = yield* Effect.forkChild(
        worker([onMessage(StockShortfall, () => Effect.succeed([]))]),
      )
      yield* TestClock.adjust(1000)
      yield* Fiber.interrupt(fiber)
      const delivery = within(store.get(Deliveries, `stock.shortfall/main:${told.id}`))
      expect((yield* delivery)._tag).toBe("Some")
      yield* TestClock.setTime(RECEIPT_MILLIS)
      expect(yield* sweep()).toMatchObject({ deliveries: 1 })
      expect((yield* delivery)._tag).toBe("None")
    }).pipe(Effect.provide(Core.layer.pipe(Layer.provide(memoryHost)), { local: true })),
  )
})

const shortfall = {
  pool: PoolId.make(`${WAREHOUSE}/TEA`),
  warehouse: WarehouseId.make(WAREHOUSE),
  sku: Sku.make("TEA"),
  missing: 1,
  atRisk: [],
  unnamed: 1,
}
