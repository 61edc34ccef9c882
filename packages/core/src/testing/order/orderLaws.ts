import type { Ids } from "../../kernel/index.ts"
import type { Store } from "../../store/index.ts"
import type { Contract } from "../Contract.ts"
import { describeBeats } from "../laws/describeBeats.ts"
import type { LawTrials, Study } from "../laws/exploreStudy.ts"
import { studyClauses } from "../laws/studyClauses.ts"
import { START } from "../stock/StockWorld.ts"
import { bucketLaws } from "./bucketLaws.ts"
import { dispatchLaws } from "./dispatchLaws.ts"
import { anyFeed, type FeedHistory } from "./FeedHistory.ts"
import { familyLaws } from "./familyLaws.ts"
import { feedLaws } from "./feedLaws.ts"
import { lifeLaws } from "./lifeLaws.ts"
import { liveOrders } from "./liveOrders.ts"
import { anyHistory, type OrderHistory } from "./OrderHistory.ts"
import { type OrderOperations, orderOperations } from "./OrderOperations.ts"
import type { Call, Lived } from "./OrderTrace.ts"
import { onceLaws } from "./onceLaws.ts"
import { queueLaws } from "./queueLaws.ts"
import { statusLaws } from "./statusLaws.ts"
import { describeFeed, type LivedFeed, tellFeed } from "./tellFeed.ts"

export type { OrderOperations } from "./OrderOperations.ts"

/**
 * The laws of orders as a contract that a host runs on its own composition, one clause each (domain 3): O1 to O6, O8,
 * and R1, R2, R4 and R7 as orders keep them.
 *
 * Two kinds of histories are generated. In feeds, a channel tells of orders, of newer versions and of cancellations: in
 * order to one merchant; shuffled, overlapping, repeated and several at once to another, who must end up the same. In
 * stories, orders are imported, promised stock, held, released, allocated, picked, packed, dispatched, amended,
 * cancelled, split and merged, and wait in queues: in any order, some at the same moment, some sent twice. Each history
 * lives in partitions of its own, so it may run on a store in use; it leaves them behind.
 *
 * Clauses share their histories: build the layer once (`share`), and the first clause of each kind takes nearly all the
 * time. A law fails, too, when the histories did not bring it into play often enough. A failure prints its seed and
 * path, and the smallest row of commands that breaks the law.
 *
 * ```ts
 * import { Core } from "@oto-fulfilment/core"
 * import { memoryHost } from "@oto-fulfilment/core/memory"
 * import { orderLaws, runContract } from "@oto-fulfilment/core/testing"
 * import { Layer } from "effect"
 * import { afterAll, describe, it } from "vitest"
 *
 * const layer = Core.layer.pipe(Layer.provide(memoryHost)) // or your own driver
 * const slowly = (name: string, body: () => Promise<void>) => it(name, body, 300_000)
 * runContract({ describe, it: slowly, afterAll }, orderLaws({ runs: 1000 }), layer, { share: true })
 * ```
 *
 * @param trials.runs how many histories of each kind: 1,000 in some twenty seconds on the embedded store
 * @param trials.seed from which seed; a new one for each layer when left out
 * @param trials.path the path that a failure printed: lives that history only
 * @param trials.operations operations in place of the engine's own, such as wrapped ones
 */
export const orderLaws = (
  trials: LawTrials & { readonly operations?: Partial<OrderOperations> },
): Contract<Store | Ids> => {
  const operations = orderOperations(trials.operations)
  return {
    name: "laws of orders",
    clauses: [
      ...studyClauses(feedsOf(operations), trials),
      ...studyClauses(storiesOf(operations), trials),
    ],
  }
}

const feedsOf = (operations: OrderOperations): Study<FeedHistory, LivedFeed> => ({
  contract: "orderLaws",
  laws: feedLaws,
  histories: anyFeed,
  live: (history) => tellFeed(operations, history),
  describe: describeFeed,
})

const storiesOf = (operations: OrderOperations): Study<OrderHistory, Lived> => ({
  contract: "orderLaws",
  laws: [
    ...bucketLaws,
    ...lifeLaws,
    ...familyLaws,
    ...statusLaws,
    ...dispatchLaws,
    ...queueLaws,
    ...onceLaws,
  ],
  histories: anyHistory,
  live: (history) => liveOrders(operations, history),
  describe: ({ beats }) => describeBeats<Call>(beats, START, () => ""),
})
