import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { ObjectRef } from "../audit/index.ts"
import type { CommandContext } from "../command/index.ts"
import { NO_UNITS, Sku } from "../kernel/index.ts"
import { type Entry, MAX_PAGE, readEveryPage, replace, Store, type Stored } from "../store/index.ts"
import { LotCode } from "./Cell.ts"
import { draftMovements } from "./draftMovements.ts"
import { movedAnswer, StockMoved } from "./Place.ts"
import { lookAgain, namePinnedIn, pullCells } from "./pullCells.ts"
import { StockBalances } from "./StockBalance.ts"
import { lotIdOf, type StockLot, StockLots } from "./StockLot.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

/** Cells, or serials, that one call moves. */
const MAX_MOVED = 500

/**
 * Recalls a lot: from this instant no unit of it becomes sellable any more, wherever it is or arrives, and its free
 * sellable units move to `recalled`. Units that are pinned stay where they are, and their documents are named: release
 * those allocations, then call again. Repeating it moves what is left and changes nothing else.
 */
export const recallLot = stockCommand({
  action: "recallLot",
  input: Schema.Struct({ sku: Sku, lot: LotCode }),
  answer: Schema.Struct({
    ...StockMoved.fields,
    /** Cells that still hold free sellable units of the lot: call again. */
    cellsLeft: Schema.Int,
    /** Documents to which units of the lot are pinned. */
    toReallocate: Schema.Array(ObjectRef),
  }),
  standings: UNTIL_CLOSED,
  decide: (input, context) => lookAgain(recall(input, context)),
})

const recall = Effect.fnUntraced(function* (
  { sku, lot }: { readonly sku: Sku; readonly lot: LotCode },
  context: CommandContext,
) {
  const store = yield* Store
  const id = lotIdOf(sku, lot)
  const stored = Option.getOrUndefined(yield* store.get(StockLots, id))
  if (stored === undefined) return yield* new NotFound({ kind: "lot", id })
  const cells = yield* readEveryPage((after) =>
    store.find(StockBalances, "lot", { equals: { sku, lot }, after, limit: MAX_PAGE }),
  )
  const sellable = cells.flatMap(({ value }) => (value.condition === "sellable" ? [value] : []))
  const pull = yield* pullCells(sellable, "recalled", "recall", MAX_MOVED)
  const draft = yield* draftMovements(pull.movements, context)
  return {
    about: { kind: "lot", id },
    entries: [...markRecalled(stored, context), ...draft.entries],
    messages: draft.messages,
    answer: {
      ...movedAnswer(draft),
      cellsLeft: pull.cellsLeft,
      toReallocate: yield* namePinnedIn(sellable),
    },
  }
})

/** Nothing un-recalls a lot, so one that is recalled needs no second look. */
const markRecalled = (stored: Stored<StockLot>, { at }: CommandContext): ReadonlyArray<Entry> =>
  stored.value.recalledAt === undefined
    ? [replace(stored, { ...stored.value, cleared: NO_UNITS, recalledAt: at })]
    : []
