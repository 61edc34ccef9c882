import {
  commitStock,
  enterPartition,
  readStock,
  releaseCommitment,
  type WarehouseId,
} from "@oto-fulfilment/core"
import { Effect } from "effect"
import type { OpenShop } from "./openShops.ts"

/** How many callers there are at once. */
export const CALLERS = 64

interface OversellReport {
  readonly sku: string
  /** Units that there were, units that were asked for one by one, and how many of them were granted and refused. */
  readonly available: number
  readonly asked: number
  readonly granted: number
  readonly refused: number
  /** Available units when everybody had gone, and when everything had been given back. */
  readonly left: number
  readonly afterwards: number
}

/**
 * 64 callers at once go on asking for one more unit of one SKU, twice as many in all as there are. What they got
 * is given back at the end.
 */
export const tryToOversell = Effect.fn("tryToOversell")(function* (
  shop: OpenShop,
  warehouse: WarehouseId,
  sku: string,
  onEach: () => void = () => {},
) {
  const asChannel = enterPartition(shop.channel, shop.merchant)
  const readAvailable = Effect.map(
    asChannel(readStock({ sku, warehouse })),
    ({ total }) => total.available as number,
  )
  const available = yield* readAvailable
  const each = Math.ceil((2 * available) / CALLERS)

  const ask = (basket: string) =>
    asChannel(
      commitStock({
        key: basket,
        document: { kind: "basket", id: basket },
        lines: [{ sku, warehouse, quantity: 1 }],
      }),
    ).pipe(
      Effect.as([basket]),
      Effect.catchTag("InsufficientStock", () => Effect.succeed<ReadonlyArray<string>>([])),
    )
  const caller = (name: number) =>
    Effect.forEach(Array.from({ length: each }), (_, turn) => ask(`basket-${name}-${turn}`)).pipe(
      Effect.tap(() => Effect.sync(onEach)),
    )
  const callers = yield* Effect.forEach(
    Array.from({ length: CALLERS }),
    (_, name) => caller(name),
    {
      concurrency: "unbounded",
    },
  )
  const granted = callers.flat(2)

  const left = yield* readAvailable
  yield* Effect.forEach(granted, (basket) =>
    asChannel(
      releaseCommitment({ key: `return-${basket}`, document: { kind: "basket", id: basket } }),
    ),
  )
  const asked = each * CALLERS
  return {
    sku,
    available,
    asked,
    granted: granted.length,
    refused: asked - granted.length,
    left,
    afterwards: yield* readAvailable,
  } satisfies OversellReport
})
