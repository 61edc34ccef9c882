import { cpus } from "node:os"

/** One line of the table: a figure, the floor that the same run measured, and their ratio. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly floor: number
  readonly ratio: number
  /** The ratio that is wanted, where one is. */
  readonly aim?: number
  readonly machine: string
  /** The server, where there is one. */
  readonly server?: string
}

export const machine = `${cpus()[0]?.model.trim() ?? "unknown"} x${cpus().length}, Node ${process.versions.node}`

/** Runs of work per second: the median of several rounds, after one to warm up. */
export const perSecond = async (
  rounds: number,
  runs: number,
  round: (index: number) => Promise<void> | void,
): Promise<number> => {
  await round(0)
  const rates: Array<number> = []
  for (let index = 1; index <= rounds; index++) {
    const start = performance.now()
    await round(index)
    rates.push((runs / (performance.now() - start)) * 1000)
  }
  return rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0
}

export const row = (name: string, value: number, unit: string, floor: number): Row => ({
  name,
  value: Math.round(value),
  unit,
  floor: Math.round(floor),
  ratio: Number((value / floor).toPrecision(3)),
  machine,
})
