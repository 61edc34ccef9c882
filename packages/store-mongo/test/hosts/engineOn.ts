import { openCore } from "@oto-fulfilment/core"
import { memoryPorts } from "@oto-fulfilment/core/memory"
import * as Layer from "effect/Layer"
import { type MongoDriverOptions, mongoDriver } from "../../src/index.ts"

/** The engine as a host composes it over MongoDB. Nothing here asks for keys or channels, so those are of memory. */
export const engineOn = (options: MongoDriverOptions) =>
  openCore(
    Layer.merge(
      mongoDriver({ allowPlainLoopback: true, expireByServer: false, ...options }),
      memoryPorts,
    ),
  )
