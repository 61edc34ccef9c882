import { describe, expect, it } from "@effect/vitest"
import { Collection, Core, enterPartition, replace, Store } from "@oto-fulfilment/core"
import { memoryPorts } from "@oto-fulfilment/core/memory"
import { Effect, Layer, Option, Result, Schema } from "effect"
import { openShops } from "../../src/story/openShops.ts"
import { overlappingDriver } from "../../src/story/overlappingDriver.ts"

const Counter = Schema.Struct({ id: Schema.String, count: Schema.Int })
const Counters = Collection.make("counters", {
  schema: Counter,
  key: ({ id }) => id,
  indexes: {},
})
const engine = Core.layerWith([Counters]).pipe(
  Layer.provide(Layer.merge(overlappingDriver, memoryPorts)),
)

describe("the store that the demo runs on", () => {
  it.live("lets callers meet between a read and the write that follows from it", () =>
    Effect.gen(function* () {
      const { shops } = yield* openShops()
      const [shop] = shops
      if (shop === undefined) throw new Error("a shop is needed")
      const store = yield* Store
      const raise = Effect.gen(function* () {
        const stored = Option.getOrThrow(yield* store.get(Counters, "hot"))
        yield* store.commit([replace(stored, { id: "hot", count: stored.value.count + 1 })])
      })
      const outcomes = yield* enterPartition(
        shop.owner,
        shop.merchant,
      )(
        Effect.andThen(
          store.commit([{ kind: "insert", collection: Counters, value: { id: "hot", count: 0 } }]),
          Effect.forEach(Array.from({ length: 64 }), () => Effect.result(raise), {
            concurrency: "unbounded",
          }),
        ),
      )
      // Callers that took turns would all succeed. The store refuses what was decided on a stale read.
      expect(outcomes.filter(Result.isSuccess)).toHaveLength(1)
    }).pipe(Effect.provide(engine)),
  )
})
