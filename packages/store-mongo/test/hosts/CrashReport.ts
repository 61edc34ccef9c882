import type { Witness } from "./Witness.ts"

/** What a run of kills came to. */
export interface CrashReport {
  readonly kills: number
  readonly shops: number
  readonly counts: Witness["counts"]
  /** Distinct commands that had an effect and were acknowledged. */
  readonly acknowledged: number
  /** Messages, and how often they were handed to subscribers in all. */
  readonly messages: number
  readonly deliveries: number
  readonly seconds: number
  /** Nothing, if every promise was kept. */
  readonly violations: ReadonlyArray<string>
}

/** Where a run stands after a kill. */
export interface Progress {
  readonly kills: number
  readonly of: number
  readonly acknowledged: number
  readonly fresh: ReadonlyArray<string>
}

export interface KillOptions {
  readonly kills: number
  /** Decides what the callers do and when they die; what the machine makes of it differs from run to run. */
  readonly seed: number
  /** How long a host or the server lives at most, from when it is ready; two and a half seconds when left out. */
  readonly longestLifeMillis?: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** Adds up the crews of a run. */
export const newTally = ({ kills: of, onProgress }: KillOptions) => {
  const began = performance.now()
  const witnesses = new Set<Witness>()
  const violations = new Set<string>()
  let kills = 0
  const acknowledged = () => [...witnesses].reduce((sum, { answers }) => sum + answers.size, 0)
  return {
    kills: () => kills,
    /** Notes so many kills and what was found after them. */
    note: (witness: Witness, killed: number, findings: ReadonlyArray<string>): void => {
      witnesses.add(witness)
      kills += killed
      const fresh = findings.filter((finding) => !violations.has(finding))
      for (const finding of fresh) violations.add(finding)
      onProgress?.({ kills, of, acknowledged: acknowledged(), fresh })
    },
    report: (): CrashReport => {
      const all = [...witnesses].map(({ counts }) => counts)
      const total = (count: keyof Witness["counts"]) =>
        all.reduce((sum, counts) => sum + counts[count], 0)
      const delivered = [...witnesses].flatMap((witness) => [...witness.delivered.values()])
      return {
        kills,
        shops: witnesses.size,
        counts: {
          answered: total("answered"),
          refused: total("refused"),
          repeated: total("repeated"),
          forgotten: total("forgotten"),
          again: total("again"),
          longestMillis: Math.max(0, ...all.map(({ longestMillis }) => longestMillis)),
        },
        acknowledged: acknowledged(),
        messages: delivered.length,
        deliveries: delivered.reduce((sum, times) => sum + times, 0),
        seconds: Math.round((performance.now() - began) / 1000),
        violations: [...violations],
      }
    },
  }
}
