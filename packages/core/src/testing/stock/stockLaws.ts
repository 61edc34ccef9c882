import type { Ids } from "../../kernel/index.ts"
import type { Store } from "../../store/index.ts"
import type { Contract } from "../Contract.ts"
import type { LawTrials, Study } from "../laws/exploreStudy.ts"
import { studyClauses } from "../laws/studyClauses.ts"
import { describeLived } from "./describeLived.ts"
import { everyStockLaw } from "./everyStockLaw.ts"
import { liveStock } from "./liveStock.ts"
import { anyHistory, type StockHistory } from "./StockHistory.ts"
import { type StockOperations, stockOperations } from "./StockOperations.ts"
import type { Lived } from "./StockTrace.ts"

export type { StockOperations } from "./StockOperations.ts"

/**
 * The laws of stock as a contract that a host runs on its own composition: L1 to L6 of the ledger and R1 to R11 of
 * reservations, one clause each (domain 3).
 *
 * Histories of commands are generated: goods that come, move, are counted, corrected, recalled, sent on and made into
 * kits; stock that is promised, pinned, released and dispatched; by two merchants, in any order, some at the same
 * moment, some sent twice, on a clock that stops just before, at and just after what comes due. Each history lives in
 * partitions of its own, so it may run on a store in use; it leaves them behind. After every step the laws compare what
 * is stored with the journal, with a plain model, and with what was answered.
 *
 * All clauses share their histories: build the layer once (`share`), and the first clause takes nearly all the time.
 * A law fails, too, when the histories did not bring it into play often enough. A failure prints its seed and path,
 * and the smallest row of commands that breaks the law.
 *
 * ```ts
 * import { Core } from "@oto-fulfilment/core"
 * import { memoryHost } from "@oto-fulfilment/core/memory"
 * import { runContract, stockLaws } from "@oto-fulfilment/core/testing"
 * import { Layer } from "effect"
 * import { afterAll, describe, it } from "vitest"
 *
 * const layer = Core.layer.pipe(Layer.provide(memoryHost)) // or your own driver
 * const slowly = (name: string, body: () => Promise<void>) => it(name, body, 300_000)
 * runContract({ describe, it: slowly, afterAll }, stockLaws({ runs: 1000 }), layer, { share: true })
 * ```
 *
 * @param trials.runs how many histories: 1,000 in a few tens of seconds on the embedded store
 * @param trials.seed from which seed; a new one for each layer when left out
 * @param trials.path the path that a failure printed: lives that history only
 * @param trials.operations operations in place of the engine's own, such as wrapped ones
 */
export const stockLaws = (
  trials: LawTrials & { readonly operations?: Partial<StockOperations> },
): Contract<Store | Ids> => ({
  name: "laws of stock",
  clauses: studyClauses(studyOf(stockOperations(trials.operations)), trials),
})

const studyOf = (operations: StockOperations): Study<StockHistory, Lived> => ({
  contract: "stockLaws",
  laws: everyStockLaw,
  histories: anyHistory,
  live: (history) => liveStock(operations, history),
  saltOf: ({ salt }) => salt,
  describe: describeLived,
})
