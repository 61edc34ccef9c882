import * as Effect from "effect/Effect"
import fc from "fast-check"
import type { Ids } from "../../kernel/index.ts"
import type { Store } from "../../store/index.ts"
import { Breach } from "../expectations.ts"
import type { Trials } from "../forAll.ts"
import { describeLived } from "./describeLived.ts"
import { everyStockLaw } from "./everyStockLaw.ts"
import { liveStock } from "./liveStock.ts"
import { anyHistory, type StockHistory } from "./StockHistory.ts"
import type { StockLaw, Verdict } from "./StockLaw.ts"
import type { StockOperations } from "./StockOperations.ts"
import type { Lived } from "./StockTrace.ts"

/** How the laws of stock are tried. */
export interface StockTrials extends Trials {
  /** Lives one history only, that of a failure: the path that it printed, with its seed. */
  readonly path?: string
}

/** Histories that are lived once each, for all laws together. */
export interface Exploration {
  /** How many histories there are. */
  readonly runs: number
  /** What a law says of the history with this number. It is lived when it is first asked for. */
  readonly verdict: (law: StockLaw, place: number) => Effect.Effect<Verdict, unknown, Store | Ids>
  /** What breaks a law, made as small as can be: seed, path, commands, and what was seen. */
  readonly breach: (law: StockLaw, place: number) => Effect.Effect<Breach, unknown, Store | Ids>
}

/** Histories that a failure is made smaller by, at most. */
const MAX_SHRINKS = 500

/** Starts an exploration. The same seed gives the same histories. */
export const exploreStock = (
  operations: StockOperations,
  trials: StockTrials & { readonly seed: number },
): Exploration => {
  const { runs, seed, path } = trials
  const numRuns = path === undefined ? runs : 1
  const histories = fc.sample(anyHistory, { seed, numRuns, ...(path !== undefined && { path }) })
  const seen: Array<ReadonlyMap<string, Verdict>> = []
  return {
    runs: numRuns,
    verdict: Effect.fnUntraced(function* (law, place) {
      const history = histories[place]
      if (history === undefined) throw new RangeError(`there is no history ${place}`)
      const known = seen[place]
      const verdicts = known ?? judgeAll(yield* liveStock(operations, history), history)
      seen[place] = verdicts
      return verdicts.get(law.id) ?? { broken: undefined, met: new Set() }
    }),
    breach: (law, place) => shrink(operations, law, { ...trials, path: path ?? String(place) }),
  }
}

const judgeAll = (lived: Lived, history: StockHistory): ReadonlyMap<string, Verdict> =>
  new Map(everyStockLaw.map((law) => [law.id, judge(law, lived, history)]))

/** A command that dies breaks every law, unless a damaged record killed it: that is for L3 to say. */
const judge = (law: StockLaw, lived: Lived, { salt }: StockHistory): Verdict => {
  const verdict = law.judge(lived, salt)
  return lived.death === undefined || lived.damage !== undefined
    ? verdict
    : { ...verdict, broken: verdict.broken ?? `a command died: ${lived.death}` }
}

interface Failure {
  readonly history: StockHistory
  readonly lived: Lived
  readonly broken: string
}

const shrink = Effect.fnUntraced(function* (
  operations: StockOperations,
  law: StockLaw,
  { seed, path, shrink: wanted = true }: StockTrials,
) {
  const context = yield* Effect.context<Store | Ids>()
  let smallest: Failure | undefined
  let tries = 0
  const holds = async (history: StockHistory): Promise<boolean> => {
    tries += 1
    if (tries > MAX_SHRINKS) return true
    const lived = await Effect.runPromiseWith(context)(liveStock(operations, history))
    const { broken } = judge(law, lived, history)
    if (broken !== undefined) smallest = { history, lived, broken }
    return broken === undefined
  }
  const { counterexamplePath } = yield* Effect.promise(() =>
    fc.check(fc.asyncProperty(anyHistory, holds), {
      endOnFailure: !wanted,
      numRuns: 1,
      ...(seed !== undefined && { seed }),
      ...(path !== undefined && { path }),
    }),
  )
  return new Breach({
    what: `seed ${seed}, path "${counterexamplePath ?? path}": give both to stockLaws to live it again`,
    expected: `${law.id} ${law.sentence}`,
    seen: smallest === undefined ? "it did not happen again" : describe(smallest),
  })
})

const describe = ({ history, lived, broken }: Failure): string =>
  `${broken}\n${describeLived(lived)}\n  as generated: ${JSON.stringify(history)}`
