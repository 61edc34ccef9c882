import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AuditLog } from "../audit/index.ts"
import { Timestamp } from "../kernel/index.ts"
import { Store } from "../store/index.ts"
import { pageFields, pageOf } from "./paging.ts"
import { query } from "./query.ts"

/**
 * Reads the audit log of the current partition in the order of time, a page at a time (I10).
 *
 * @param input.action only events of one action, when given
 * @param input.since only events at or after this instant, in milliseconds
 * @param input.after `next` of the page before
 * @param input.limit events a page, 1 to 1,000; 100 when left out
 */
export const findAuditEvents = query({
  action: "findAuditEvents",
  input: Schema.Struct({
    action: Schema.optionalKey(Schema.String),
    since: Schema.optionalKey(Timestamp),
    ...pageFields,
  }),
  read: Effect.fnUntraced(function* ({ action, since, after, limit }) {
    const store = yield* Store
    const page = {
      ...(since !== undefined && { range: { gte: since } }),
      ...(limit !== undefined && { limit }),
      after,
    }
    const found =
      action === undefined
        ? yield* store.find(AuditLog, "time", page)
        : yield* store.find(AuditLog, "action", { ...page, equals: { action } })
    return pageOf(found)
  }),
})
