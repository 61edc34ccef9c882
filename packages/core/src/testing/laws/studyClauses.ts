import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Ids } from "../../kernel/index.ts"
import { Store } from "../../store/index.ts"
import type { Clause } from "../Contract.ts"
import { Breach } from "../expectations.ts"
import {
  type Exploration,
  exploreStudy,
  type LawTrials,
  type Mortal,
  type Study,
} from "./exploreStudy.ts"
import type { Law } from "./Law.ts"

/**
 * One clause for each law of a study. They share the histories: over one store, the first clause lives them all, and
 * the others judge what it lived.
 */
export const studyClauses = <History, Life extends Mortal>(
  study: Study<History, Life>,
  trials: LawTrials,
): ReadonlyArray<Clause<Store | Ids>> => studyClausesOver(Store, study, trials)

/** `studyClauses` of a study with other needs: histories are shared by whoever has the same `anchor`. */
export const studyClausesOver = <History, Life extends Mortal, Needs, Anchor extends object>(
  anchor: Effect.Effect<Anchor, never, Needs>,
  study: Study<History, Life, Needs>,
  trials: LawTrials,
): ReadonlyArray<Clause<Needs>> => {
  const explorations = new WeakMap<Anchor, Exploration<Life, Needs>>()
  const exploration = Effect.gen(function* () {
    const store = yield* anchor
    const known = explorations.get(store)
    if (known !== undefined) return known
    const seed = trials.seed ?? (yield* Random.nextIntBetween(-0x8000_0000, 0x7fff_ffff))
    const started = exploreStudy(study, { ...trials, seed })
    explorations.set(store, started)
    return started
  })
  return study.laws.map((law) => ({
    name: `${law.id} ${law.sentence}`,
    law: `${study.source ?? "domain 3"}, ${law.id}`,
    check: Effect.flatMap(exploration, (explored) => checkLaw(law, explored)),
  }))
}

const checkLaw = Effect.fnUntraced(function* <Life, Needs>(
  law: Law<Life>,
  explored: Exploration<Life, Needs>,
) {
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
const requireExercise = Effect.fnUntraced(function* <Life>(
  law: Law<Life>,
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
