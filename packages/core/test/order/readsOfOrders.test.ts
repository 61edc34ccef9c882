import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { defineProduct } from "../../src/catalogue/index.ts"
import { receiveStock } from "../../src/inventory/index.ts"
import { Ids } from "../../src/kernel/index.ts"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import {
  allocateOrder,
  brokerOrder,
  cancelOrder,
  commitOrder,
  dispatchOrder,
  importOrder,
  releaseOrder,
} from "../../src/order/index.ts"
import { Driver, Store } from "../../src/store/index.ts"
import { freshKey, LONDON, line, runIn, snapshot } from "./orderWorld.ts"

type Reads = { readonly gets: number; readonly finds: number }

/** What each step of an order of so many lines, each of another product, asks the driver for. */
const readsOf = async (lines: number): Promise<{ readonly [step: string]: Reads }> => {
  let gets = 0
  let finds = 0
  const countGet = Effect.sync(() => {
    gets++
  })
  const countFind = Effect.sync(() => {
    finds++
  })
  const counting = Layer.effect(
    Driver,
    Effect.map(Driver, (plain) =>
      Driver.of({
        ...plain,
        get: (...asked) => Effect.andThen(countGet, plain.get(...asked)),
        getMany: (...asked) => Effect.andThen(countGet, plain.getMany(...asked)),
        find: (...asked) => Effect.andThen(countFind, plain.find(...asked)),
      }),
    ),
  ).pipe(Layer.provide(storeDriver))
  const world = Layer.mergeAll(Store.layer([]).pipe(Layer.provide(counting)), Ids.layer)
  const steps: Record<string, Reads> = {}
  const counted = <A, E, R>(step: string, work: Effect.Effect<A, E, R>) =>
    Effect.suspend(() => {
      gets = 0
      finds = 0
      return Effect.tap(work, () =>
        Effect.sync(() => {
          steps[step] = { gets, finds }
        }),
      )
    })
  const skus = Array.from({ length: lines }, (_, place) => `SKU-${place}`)
  await runIn(
    world,
    Effect.gen(function* () {
      for (const sku of skus) yield* defineProduct({ key: freshKey(), sku, title: "A thing" })
      const received = skus.map((sku) => ({
        sku,
        quantity: 5,
        place: { warehouse: LONDON, bin: "A-1" },
      }))
      yield* counted("receive", receiveStock({ key: freshKey(), lines: received as never }))
      const sent = (externalId: string) =>
        importOrder(
          snapshot(
            skus.map((sku) => line(sku, 2)),
            { externalId },
          ),
        )
      const { order } = yield* counted("import", sent("A-1"))
      yield* counted("broker", brokerOrder({ key: freshKey(), order }))
      yield* counted("commit", commitOrder({ key: freshKey(), order }))
      yield* counted("release", releaseOrder({ key: freshKey(), order }))
      yield* counted("allocate", allocateOrder({ key: freshKey(), order }))
      yield* counted("dispatch", dispatchOrder({ key: freshKey(), order }))
      const { order: other } = yield* sent("A-2")
      yield* counted("commit whole", commitOrder({ key: freshKey(), order: other, rule: "whole" }))
      yield* counted("cancel", cancelOrder({ key: freshKey(), order: other }))
    }),
  )
  return steps
}

describe("what an order asks of the store", () => {
  it("does not grow with its lines, but for the cells that each pool has", async () => {
    const few = await readsOf(3)
    const many = await readsOf(100)
    const { allocate: fewShelves, ...fewSteps } = few
    const { allocate: manyShelves, ...manySteps } = many
    expect(manySteps).toEqual(fewSteps)
    expect(manyShelves?.gets).toBe(fewShelves?.gets)
    // Which cells have units of a SKU only an index tells: one look for each pool.
    expect((manyShelves?.finds ?? 0) - (fewShelves?.finds ?? 0)).toBe(97)
  })

  it("is ten reads for the promise of a hundred lines, and a handful for each other step", async () => {
    const { commit, ...others } = await readsOf(100)
    expect(commit).toEqual({ gets: 8, finds: 2 })
    for (const { gets } of Object.values(others)) expect(gets).toBeLessThanOrEqual(10)
  })
})
