import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Ids } from "../../kernel/index.ts"
import { Store } from "../../store/index.ts"
import type { Clause, Contract } from "../Contract.ts"
import { Breach } from "../expectations.ts"
import { everyStockLaw } from "./everyStockLaw.ts"
import { type Exploration, exploreStock, type StockTrials } from "./exploreStock.ts"
import type { StockLaw } from "./StockLaw.ts"
import { type StockOperations, stockOperations } from "./StockOperations.ts"

export type { StockTrials } from "./exploreStock.ts"
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
 * import { storeDriver } from "@oto-fulfilment/core/memory"
 * import { runContract, stockLaws } from "@oto-fulfilment/core/testing"
 * import { Layer } from "effect"
 * import { afterAll, describe, it } from "vitest"
 *
 * const layer = Core.layer.pipe(Layer.provide(storeDriver)) // or your own driver
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
  trials: StockTrials & { readonly operations?: Partial<StockOperations> },
): Contract<Store | Ids> => {
  const operations = stockOperations(trials.operations)
  const explorations = new WeakMap<Store["Service"], Exploration>()
  const exploration = Effect.gen(function* () {
    const store = yield* Store
    const known = explorations.get(store)
    if (known !== undefined) return known
    const seed = trials.seed ?? (yield* Random.nextIntBetween(-0x8000_0000, 0x7fff_ffff))
    const started = exploreStock(operations, { ...trials, seed })
    explorations.set(store, started)
    return started
  })
  return {
    name: "laws of stock",
    clauses: everyStockLaw.map(
      (law): Clause<Store | Ids> => ({
        name: `${law.id} ${law.sentence}`,
        law: `domain 3, ${law.id}`,
        check: Effect.flatMap(exploration, (explored) => checkLaw(law, explored)),
      }),
    ),
  }
}

const checkLaw = Effect.fnUntraced(function* (law: StockLaw, explored: Exploration) {
  const met = new Map(law.situations.map((situation) => [situation, 0]))
  let exercised = 0
  for (let place = 0; place < explored.runs; place++) {
    const verdict = yield* explored.verdict(law, place)
    if (verdict.broken !== undefined) return yield* yield* explored.breach(law, place)
    for (const situation of verdict.met) met.set(situation, (met.get(situation) ?? 0) + 1)
    if (verdict.met.size > 0) exercised += 1
  }
  return yield* requireExercise(law, explored.runs, exercised, met)
})

/** A law that histories hardly touch proves nothing: one of a hundred must meet each situation, one of forty any. */
const requireExercise = Effect.fnUntraced(function* (
  law: StockLaw,
  runs: number,
  exercised: number,
  met: ReadonlyMap<string, number>,
) {
  const [least, most] = [Math.floor(runs / 100), Math.floor(runs / 40)]
  const seldom = [...met].filter(([, histories]) => histories < least)
  if (exercised >= most && seldom.length === 0) return
  const counts = [...met].map(([situation, histories]) => `${situation}: ${histories}`)
  return yield* new Breach({
    what: `${runs} histories hardly exercise ${law.id}`,
    expected: `${most} that do, and ${least} for each situation`,
    seen: `${exercised} do; ${counts.join("; ")}`,
  })
})
