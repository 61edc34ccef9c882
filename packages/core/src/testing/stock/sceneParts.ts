import fc from "fast-check"
import type { Act, Acts, PromisedSku } from "./StockAct.ts"
import type { PlannedAct, PlannedBeat, Wait } from "./StockPlan.ts"
import type { Purpose, Who } from "./StockTrace.ts"

/** A little before, at, or a little after something is due, in milliseconds. */
export const off = fc.constantFrom<-1 | 0 | 1>(-1, 0, 1)

/** How often a command is sent at the same moment. */
export const copies = fc.constantFrom(1, 1, 2)

export const few = fc.integer({ min: 1, max: 3 })

/** An act in a beat. */
export const sent = (act: Act, times = 1, purpose?: Purpose): PlannedAct => ({
  act,
  copies: times,
  ...(purpose !== undefined && { purpose }),
})

/** Acts at one moment, after a wait. */
export const at = (wait: Wait, ...acts: ReadonlyArray<PlannedAct>): PlannedBeat => ({ wait, acts })

/** Acts at one moment, a millisecond later. */
export const next = (...acts: ReadonlyArray<PlannedAct>): PlannedBeat => at({ by: 1 }, ...acts)

/** One line of the first warehouse. */
export const lineOf = (sku: fc.Arbitrary<PromisedSku>, quantity: fc.Arbitrary<number>) =>
  fc.record({ sku, warehouse: fc.constant(0), quantity })

type Request = Pick<Acts["commit"], "lines"> & Partial<Acts["commit"]>

/** A request for stock: whole, and for good, where nothing else is said. */
export const commit = (who: Who, document: string, request: Request): Act => ({
  do: "commit",
  who,
  policy: "whole",
  lives: null,
  ...request,
  document,
})

export const allocate = (
  who: Who,
  document: string,
  how: Partial<Pick<Acts["allocate"], "strategy" | "shelfLife">> = {},
): Act => ({ do: "allocate", who, document, strategy: null, shelfLife: 0, ...how })

export const release = (who: Who, document: string): Act => ({ do: "release", who, document })

export const dispatch = (who: Who, document: string, part: number | null = null): Act => ({
  do: "dispatch",
  who,
  document,
  rest: "keep",
  part,
})
