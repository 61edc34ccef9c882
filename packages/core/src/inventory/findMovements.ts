import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { pageFields, pageOf, query } from "../command/index.ts"
import { Sku, Timestamp } from "../kernel/index.ts"
import { Store } from "../store/index.ts"
import { StockMovements } from "./StockMovement.ts"

/**
 * Reads the journal by the time of writing down, of one SKU or of all.
 *
 * @param input.sku only movements of this SKU
 * @param input.since from this instant on, `input.until` before that one
 * @param input.order `descending`, newest first, when left out
 * @param input.after `next` of the page before, of the same query
 * @param input.limit movements a page, 1 to 1,000; 100 when left out
 * @returns fails with `InvalidCursor` for a cursor of another query
 */
export const findMovements = query({
  action: "findMovements",
  input: Schema.Struct({
    sku: Schema.optionalKey(Sku),
    since: Schema.optionalKey(Timestamp),
    until: Schema.optionalKey(Timestamp),
    order: Schema.Literals(["ascending", "descending"]).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed("descending" as const)),
    ),
    ...pageFields,
  }),
  read: Effect.fnUntraced(function* ({ sku, since, until, ...paging }) {
    const store = yield* Store
    const range = {
      ...(since !== undefined && { gte: since }),
      ...(until !== undefined && { lt: until }),
    }
    const paged = { ...paging, range }
    const page =
      sku === undefined
        ? yield* store.find(StockMovements, "time", paged)
        : yield* store.find(StockMovements, "sku", { equals: { sku }, ...paged })
    return pageOf(page)
  }),
})
