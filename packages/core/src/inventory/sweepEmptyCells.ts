import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { command } from "../command/index.ts"
import { DAY_MILLIS, plusMillis, type Timestamp } from "../kernel/index.ts"
import { remove, Store } from "../store/index.ts"
import type { CellId } from "./Cell.ts"
import { StockBalances } from "./StockBalance.ts"
import { StockMovements } from "./StockMovement.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

/** Cells that one call removes. */
const MAX_REMOVED = 1000

/**
 * Removes the balances of cells that have been empty for a day: their movements stay, and the next unit opens the cell
 * again. Lots come and go, so without it old cells would pile up in every look-up.
 *
 * A day, because a balance that is opened again starts to count its versions anew: nobody who read the old one is
 * still deciding on it by then.
 *
 * @param input.limit cells to remove in this call: 1 to 1,000, 1,000 when left out
 */
export const sweepEmptyCells = command({
  action: "sweepEmptyCells",
  input: Schema.Struct({
    limit: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MAX_REMOVED })).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed(MAX_REMOVED)),
    ),
  }),
  answer: Schema.Struct({ removed: Schema.Int }),
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ limit }, { at }) {
    const store = yield* Store
    const before = plusMillis(at, -DAY_MILLIS)
    const empty = yield* store.scan(StockBalances).pipe(
      Stream.filter(({ value }) => value.onHand === 0),
      Stream.filterEffect(({ value }) => wasLeftBefore(value.id, before)),
      Stream.take(limit),
      Stream.runCollect,
    )
    return {
      about: { kind: "stock", id: "empty_cells" },
      entries: empty.map(remove),
      answer: { removed: empty.length },
    }
  }),
})

const wasLeftBefore = Effect.fnUntraced(function* (cell: CellId, before: Timestamp) {
  const last = yield* (yield* Store)
    .find(StockMovements, "from", {
      equals: { fromCell: cell },
      order: "descending",
      limit: 1,
    })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  return last.items.every(({ value }) => value.recordedAt <= before)
})
