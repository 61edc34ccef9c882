import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import {
  AuditChains,
  AuditLog,
  judgeWatched,
  ReviewEvery,
  reviewDue,
  SecurityReviews,
  verifyDigests,
} from "../audit/index.ts"
import { raiseAlerts } from "../integration/index.ts"
import { type Ids, now, plusMillis } from "../kernel/index.ts"
import { KeyRing, type KeyRingUnavailable } from "../privacy/index.ts"
import {
  CurrentPartition,
  openPartition,
  openSweeper,
  type PartitionId,
  Store,
  type StoreUnavailable,
  Sweeper,
} from "../store/index.ts"

/** What one watch over the audit logs found. */
export interface WatchReport {
  readonly partitions: number
  readonly alerts: number
  /** Partitions whose log is not as it was sealed. */
  readonly broken: ReadonlyArray<PartitionId>
}

/** Later than any instant that a digest can have. */
const FOR_EVER = 8_640_000_000_000_000

/**
 * One watch over every audit log that has been sealed once: checks it from its anchor to its end (I11), and raises
 * alerts where it is broken, where events wait too long for their digest, and where its review is overdue (R38). For a
 * host's loop: daily, or as often as it reviews its logs. It costs about a second for a million events.
 */
export const watchAudit: Effect.Effect<
  WatchReport,
  KeyRingUnavailable | StoreUnavailable,
  Store | Ids | KeyRing
> = Effect.gen(function* () {
  const broken: Array<PartitionId> = []
  let [partitions, alerts] = [0, 0]
  yield* (yield* Store).due(AuditChains, "known", FOR_EVER).pipe(
    Stream.runForEach(({ partition }) =>
      watchLog.pipe(
        Effect.provideService(CurrentPartition, openPartition(partition)),
        Effect.tap((seen) =>
          Effect.sync(() => {
            partitions += 1
            alerts += seen.alerts
            if (seen.broken) broken.push(partition)
          }),
        ),
      ),
    ),
    Effect.provideService(Sweeper, openSweeper()),
  )
  return { partitions, alerts, broken }
}).pipe(Effect.withSpan("watchAudit"))

const watchLog = Effect.gen(function* () {
  const store = yield* Store
  const { verify } = yield* KeyRing
  const { broken, unsealed } = yield* verifyDigests({ signed: verify })
  const at = yield* now
  const [reviewed] = (yield* store.find(SecurityReviews, "row", { order: "descending", limit: 1 }))
    .items
  const [first] = (yield* store.find(AuditLog, "time", { limit: 1 })).items
  const found = judgeWatched(
    {
      broken,
      oldestUnsealed:
        unsealed.oldestMillis === undefined ? undefined : plusMillis(at, -unsealed.oldestMillis),
      reviewDueAt: reviewDue(reviewed?.value.to, first?.value.at, yield* ReviewEvery),
    },
    at,
  )
  return { alerts: (yield* raiseAlerts(found)).length, broken: broken !== undefined }
}).pipe(Effect.catchTag("InvalidCursor", Effect.die))
