import * as Effect from "effect/Effect"
import fc from "fast-check"
import type { Ids } from "../../kernel/index.ts"
import type { Store } from "../../store/index.ts"
import { Breach } from "../expectations.ts"
import type { Trials } from "../forAll.ts"
import type { Law, Verdict } from "./Law.ts"

/** How laws are tried. */
export interface LawTrials extends Trials {
  /** Lives one history only, that of a failure: the path that it printed, with its seed. */
  readonly path?: string
  /** Is told how many histories were lived, after each of them: for a line of progress. */
  readonly onHistory?: (lived: number, of: number) => void
}

/** How a life may end before its time. */
export interface Mortal {
  /** A record that cannot be read. */
  readonly damage?: string | undefined
  /** A command that died. */
  readonly death: string | undefined
}

/** Histories of one kind, and the laws that judge them. */
export interface Study<History, Life extends Mortal, Needs = Store | Ids> {
  /** The function that takes seed and path of a failure. */
  readonly contract: string
  /** Where its laws are written down; domain 3 when left out. */
  readonly source?: string
  readonly laws: ReadonlyArray<Law<Life>>
  readonly histories: fc.Arbitrary<History>
  /** Lives through a history, in partitions that nobody used before. */
  readonly live: (history: History) => Effect.Effect<Life, unknown, Needs>
  /** From what of a history laws that regroup or reorder take their choices. */
  readonly saltOf?: (history: History) => number
  /** What was sent in a life, and what came of it. */
  readonly describe: (life: Life) => string
}

/** Histories that are lived once each, for all laws together. */
export interface Exploration<Life, Needs = Store | Ids> {
  /** How many histories there are. */
  readonly runs: number
  /** What a law says of the history with this number. It is lived when it is first asked for. */
  readonly verdict: (law: Law<Life>, place: number) => Effect.Effect<Verdict, unknown, Needs>
  /** What breaks a law, made as small as can be: seed, path, commands, and what was seen. */
  readonly breach: (law: Law<Life>, place: number) => Effect.Effect<Breach, unknown, Needs>
}

/** Histories that a failure is made smaller by, at most. */
const MAX_SHRINKS = 500

/** Starts an exploration. The same seed gives the same histories. */
export const exploreStudy = <History, Life extends Mortal, Needs>(
  study: Study<History, Life, Needs>,
  trials: LawTrials & { readonly seed: number },
): Exploration<Life, Needs> => {
  const { runs, seed, path } = trials
  const numRuns = path === undefined ? runs : 1
  const histories = fc.sample(study.histories, {
    seed,
    numRuns,
    ...(path !== undefined && { path }),
  })
  const seen: Array<ReadonlyMap<string, Verdict>> = []
  const judgeAll = (life: Life, history: History): ReadonlyMap<string, Verdict> =>
    new Map(study.laws.map((law) => [law.id, judge(study, law, life, history)]))
  return {
    runs: numRuns,
    verdict: Effect.fnUntraced(function* (law, place) {
      const history = histories[place]
      if (history === undefined) throw new RangeError(`there is no history ${place}`)
      const known = seen[place]
      const verdicts = known ?? judgeAll(yield* study.live(history), history)
      if (known === undefined) trials.onHistory?.(place + 1, numRuns)
      seen[place] = verdicts
      return verdicts.get(law.id) ?? { broken: undefined, met: new Set() }
    }),
    breach: (law, place) => shrink(study, law, { ...trials, path: path ?? String(place) }),
  }
}

/** A command that dies breaks every law, unless a damaged record killed it: that is for one law to say. */
const judge = <History, Life extends Mortal, Needs>(
  { saltOf }: Study<History, Life, Needs>,
  law: Law<Life>,
  life: Life,
  history: History,
): Verdict => {
  const verdict = law.judge(life, saltOf?.(history) ?? 0)
  return life.death === undefined || life.damage !== undefined
    ? verdict
    : { ...verdict, broken: verdict.broken ?? `a command died: ${life.death}` }
}

const shrink = Effect.fnUntraced(function* <History, Life extends Mortal, Needs>(
  study: Study<History, Life, Needs>,
  law: Law<Life>,
  {
    seed,
    path,
    shrink: wanted = true,
  }: LawTrials & { readonly seed: number; readonly path: string },
) {
  const context = yield* Effect.context<Needs>()
  let smallest: string | undefined
  let tries = 0
  const holds = async (history: History): Promise<boolean> => {
    tries += 1
    if (tries > MAX_SHRINKS) return true
    const life = await Effect.runPromiseWith(context)(study.live(history))
    const { broken } = judge(study, law, life, history)
    if (broken !== undefined)
      smallest = `${broken}\n${study.describe(life)}\n  as generated: ${JSON.stringify(history)}`
    return broken === undefined
  }
  const { counterexamplePath } = yield* Effect.promise(() =>
    fc.check(fc.asyncProperty(study.histories, holds), {
      endOnFailure: !wanted,
      numRuns: 1,
      seed,
      path,
    }),
  )
  return new Breach({
    what: `seed ${seed}, path "${counterexamplePath ?? path}": give both to ${study.contract} to live it again`,
    expected: `${law.id} ${law.sentence}`,
    seen: smallest ?? "it did not happen again",
  })
})
