import fc from "fast-check"
import { pace } from "../order/OrderHistory.ts"
import type { PlannedAct, Slot } from "./RetentionAct.ts"
import { plain } from "./scenes.ts"
import { anyScene } from "./specialScenes.ts"

/** A history as it is generated. */
export interface RetentionHistory {
  readonly start: number
  /** How many turns of the scheduler each call of the store waits, in rotation. */
  readonly pace: ReadonlyArray<number>
  /** Whether the store is searched in every form in the end, which takes its time. */
  readonly thorough: boolean
  readonly scenes: ReadonlyArray<ReadonlyArray<PlannedAct>>
}

/** Starts from which 30 days lead over a leap day, over nights of summer time, and over the end of a year. */
const STARTS = [
  Date.UTC(2040, 0, 30, 23, 59, 59, 999),
  Date.UTC(2040, 1, 29),
  Date.UTC(2040, 2, 25, 0, 59, 59, 999),
  Date.UTC(2040, 9, 28, 1),
  Date.UTC(2040, 11, 31, 23, 30),
  Date.UTC(2043, 1, 1),
] as const

const slot = fc.constantFrom<Slot>(0, 0, 0, 1, 1, 2)

/** Any history. The other merchant has an order from the beginning on, whose buyer is held. */
export const anyRetentionHistory: fc.Arbitrary<RetentionHistory> = fc.record({
  start: fc.constantFrom(...STARTS),
  pace,
  thorough: fc.constantFrom(true, ...Array.from({ length: 14 }, () => false)),
  scenes: fc
    .tuple(
      plain({ do: "drive", slot: 2, to: "packed" }).map((act) => [act]),
      fc.array(fc.option(slot.chain(anyScene), { nil: [], freq: 50 }), {
        minLength: 1,
        maxLength: 2,
        size: "max",
      }),
      plain({ do: "sweep", sweepers: 1, skewMillis: 0 }).map((act) => [act]),
    )
    .map(([first, scenes, last]) => [first, ...scenes, last]),
})
