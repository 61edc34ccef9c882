import { Effect, Layer } from "effect"
import { Ids } from "../../src/kernel/index.ts"
import { storeDriver } from "../../src/memory/storeDriver.ts"
import { Driver, Store, StoreUnavailable } from "../../src/store/index.ts"

/**
 * The embedded driver behind a line of uneven speed: each call waits for as many turns of the scheduler as `pace` says,
 * in turn, so that the fibers of a test meet in many orders. `broken` calls fail as a store that does not answer.
 */
export const unevenDriver = (
  pace: ReadonlyArray<number>,
  broken: (operation: "get" | "find" | "commit", call: number) => boolean = () => false,
): Layer.Layer<Driver> =>
  Layer.effect(
    Driver,
    Effect.gen(function* () {
      const driver = yield* Driver
      const calls = { get: 0, find: 0, commit: 0 }
      let turn = 0
      const reach = (operation: "get" | "find" | "commit") =>
        Effect.gen(function* () {
          const turns = pace[turn++ % pace.length] ?? 0
          for (let waited = 0; waited < turns; waited++) yield* Effect.yieldNow
          calls[operation]++
          if (broken(operation, calls[operation]))
            return yield* new StoreUnavailable({ operation, reason: "test" })
        })
      return Driver.of({
        ...driver,
        get: (...args) => Effect.andThen(reach("get"), driver.get(...args)),
        getMany: (...args) => Effect.andThen(reach("get"), driver.getMany(...args)),
        find: (...args) => Effect.andThen(reach("find"), driver.find(...args)),
        commit: (...args) => Effect.andThen(reach("commit"), driver.commit(...args)),
      })
    }),
  ).pipe(Layer.provide(storeDriver))

/** What operations need, over such a driver. */
export const unevenWorld = (...args: Parameters<typeof unevenDriver>) =>
  Layer.mergeAll(Store.layer([]).pipe(Layer.provide(unevenDriver(...args))), Ids.layer)
