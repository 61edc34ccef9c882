import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { CurrentActor } from "../access/index.ts"
import {
  Deliveries,
  forgetDeliveries,
  forgetLapsed,
  forgetRaisedAlerts,
  forgetReceipts,
  RaisedAlerts,
  Receipts,
} from "../integration/index.ts"
import { CommitmentId, Commitments, expireCommitments } from "../inventory/index.ts"
import { type Ids, nextId, now, Uuid } from "../kernel/index.ts"
import { BreakGlasses, RevealAllowances, Reveals } from "../order/index.ts"
import type { ErasureLedger } from "../privacy/index.ts"
import {
  type CurrentPartition,
  type DueRecord,
  type PartitionId,
  Store,
  StoreUnavailable,
  type Sweeper,
} from "../store/index.ts"
import { type ClockSkew, type RetentionSweep, sweepRetention } from "./sweepRetention.ts"
import { type OnProgress, throughPartitions } from "./throughPartitions.ts"

/** What one sweep did. */
export interface SweepReport {
  /** Commitments whose time was over and whose units are available again. */
  readonly commitments: number
  /** Receipts that had lapsed. */
  readonly receipts: number
  /** Records of messages that were delivered 35 days ago. */
  readonly deliveries: number
  /** What was counted and lent for an hour: reveals, their allowances, break-glass passes; and alerts long over. */
  readonly lapsed: number
  /** What retention took away (R39, R41, R79). */
  readonly retention: RetentionSweep
  /** Partitions that refused the sweep, with the tag of the error: closed ones, or ones that were too busy. */
  readonly refused: ReadonlyArray<{ readonly partition: PartitionId; readonly reason: string }>
}

type SomeIds = readonly [string, ...ReadonlyArray<string>]
type Work<E extends { readonly _tag: string }> = (
  ids: SomeIds,
) => Effect.Effect<number, E, Store | Ids | CurrentPartition | CurrentActor>

const forgetReveals = forgetLapsed(Reveals)
const forgetAllowances = forgetLapsed(RevealAllowances)
const forgetPasses = forgetLapsed(BreakGlasses)

/**
 * One pass over what is due in every partition: commitments that lapse, what was kept for a while only, and retention. It
 * sees ids only and enters each partition to work there. It may run late, twice or in several processes at once: what
 * was done before is left alone.
 *
 * Fails with `ClockSkew`, after all else was done, when the host's and the store's clocks disagree: then nothing is
 * erased (T6).
 *
 * @param onProgress told after each chunk of at most 200 records of one partition
 */
export const sweep = Effect.fn("sweep")(function* (
  onProgress: OnProgress = () => {},
): Effect.fn.Return<SweepReport, ClockSkew | StoreUnavailable, Store | Ids | ErasureLedger> {
  const store = yield* Store
  const at = yield* now
  const refused: Array<SweepReport["refused"][number]> = []

  const each = <E extends { readonly _tag: string }>(
    due: Stream.Stream<DueRecord, StoreUnavailable, Sweeper>,
    work: Work<E>,
  ): Effect.Effect<number, StoreUnavailable, Store | Ids> =>
    Effect.map(
      throughPartitions(
        due,
        (ids, partition) =>
          Effect.catch(work(ids), (error) => {
            if (isStoreUnavailable(error)) return Effect.fail(error)
            // One partition's refusal must not keep the others waiting; the next sweep comes back to it.
            refused.push({ partition, reason: error._tag })
            return Effect.succeed(0)
          }),
        onProgress,
      ),
      (counts) => counts.reduce((sum, count) => sum + count, 0),
    )

  const commitments = yield* each(store.due(Commitments, "expiry", at), lapse)
  const receipts = yield* each(store.due(Receipts, "expiry", at), forgetReceipts)
  const deliveries = yield* each(store.due(Deliveries, "expiry", at), forgetDeliveries)
  const alerts = yield* each(store.due(RaisedAlerts, "expiry", at), forgetRaisedAlerts)
  const reveals = yield* each(store.due(Reveals, "expiry", at), forgetReveals)
  const allowances = yield* each(store.due(RevealAllowances, "expiry", at), forgetAllowances)
  const passes = yield* each(store.due(BreakGlasses, "expiry", at), forgetPasses)
  const lapsed = alerts + reveals + allowances + passes
  const retention = yield* sweepRetention(onProgress)
  return { commitments, receipts, deliveries, lapsed, retention, refused }
})

/** Sweeps for ever, a minute after each sweep: fork it beside the host's work. A failed sweep is logged and tried again. */
export const sweeper: Effect.Effect<never, never, Store | Ids | ErasureLedger> = sweep().pipe(
  Effect.tap((report) => Effect.logDebug("swept", report)),
  Effect.catchTags({
    ClockSkew: ({ message }) => Effect.logError(message),
    StoreUnavailable: ({ operation }) => Effect.logWarning("the sweep found no store", operation),
  }),
  Effect.repeat(Schedule.spaced("1 minute")),
  Effect.andThen(Effect.never),
)

const isStoreUnavailable = Schema.is(StoreUnavailable)
const isCommitmentId = Schema.is(CommitmentId)

const lapse = Effect.fnUntraced(function* (ids: SomeIds) {
  const [first, ...rest] = ids.filter(isCommitmentId)
  if (first === undefined) return 0
  const key = yield* nextId(Uuid)
  const { expired } = yield* expireCommitments({ key, commitments: [first, ...rest] })
  return expired.length
})
