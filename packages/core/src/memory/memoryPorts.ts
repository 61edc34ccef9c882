import * as Layer from "effect/Layer"
import { SalesChannels } from "../order/index.ts"
import { ErasureLedger, type KeyRing } from "../privacy/index.ts"
import type { Driver, StoreUnavailable } from "../store/index.ts"
import { memoryKeyRing } from "./keyRing.ts"
import { placeholderChannel } from "./placeholderChannel.ts"
import { storeDriver } from "./storeDriver.ts"

/**
 * Everything beside a store that the engine asks of a host, for tests and demonstrations: a key ring and an erasure
 * ledger in this process's memory, gone with it, and placeholder buyers for the channels `amazon` and `shopify`.
 */
export const memoryPorts: Layer.Layer<KeyRing | ErasureLedger | SalesChannels, StoreUnavailable> =
  Layer.mergeAll(
    memoryKeyRing,
    ErasureLedger.over.pipe(Layer.provide(Layer.fresh(storeDriver))),
    SalesChannels.from([placeholderChannel("amazon"), placeholderChannel("shopify")]),
  )

/** All ports in this process's memory, the store included. */
export const memoryHost: Layer.Layer<
  Driver | KeyRing | ErasureLedger | SalesChannels,
  StoreUnavailable
> = Layer.merge(storeDriver, memoryPorts)
