import { type Row, row } from "./measure.ts"

/** What two kinds of the same work did in rounds that took turns. */
export interface Turns {
  /** Runs per second, the median of the rounds. */
  readonly value: number
  readonly floor: number
  /** The median of the rounds' own ratios: both sides of each met the same machine. */
  readonly ratio: number
}

/** Makes a round ready, which is not measured, and returns what is. */
type Round = (round: number) => () => Promise<unknown>

/**
 * Measures two kinds of work in turns, so that whatever else the machine does slows both of them: a round of each to warm
 * up, then pairs of rounds, of which every other begins with the floor.
 *
 * @param runs how many runs of work a round is
 */
export const inTurns = async (
  rounds: number,
  runs: number,
  work: Round,
  floor: Round,
): Promise<Turns> => {
  await work(0)()
  await floor(0)()
  const pairs: Array<{ readonly value: number; readonly floor: number }> = []
  for (let round = 1; round <= rounds; round++) {
    const first = round % 2 === 0 ? await rateOf(runs, floor(round)) : undefined
    const value = await rateOf(runs, work(round))
    pairs.push({ value, floor: first ?? (await rateOf(runs, floor(round))) })
  }
  return {
    value: median(pairs.map(({ value }) => value)),
    floor: median(pairs.map((pair) => pair.floor)),
    ratio: median(pairs.map((pair) => pair.value / pair.floor)),
  }
}

/** The row of the table. */
export const turnsRow = (name: string, unit: string, turns: Turns, aim?: number): Row => ({
  ...row(name, turns.value, unit, turns.floor),
  ratio: Number(turns.ratio.toPrecision(3)),
  ...(aim !== undefined && { aim }),
})

const rateOf = async (runs: number, work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (runs / (performance.now() - start)) * 1000
}

const median = (figures: ReadonlyArray<number>): number =>
  figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? 0
