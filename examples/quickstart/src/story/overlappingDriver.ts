import { Driver } from "@oto-fulfilment/core"
import { storeDriver } from "@oto-fulfilment/core/memory"
import { Effect, Layer } from "effect"

/**
 * The embedded store, which makes its callers wait a moment before each read and each write, as one across a network
 * does. The embedded store itself answers at once, so that callers would take turns and never meet.
 */
export const overlappingDriver = Layer.effect(
  Driver,
  Effect.map(Driver, (driver) => {
    const afterOthers = <A, E, R>(work: Effect.Effect<A, E, R>) =>
      Effect.andThen(Effect.yieldNow, work)
    return Driver.of({
      ...driver,
      get: (...asked) => afterOthers(driver.get(...asked)),
      getMany: (...asked) => afterOthers(driver.getMany(...asked)),
      find: (...asked) => afterOthers(driver.find(...asked)),
      commit: (...asked) => afterOthers(driver.commit(...asked)),
    })
  }),
).pipe(Layer.provide(storeDriver))
