import type { Act } from "./StockAct.ts"
import type { Purpose } from "./StockTrace.ts"

/** How the clock moves before a beat: on by so many milliseconds, or to something that comes due, and a little off. */
export type Wait =
  | { readonly by: number }
  | { readonly until: "promise" | "expiry"; readonly off: -1 | 0 | 1 }

/** An act in a beat, perhaps sent twice at the same moment. */
export interface PlannedAct {
  readonly act: Act
  readonly copies: number
  readonly purpose?: Purpose
}

/** What is to be done at one moment, all of it at once. */
export interface PlannedBeat {
  readonly wait: Wait
  readonly acts: ReadonlyArray<PlannedAct>
}

/** Beats that belong together. Documents named `x…` in it are this scene's own. */
export type Scene = ReadonlyArray<PlannedBeat>
