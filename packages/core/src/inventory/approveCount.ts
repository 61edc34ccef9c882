import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import type { CommandContext } from "../command/index.ts"
import { type Quantity, SignedUnits } from "../kernel/index.ts"
import { check, MAX_PAGE, readEveryPage, replace, Store, type Stored } from "../store/index.ts"
import type { Location } from "./Cell.ts"
import { draftMovements, type MovementDraft } from "./draftMovements.ts"
import type { NewMovement } from "./NewMovement.ts"
import { binAt, movedAnswer, StockMoved } from "./Place.ts"
import { lookAgain } from "./pullCells.ts"
import { StockBalances } from "./StockBalance.ts"
import {
  CountId,
  CountResolved,
  CountState,
  CountSuperseded,
  type StockCount,
  StockCounts,
  varianceOf,
} from "./StockCount.ts"
import { StockMovements } from "./StockMovement.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

const ADJUSTMENT: Location = { _tag: "Adjustment" }

/**
 * The movement that a count asks for: found or lost units, at the instant at which they were counted. None when the
 * books were right.
 */
export const varianceMovement = (
  count: StockCount,
  variance: SignedUnits,
): NewMovement | undefined => {
  if (variance === 0) return undefined
  const bin = binAt(count.warehouse, count, count.condition)
  return {
    sku: count.sku,
    lot: count.lot,
    quantity: Math.abs(variance) as Quantity,
    from: variance > 0 ? ADJUSTMENT : bin,
    to: variance > 0 ? bin : ADJUSTMENT,
    reason: "count_variance",
    document: { kind: "count", id: count.id },
    occurredAt: count.countedAt,
    expiresAt: variance > 0 ? count.expiresAt : undefined,
  }
}

/**
 * Judges a count. Approved, it posts one movement of `counted - onHandAt(countedAt)` (domain 1.6), in the light of all
 * movements known by now; the cell is held while that is worked out. Rejected, it changes nothing.
 *
 * Missing units that are pinned to documents are refused (`StockAllocated`): release those allocations first. A
 * serial-tracked product wants its units named, so a difference there is adjusted by serial instead.
 *
 * @param input.verdict `approve`, when left out, or `reject`
 */
export const approveCount = stockCommand({
  action: "approveCount",
  input: Schema.Struct({
    count: CountId,
    verdict: Schema.Literals(["approve", "reject"]).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed("approve" as const)),
    ),
  }),
  answer: Schema.Struct({ state: CountState, variance: SignedUnits, ...StockMoved.fields }),
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ count: id, verdict }, context) {
    const stored = Option.getOrUndefined(yield* (yield* Store).get(StockCounts, id))
    if (stored === undefined) return yield* new NotFound({ kind: "count", id })
    const { state } = stored.value
    if (state !== "recorded") return yield* new CountResolved({ count: id, state })
    return verdict === "approve"
      ? yield* lookAgain(approve(stored, context))
      : reject(stored, context)
  }),
})

const reject = (stored: Stored<StockCount>, { at }: CommandContext) => ({
  about: { kind: "count", id: stored.id },
  entries: [replace(stored, { ...stored.value, state: "rejected", resolvedAt: at })],
  answer: { state: "rejected" as const, variance: 0 as SignedUnits, moved: [], shortfalls: [] },
})

const approve = Effect.fnUntraced(function* (stored: Stored<StockCount>, context: CommandContext) {
  const count = stored.value
  const store = yield* Store
  // The balance first: a movement or a later count that comes in between has moved it, and the check says so.
  const balance = Option.getOrUndefined(yield* store.get(StockBalances, count.cell))
  const later = yield* readMovementsSince(count)
  yield* refuseSuperseded(count)
  const variance = varianceOf(count, balance?.value.onHand ?? 0, later)
  const movement = varianceMovement(count, variance)
  const draft: MovementDraft =
    movement === undefined ? NOTHING_MOVED : yield* draftMovements([movement], context)
  const first = draft.movements[0]
  return {
    about: { kind: "count", id: count.id },
    entries: [
      replace(stored, {
        ...count,
        state: "approved",
        resolvedAt: context.at,
        variance,
        ...(first !== undefined && { movement: first.id }),
      }),
      ...(balance === undefined ? [] : [check(balance)]),
      ...draft.entries,
    ],
    messages: draft.messages,
    answer: { state: "approved" as const, variance, ...movedAnswer(draft) },
  }
})

const NOTHING_MOVED: MovementDraft = { entries: [], messages: [], movements: [], shortfalls: [] }

const refuseSuperseded = Effect.fnUntraced(function* ({ id, cell, countedAt }: StockCount) {
  const newer = yield* (yield* Store)
    .find(StockCounts, "cell", {
      equals: { cell, state: "approved" },
      range: { gt: countedAt },
      limit: 1,
    })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  const by = newer.items[0]?.value.id
  if (by !== undefined) return yield* new CountSuperseded({ count: id, by })
})

/** What was written down since the count. What was written down before it happened before it, too (T4). */
const readMovementsSince = Effect.fnUntraced(function* ({ cell, countedAt }: StockCount) {
  const store = yield* Store
  const range = { gt: countedAt }
  const page = { range, limit: MAX_PAGE }
  const left = yield* readEveryPage((after) =>
    store.find(StockMovements, "from", { equals: { fromCell: cell }, ...page, after }),
  )
  const came = yield* readEveryPage((after) =>
    store.find(StockMovements, "to", { equals: { toCell: cell }, ...page, after }),
  )
  return [...left, ...came].map(({ value }) => value)
})
