import { Effect } from "effect"
import { operations } from "../../../src/host/index.ts"
import {
  Allocations,
  type Commitment,
  Commitments,
  InsufficientStock,
  poolIdOf,
  StockBalances,
  StockPools,
} from "../../../src/inventory/index.ts"
import { Store } from "../../../src/store/index.ts"
import { adding, forgetting, offBy, type StockMutant, seeing, withoutFloors } from "./tampered.ts"

const { allocateStock, commitStock, dispatchStock, expireCommitments, releaseCommitment } =
  operations

type Commit = typeof commitStock
type Lines = Parameters<Commit>[0]["lines"]

/** What can be promised of a line's SKU, as it is read now. */
const availableOf = ({ warehouse, sku }: Lines[number]) =>
  Effect.flatMap(Store, (store) =>
    Effect.map(store.get(StockPools, poolIdOf(warehouse as never, sku as never)), (pool) =>
      pool._tag === "Some" ? pool.value.value.uncommitted : 0,
    ),
  )

const unguarded = withoutFloors(commitStock)

/** Looks whether there is enough of each line, one by one, and then takes it without looking again. */
const careless: Commit = (input) =>
  Effect.gen(function* () {
    for (const line of input.policy === "whole" ? input.lines : [])
      if (line.sku !== "SET" && (yield* availableOf(line)) < line.quantity)
        return yield* new InsufficientStock({ short: [] })
    return yield* unguarded(input)
  })

const timeless = ({ expiresAt: _, ...commitment }: Commitment) => commitment

/** Mutants of the operations on promises, for R1 to R6. */
export const promiseMutants: ReadonlyArray<StockMutant> = [
  {
    name: "a dispatch that forgets to post the commitment",
    operations: { dispatchStock: forgetting(dispatchStock, Commitments) },
    breaks: ["R1"],
  },
  {
    name: "an allocation that forgets the cell",
    operations: { allocateStock: forgetting(allocateStock, StockBalances) },
    breaks: ["R1"],
  },
  {
    name: "a promise that reads and then writes without a floor",
    operations: { commitStock: careless },
    breaks: ["R2", "R3"],
  },
  {
    name: "a promise that never gives the last unit away",
    operations: {
      commitStock: adding(commitStock, StockPools, () => ({ floors: { uncommitted: 1 } })),
    },
    breaks: ["R2", "R3"],
  },
  {
    name: "a release that leaves units pinned",
    operations: { releaseCommitment: forgetting(releaseCommitment, Allocations) },
    breaks: ["R4"],
  },
  {
    name: "a sweep that gives units back twice",
    operations: {
      expireCommitments: adding(expireCommitments, StockPools, ({ deltas }) => ({
        deltas: { ...deltas, uncommitted: 2 * (deltas["uncommitted"] ?? 0) },
      })),
    },
    breaks: ["R1"],
  },
  {
    name: "a sweep that comes a millisecond late",
    operations: { expireCommitments: offBy(expireCommitments, -1) },
    breaks: ["R4"],
  },
  {
    name: "a release that makes nothing available again",
    operations: {
      releaseCommitment: adding(releaseCommitment, StockPools, ({ deltas }) => ({
        deltas: { committed: deltas["committed"] ?? 0 },
      })),
    },
    breaks: ["R5"],
  },
  {
    name: "a release that leaves units allocated in their cells",
    operations: { releaseCommitment: forgetting(releaseCommitment, StockBalances) },
    breaks: ["R4", "R5"],
  },
  {
    name: "a dispatch that does not look at the time",
    operations: { dispatchStock: seeing(dispatchStock, Commitments, timeless) },
    breaks: ["R6"],
  },
  {
    name: "an allocation that does not look at the time",
    operations: { allocateStock: seeing(allocateStock, Commitments, timeless) },
    breaks: ["R6"],
  },
  {
    name: "a dispatch that refuses a millisecond too early",
    operations: { dispatchStock: offBy(dispatchStock, 1) },
    breaks: ["R6"],
  },
]
