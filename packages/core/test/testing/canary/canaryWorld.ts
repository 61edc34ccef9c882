// The watch goes around the composition that it watches.
// @effect-diagnostics multipleEffectProvide:off

import { Effect, Layer, Logger, References } from "effect"
import { collections, registerPlaces } from "../../../src/host/index.ts"
import { Ids } from "../../../src/kernel/index.ts"
import { memoryKeyRing, placeholderChannel, storeDriver } from "../../../src/memory/index.ts"
import { ExternalId, SalesChannels } from "../../../src/order/index.ts"
import { AccountReference } from "../../../src/party/index.ts"
import {
  ErasureLedger,
  type KeyRing,
  type PurgeRegistry,
  Vault,
} from "../../../src/privacy/index.ts"
import { type Driver, Store } from "../../../src/store/index.ts"
import {
  blindIndexesOf,
  canariesOf,
  canaryWatch,
  dumpPlaces,
  dumpStore,
  findCanaries,
} from "../../../src/testing/index.ts"
import { runIn, type Services, SHOP } from "../../order/orderWorld.ts"
import { MERCHANT_A, MERCHANT_B } from "../../world.ts"

type Composition =
  | Services
  | Driver
  | Vault
  | KeyRing
  | ErasureLedger
  | SalesChannels
  | PurgeRegistry

/**
 * Runs work in the order world under a watch, and searches the whole composition for the buyer of the order `A-1`. The
 * work gets the watch, and the buyer as a careless adapter would have them.
 */
export const searched = <A, E>(
  work: (given: {
    readonly watch: ReturnType<typeof canaryWatch>
    readonly channel: ReturnType<typeof placeholderChannel>
  }) => Effect.Effect<A, E, Composition>,
) => {
  const watch = canaryWatch()
  const channel = placeholderChannel("shopify", "mark-8c1f")
  const driver = Layer.succeedContext(
    Effect.runSync(Effect.scoped(Layer.build(Layer.fresh(storeDriver)))),
  )
  const store = Store.layer(collections).pipe(Layer.provide(driver))
  const quiet = Layer.succeed(References.MinimumLogLevel, "None" as const)
  const ports = Layer.mergeAll(
    driver,
    memoryKeyRing.pipe(Layer.provide(quiet)),
    ErasureLedger.over.pipe(Layer.provide(Layer.fresh(storeDriver))),
    SalesChannels.from([channel]),
  )
  const composition = Layer.mergeAll(Vault.layer, registerPlaces([])).pipe(
    Layer.provideMerge(ports),
  )
  return runIn(
    Layer.mergeAll(store, Ids.layer),
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        work({ watch, channel }).pipe(
          Effect.provide(watch.layer),
          Effect.provide(Logger.layer([])),
        ),
      )
      watch.record("what a caller got", exit)
      const buyer = yield* channel.buyer({
        connection: SHOP,
        accountReference: AccountReference.make("a"),
        externalId: ExternalId.make("A-1"),
      })
      const canaries = [...canariesOf(buyer), ...(yield* blindIndexesOf(buyer))]
      const partitions = [MERCHANT_A, MERCHANT_B]
      const seen = [
        ...watch.haystacks(),
        ...(yield* dumpStore(partitions)),
        ...(yield* dumpPlaces(partitions)),
      ]
      return { exit, canaries, seen, findings: findCanaries(canaries, seen) }
    }).pipe(Effect.provide(composition)),
  )
}
