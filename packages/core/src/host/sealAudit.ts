import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { AuditLog } from "../audit/index.ts"
import { evaluateAlerts } from "../integration/index.ts"
import { type Ids, now } from "../kernel/index.ts"
import { type KeyRing, sealAuditLog } from "../privacy/index.ts"
import {
  CurrentPartition,
  openPartition,
  openSweeper,
  type PartitionId,
  Store,
  StoreUnavailable,
  Sweeper,
} from "../store/index.ts"

/** Events wait this long for their digest at most, while a host seals: 15 minutes (chosen, security 4). */
export const SEAL_AFTER_MILLIS = 900_000

/** So many events of one partition are sealed without waiting (chosen, security 4). */
export const SEAL_AT_EVENTS = 10_000

/** What one pass over the audit logs did. */
export interface SealingReport {
  readonly digests: number
  readonly events: number
  readonly alerts: number
  /** Partitions that could not be done, with the tag of the error. The next pass comes back to them. */
  readonly refused: ReadonlyArray<{ readonly partition: PartitionId; readonly reason: string }>
}

/**
 * One pass over the audit logs with something new: runs the alert rules over each (R37), and seals those where an event
 * has waited 15 minutes or 10,000 wait (I11). For a host's loop, a minute apart, in any number of processes.
 */
export const sealAudit: Effect.Effect<SealingReport, StoreUnavailable, Store | Ids | KeyRing> =
  Effect.gen(function* () {
    const at = yield* now
    const report = { digests: 0, events: 0, alerts: 0 }
    const refused: Array<SealingReport["refused"][number]> = []
    for (const [partition, { count, oldest, newest }] of yield* findWaiting) {
      // Events ahead of the clock were written by one that has been set right since.
      const isDue = count >= SEAL_AT_EVENTS || at - oldest >= SEAL_AFTER_MILLIS || newest > at
      yield* Effect.gen(function* () {
        // The alert rules come first: a log without unsealed events is not looked at.
        report.alerts += (yield* evaluateAlerts).length
        if (!isDue) return
        const sealed = yield* sealAuditLog()
        report.digests += sealed.digests
        report.events += sealed.events
      }).pipe(
        Effect.provideService(CurrentPartition, openPartition(partition)),
        Effect.catch((error) => {
          if (isStoreUnavailable(error)) return Effect.fail(error)
          refused.push({ partition, reason: error._tag })
          return Effect.void
        }),
      )
    }
    return { ...report, refused }
  }).pipe(Effect.withSpan("sealAudit"))

const isStoreUnavailable = Schema.is(StoreUnavailable)

interface Waiting {
  readonly count: number
  readonly oldest: number
  readonly newest: number
}

/** Later than any instant that an event can have. */
const FOR_EVER = 8_640_000_000_000_000

/** The partitions with unsealed events, whatever their instants. */
const findWaiting = Effect.flatMap(Store, (store) =>
  store.due(AuditLog, "sealing", FOR_EVER).pipe(
    Stream.runFold(
      () => new Map<PartitionId, Waiting>(),
      (waiting, { partition, at }) => {
        const known = waiting.get(partition) ?? { count: 0, oldest: at, newest: at }
        return waiting.set(partition, { ...known, count: known.count + 1, newest: at })
      },
    ),
    Effect.provideService(Sweeper, openSweeper()),
  ),
)
