import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import {
  type Alert,
  type AlertDue,
  type AuditEvent,
  AuditLog,
  eventRules,
  farAbovePattern,
  inTime,
  isReveal,
  LEAST_REVEALS,
  LONGEST_WINDOW,
  outOfHours,
  PATTERN_MILLIS,
  RevealHours,
  whereRuleHolds,
} from "../audit/index.ts"
import { type Ids, now, plusMillis, Timestamp } from "../kernel/index.ts"
import {
  Collection,
  type CurrentPartition,
  type Cursor,
  insert,
  replace,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { tryRaise } from "./RaisedAlert.ts"

/** How far the alert rules have read the log of a partition: one record. */
export const AlertCursor = Schema.Struct({ id: Schema.Literal("cursor"), at: Timestamp })
export type AlertCursor = typeof AlertCursor.Type

export const AlertCursors = Collection.make("alert_cursors", {
  schema: AlertCursor,
  key: ({ id }) => id,
  indexes: {},
})

/** How late an event may come to be written and is evaluated still: 15 minutes (chosen; clocks may differ by 5, T6). */
export const LATE_MILLIS = 900_000

/** How much of the log is evaluated at once. */
const SLICE_MILLIS = 6 * 3_600_000

/** Races with another evaluation that one loses before it leaves the rest to it. */
const MAX_TRIES = 8

/**
 * Runs the alert rules over what is new in the log of the current partition, and raises each alert exactly once for its
 * window (R37). How far it came, the alerts' messages and the records that keep them from being raised again are one
 * batch: it may be cut off, run late, or run in several processes at once.
 *
 * @returns the alerts that were raised now
 */
export const evaluateAlerts: Effect.Effect<
  ReadonlyArray<Alert>,
  StoreUnavailable,
  Store | Ids | CurrentPartition
> = Effect.gen(function* () {
  const raised: Array<Alert> = []
  for (let lost = 0; lost < MAX_TRIES; ) {
    const outcome = yield* evaluateSlice
    if (outcome === undefined) lost += 1
    else raised.push(...outcome.alerts)
    if (outcome?.end === true) break
  }
  return raised
}).pipe(Effect.withSpan("evaluateAlerts"))

const evaluateSlice = Effect.gen(function* () {
  const store = yield* Store
  const at = yield* now
  const cursor = Option.getOrUndefined(yield* store.get(AlertCursors, "cursor"))
  const read = cursor?.value.at
  const [next] = (yield* store.find(AuditLog, "time", {
    ...(read !== undefined && { range: { gt: read } }),
    limit: 1,
  })).items
  const start = read ?? next?.value.at
  // An empty log has nothing to say, and a clock that was set back nothing new.
  if (start === undefined || start > at) return { alerts: [], end: true }
  const until = sliceEnd(start, next?.value.at, at)
  const since = plusMillis(start, -LATE_MILLIS)
  const found = yield* findDue(since, until)
  const moved = { id: "cursor" as const, at: until }
  const also =
    cursor === undefined
      ? [insert(AlertCursors, moved)]
      : until > start
        ? [replace(cursor, moved)]
        : []
  const outcome = yield* tryRaise(found, also)
  return outcome && { alerts: outcome.alerts, end: outcome.complete && until === at }
}).pipe(Effect.catchTag("InvalidCursor", Effect.die))

/** A stretch without events is passed over in one go. */
const sliceEnd = (start: Timestamp, next: Timestamp | undefined, at: Timestamp): Timestamp => {
  const end = plusMillis(start, SLICE_MILLIS)
  const longer = next === undefined ? at : next > end ? next : end
  return longer < at ? longer : at
}

/** Where a rule holds at an event from `since` to `until`. */
const findDue = Effect.fnUntraced(function* (since: Timestamp, until: Timestamp) {
  const rules = [...eventRules, outOfHours(yield* RevealHours)]
  const events = yield* readEvents(
    { gte: plusMillis(since, -LONGEST_WINDOW), lte: until },
    (event) => rules.some((rule) => rule.subjectOf(event) !== undefined),
  )
  const found = rules.flatMap((rule) => whereRuleHolds(rule, events))
  const far = yield* findFarAbove(events, since, until)
  return [...found, ...far].filter(({ window }) => window.to >= since)
})

/** The pattern of 14 days is read of those only who have seen enough buyers within an hour. */
const findFarAbove = Effect.fnUntraced(function* (
  events: ReadonlyArray<AuditEvent>,
  since: Timestamp,
  until: Timestamp,
): Effect.fn.Return<ReadonlyArray<AlertDue>, StoreUnavailable, Store | CurrentPartition> {
  const reveals = events.filter((event) => isReveal(event, "done"))
  const busy = whereRuleHolds(
    {
      rule: "reveals_above_pattern",
      windowMillis: 3_600_000,
      threshold: LEAST_REVEALS,
      subjectOf: ({ actor }) => ({ kind: actor.kind, id: actor.id }),
      distinct: ({ object }) => object.id,
    },
    reveals,
  ).filter(({ window }) => window.to >= since)
  const found: Array<AlertDue> = []
  for (const id of new Set(busy.map(({ subject }) => subject.id))) {
    const own = ({ actor }: AuditEvent) => actor.id === id
    const history: Array<AuditEvent> = []
    const range = { gte: plusMillis(since, -PATTERN_MILLIS - 2 * 3_600_000), lte: until }
    for (const action of new Set(reveals.filter(own).map((event) => event.action)))
      history.push(...(yield* readEvents(range, own, action)))
    found.push(...farAbovePattern(history.sort(inTime), since))
  }
  return found
})

/** Events in a range of time that fit, page by page, so that what does not fit is not kept. */
const readEvents = Effect.fnUntraced(function* (
  range: { readonly gte: number; readonly lte: number },
  fits: (event: AuditEvent) => boolean,
  action?: string,
): Effect.fn.Return<ReadonlyArray<AuditEvent>, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const kept: Array<AuditEvent> = []
  let after: Cursor | undefined
  do {
    const query = { range, after, limit: 1000 }
    const page = yield* (
      action === undefined
        ? store.find(AuditLog, "time", query)
        : store.find(AuditLog, "action", { ...query, equals: { action } })
    ).pipe(Effect.catchTag("InvalidCursor", Effect.die))
    for (const { value } of page.items) if (fits(value)) kept.push(value)
    after = page.next
  } while (after !== undefined)
  return kept
})
