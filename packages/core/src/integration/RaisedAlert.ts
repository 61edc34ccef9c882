import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Alert, type AlertDue, AlertRule, alertKey, tellOnce } from "../audit/index.ts"
import { DAY_MILLIS, type Ids, now, plusMillis, Timestamp } from "../kernel/index.ts"
import {
  Collection,
  CurrentPartition,
  due,
  type Entry,
  insert,
  replace,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { AlertRaised } from "./Notifier.ts"
import { message, Outbox } from "./Outbox.ts"

/** A rule has raised an alert of a subject, and is quiet about it for a while: one record for each rule and subject. */
export const RaisedAlert = Schema.Struct({
  id: Schema.String,
  rule: AlertRule,
  /** The end of the last alert's window. */
  at: Timestamp,
  quietUntil: Timestamp,
  expiresAt: Timestamp,
})
export type RaisedAlert = typeof RaisedAlert.Type

export const RaisedAlerts = Collection.make("raised_alerts", {
  schema: RaisedAlert,
  key: (raised) => raised.id,
  indexes: { expiry: due("expiresAt") },
})

/** How long it is remembered that an alert was raised: 35 days, longer than any event is evaluated again. */
const MEMORY_MILLIS = 35 * DAY_MILLIS

/** Alerts in one batch. */
const MOST = 500

/** Subjects' ids are as long as they like, a record's id is not. */
const raisedId = (due: AlertDue): string =>
  `${due.rule}:${createHash("sha256").update(alertKey(due)).digest("hex")}`

/**
 * Raises what is to be told of in the current partition and is not in a quiet time: each alert's outbox message, the
 * record that makes it one, and `also` become true in one batch.
 *
 * @param also entries that say what was evaluated; they are written when nothing is left to tell
 * @returns the alerts, whether all were told, or nothing where somebody else was first: evaluate again
 */
export const tryRaise = Effect.fnUntraced(function* (
  found: ReadonlyArray<AlertDue>,
  also: ReadonlyArray<Entry>,
): Effect.fn.Return<
  { readonly alerts: ReadonlyArray<Alert>; readonly complete: boolean } | undefined,
  StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const store = yield* Store
  const { id: partition } = yield* CurrentPartition
  const at = yield* now
  const records = yield* store.getMany(RaisedAlerts, found.map(raisedId))
  const told = tellOnce(found, (due) => records.get(raisedId(due))?.value.quietUntil)
  const some = told.slice(0, MOST)
  const alerts = some.map(({ quietMillis: _, ...due }): Alert => ({ ...due, partition }))
  const messages = yield* Effect.forEach(alerts, (alert) => message(AlertRaised, alert, at))
  // The last one of a subject says until when it is quiet.
  const last = new Map(some.map((due) => [raisedId(due), due]))
  const marks = [...last].map(([id, { rule, window, quietMillis }]) => {
    const quietUntil = plusMillis(window.to, quietMillis)
    const expiresAt = plusMillis(Math.max(at, quietUntil) as Timestamp, MEMORY_MILLIS)
    const raised: RaisedAlert = { id, rule, at: window.to, quietUntil, expiresAt }
    const known = records.get(id)
    return known === undefined ? insert(RaisedAlerts, raised) : replace(known, raised)
  })
  const complete = some.length === told.length
  const batch = [
    ...marks,
    ...messages.map((each) => insert(Outbox, each)),
    ...(complete ? also : []),
  ]
  return yield* store.commit(batch).pipe(
    Effect.as({ alerts, complete }),
    Effect.catchTags({
      Conflict: () => Effect.undefined,
      Duplicate: () => Effect.undefined,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
})

/** Races that a raising loses before it leaves the rest to the next one. */
const MAX_TRIES = 8

/**
 * Raises alerts of the current partition that are not in a quiet time, each once, however many raise it: they leave
 * through the outbox (`notifyAlerts`), so a notifier that is down loses none (R37).
 *
 * @param found what `judgeWatched` or a rule of the host's own found
 * @returns the alerts that were raised now
 */
export const raiseAlerts = Effect.fn("raiseAlerts")(function* (
  found: ReadonlyArray<AlertDue>,
): Effect.fn.Return<ReadonlyArray<Alert>, StoreUnavailable, Store | Ids | CurrentPartition> {
  const raised: Array<Alert> = []
  for (let tries = 0; tries < MAX_TRIES && found.length > 0; ) {
    const outcome = yield* tryRaise(found, [])
    if (outcome === undefined) tries += 1
    else raised.push(...outcome.alerts)
    if (outcome?.complete === true) break
  }
  return raised
})
