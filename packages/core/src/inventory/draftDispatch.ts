import * as Effect from "effect/Effect"
import type { CommandContext } from "../command/index.ts"
import type { OutboxMessage } from "../integration/index.ts"
import type { Ids, Quantity } from "../kernel/index.ts"
import {
  type CurrentPartition,
  check,
  type Entry,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import type { Allocation } from "./Allocation.ts"
import { type Commitment, Commitments } from "./Commitment.ts"
import { chooseDispatched, type DispatchedPart, type DispatchLine } from "./chooseDispatched.ts"
import { draftMovements, type MovementRefused } from "./draftMovements.ts"
import { findLiveAllocations } from "./findCommitments.ts"
import { lookUpLots } from "./lookUpCells.ts"
import { eachUnit, type NewMovement } from "./NewMovement.ts"
import { type CommitmentPost, type DispatchRest, postCommitment } from "./postCommitment.ts"
import { requirePending } from "./requirePending.ts"
import { type StockBalance, StockBalances } from "./StockBalance.ts"
import type { StockMovement } from "./StockMovement.ts"
import {
  CellShort,
  type CommitmentResolved,
  type LotRefused,
  type NotAllocated,
} from "./stockErrors.ts"
import { checkLot } from "./trackUnits.ts"

export type { DispatchLine } from "./chooseDispatched.ts"
export type { DispatchRest } from "./postCommitment.ts"

export interface DispatchOptions extends CommandContext {
  readonly rest: DispatchRest
}

/** Stock that leaves for customers, as entries of a batch and messages. */
export interface DispatchDraft {
  readonly entries: ReadonlyArray<Entry>
  readonly messages: ReadonlyArray<OutboxMessage>
  readonly movements: ReadonlyArray<StockMovement>
  /** The commitments that were resolved, `posted` or in part. */
  readonly commitments: ReadonlyArray<Commitment>
  /** The pending commitments that took over the rest. */
  readonly kept: ReadonlyArray<Commitment>
  /** What left; of a part of an allocation, a record of that part. */
  readonly posted: ReadonlyArray<Allocation>
  /** What was pinned and is available again. */
  readonly released: ReadonlyArray<Allocation>
}

/** Why pinned units may not leave. Nothing moved. */
export type DispatchRefused = CommitmentResolved | NotAllocated | MovementRefused

/**
 * Drafts the dispatch of pinned units: movements to `Customer`, their allocations and commitments posted. On hand,
 * sellable and committed fall together, so what others may have does not change. Each commitment and each allocation is
 * held to its version, so units leave exactly once.
 *
 * Fails with `CommitmentResolved` for a promise that ended or whose time is over (R6), `NotAllocated` for more
 * units than are pinned, `LotRefused` for a lot that has expired or was recalled at this instant (R10), and with
 * what refuses a movement. Naming a commitment twice is a defect of the caller.
 */
export const draftDispatch = (
  lines: ReadonlyArray<DispatchLine>,
  options: DispatchOptions,
): Effect.Effect<
  DispatchDraft,
  DispatchRefused | StoreUnavailable,
  Store | Ids | CurrentPartition
> => Effect.catch(draftLines(lines, options), (refused) => unlessOvertaken(lines, refused))

const draftLines = Effect.fnUntraced(function* (
  lines: ReadonlyArray<DispatchLine>,
  options: DispatchOptions,
): Effect.fn.Return<
  DispatchDraft,
  DispatchRefused | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const parts: Array<DispatchedPart> = []
  const posts: Array<CommitmentPost> = []
  const allocations = yield* findLiveAllocations(lines.map(({ commitment }) => commitment.value))
  for (const line of lines) {
    const commitment = yield* Effect.fromResult(requirePending(line.commitment, options.at))
    const live = allocations.get(commitment.value.id) ?? []
    const leaving = yield* chooseDispatched(line, live)
    parts.push(...leaving)
    posts.push(yield* postCommitment(commitment, live, leaving, options))
  }
  const moves = yield* movementsOf(lines, parts)
  const checks = yield* checkFitness(parts, options)
  const moved = yield* draftMovements(moves, options)
  return {
    entries: [...moved.entries, ...checks, ...posts.flatMap(({ entries }) => entries)],
    messages: moved.messages,
    movements: moved.movements,
    commitments: posts.map(({ commitment }) => commitment),
    kept: posts.flatMap(({ kept }) => (kept === undefined ? [] : [kept])),
    posted: posts.flatMap(({ posted }) => posted),
    released: posts.flatMap(({ released }) => released),
  }
})

/**
 * The refusal, if the commitments are still as they were read. Else it may come from two looks at different times:
 * a draft that holds them to their versions loses at the commit, so that the command decides again.
 */
const unlessOvertaken = Effect.fnUntraced(function* <E>(
  lines: ReadonlyArray<DispatchLine>,
  refused: E,
): Effect.fn.Return<DispatchDraft, E | StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const now = yield* store.getMany(
    Commitments,
    lines.map(({ commitment }) => commitment.id),
  )
  for (const { commitment } of lines) {
    if (now.get(commitment.id)?.version === commitment.version) continue
    return { ...NOTHING, entries: [check(commitment)] }
  }
  return yield* Effect.fail(refused)
})

const NOTHING: DispatchDraft = {
  entries: [],
  messages: [],
  movements: [],
  commitments: [],
  kept: [],
  posted: [],
  released: [],
}

const movementsOf = Effect.fnUntraced(function* (
  lines: ReadonlyArray<DispatchLine>,
  parts: ReadonlyArray<DispatchedPart>,
): Effect.fn.Return<
  ReadonlyArray<NewMovement>,
  CellShort | StoreUnavailable,
  Store | CurrentPartition
> {
  const commitments = new Map(lines.map(({ commitment: { value } }) => [value.id, value]))
  const balances = yield* (yield* Store).getMany(
    StockBalances,
    parts.map(({ allocation }) => allocation.value.cell),
  )
  const moves: Array<NewMovement> = []
  for (const part of parts) {
    const { cell, commitment } = part.allocation.value
    const balance = balances.get(cell)?.value
    // Emptied and swept since the allocation was read.
    if (balance === undefined)
      return yield* new CellShort({ cell, wanted: part.quantity, onHand: 0 })
    const document = commitments.get(commitment)
    if (document === undefined) throw new TypeError(`commitment ${commitment} is of no line`)
    moves.push(...eachUnit(movementOf(document, part, balance), part.serials))
  }
  return moves
})

const movementOf = (
  { documentKind, documentId, sku }: Commitment,
  { allocation, quantity }: DispatchedPart,
  { warehouse, bin, package: within, condition }: StockBalance,
): NewMovement => ({
  sku,
  lot: allocation.value.lot,
  from: {
    _tag: "Bin",
    warehouse,
    bin,
    ...(within !== undefined && { package: within }),
    condition,
  },
  to: { _tag: "Customer" },
  quantity: quantity as Quantity,
  reason: "dispatch",
  document: { kind: documentKind, id: documentId },
  takes: "allocated",
  posts: true,
})

/** No unit of a lot leaves that has expired or was recalled, and it is so at the commit (R10). */
const checkFitness = Effect.fnUntraced(function* (
  parts: ReadonlyArray<DispatchedPart>,
  { at }: DispatchOptions,
): Effect.fn.Return<ReadonlyArray<Entry>, LotRefused | StoreUnavailable, Store | CurrentPartition> {
  const checks: Array<Entry> = []
  for (const lot of (yield* lookUpLots(parts.map(({ allocation }) => allocation.value))).values()) {
    yield* Effect.fromResult(checkLot(lot.value, at))
    checks.push(check(lot))
  }
  return checks
})
