import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { keepRetention, OrderId, type RetentionReport } from "../order/index.ts"
import { Connections } from "../party/index.ts"
import { OrderPiis } from "../privacy/index.ts"
import { type Cursor, replace, Store } from "../store/index.ts"

const PAGE = 200
const isOrderId = Schema.is(OrderId)

/**
 * Sees to the buyers of an ended connection's orders: those of finished orders go at once, those of open ones within 72
 * hours (R79). When all were seen, the connection is not due any more; an interruption before that begins it again.
 */
export const endConnection = Effect.fn("endConnection")(function* (id: string) {
  const store = yield* Store
  let total: RetentionReport = { anonymised: 0, lapsed: 0, stalled: 0, left: 0 }
  let after: Cursor | undefined
  do {
    const page = yield* store
      .find(OrderPiis, "connection", {
        equals: { connection: id },
        limit: PAGE,
        ...(after !== undefined && { after }),
      })
      // The cursor is this very query's own.
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    const orders = page.items.map(({ value }) => value.order).filter(isOrderId)
    const report = yield* keepRetention(orders, "always")
    total = {
      anonymised: total.anonymised + report.anonymised,
      lapsed: total.lapsed + report.lapsed,
      stalled: total.stalled + report.stalled,
      left: total.left + report.left,
    }
    after = page.next
  } while (after !== undefined)
  if (total.left > 0) return total
  const connection = yield* store.get(Connections, id)
  if (Option.isNone(connection)) return total
  const { retentionDue: _, ...seen } = connection.value.value
  yield* store
    .commit([replace(connection.value, seen)])
    // Somebody changed it, or another sweep was quicker: the next pass looks again.
    .pipe(
      Effect.catchTags({
        Conflict: () => Effect.void,
        Duplicate: Effect.die,
        Insufficient: Effect.die,
        TooLarge: Effect.die,
      }),
    )
  return total
})
