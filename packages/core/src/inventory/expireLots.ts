import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ObjectRef } from "../audit/index.ts"
import type { CommandContext } from "../command/index.ts"
import { MAX_PAGE, readEveryPage, Store } from "../store/index.ts"
import { draftMovements } from "./draftMovements.ts"
import { movedAnswer, StockMoved } from "./Place.ts"
import { lookAgain, namePinnedIn, pullCells } from "./pullCells.ts"
import { StockBalances } from "./StockBalance.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

/** Cells, or serials, that one call moves. */
const MAX_MOVED = 200

const Limit = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MAX_MOVED })).pipe(
  Schema.withDecodingDefaultKey(Effect.succeed(MAX_MOVED)),
)

/**
 * Moves free sellable units whose expiry has come (`expiresAt <= now`, T2) to `expired`. Bounded: call it again while
 * `cellsLeft` is not 0. Pinned units stay, and their documents are named.
 *
 * @param input.limit cells, or serials, to move in this call: 1 to 200, 200 when left out
 */
export const expireLots = stockCommand({
  action: "expireLots",
  input: Schema.Struct({ limit: Limit }),
  answer: Schema.Struct({
    ...StockMoved.fields,
    /** Cells that still hold free expired units: call again. */
    cellsLeft: Schema.Int,
    /** Documents to which expired units are pinned. */
    toReallocate: Schema.Array(ObjectRef),
  }),
  standings: UNTIL_CLOSED,
  decide: (input, context) => lookAgain(expire(input, context)),
})

const expire = Effect.fnUntraced(function* (
  { limit }: { readonly limit: number },
  context: CommandContext,
) {
  const store = yield* Store
  const due = yield* readEveryPage((after) =>
    store.find(StockBalances, "expiry", {
      equals: { condition: "sellable" },
      range: { lte: context.at },
      after,
      limit: MAX_PAGE,
    }),
  )
  const cells = due.map(({ value }) => value)
  const pull = yield* pullCells(cells, "expired", "expired", limit)
  const draft = yield* draftMovements(pull.movements, context)
  return {
    about: { kind: "stock", id: "expiry" },
    entries: draft.entries,
    messages: draft.messages,
    answer: {
      ...movedAnswer(draft),
      cellsLeft: pull.cellsLeft,
      toReallocate: yield* namePinnedIn(cells),
    },
  }
})
