import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { CurrentActor } from "../access/index.ts"
import { forgetReceipts, Receipts } from "../integration/index.ts"
import { CommitmentId, Commitments, expireCommitments } from "../inventory/index.ts"
import { type Ids, nextId, now, Uuid } from "../kernel/index.ts"
import {
  CurrentPartition,
  type DueRecord,
  openPartition,
  openSweeper,
  type PartitionId,
  Store,
  StoreUnavailable,
  Sweeper,
} from "../store/index.ts"

/** What one sweep did. */
export interface SweepReport {
  /** Commitments whose time was over and whose units are available again. */
  readonly commitments: number
  /** Receipts that had lapsed. */
  readonly receipts: number
  /** Partitions that refused the sweep, with the tag of the error: closed ones, or ones that were too busy. */
  readonly refused: ReadonlyArray<{ readonly partition: PartitionId; readonly reason: string }>
}

const CHUNK = 100
const SWEEPER = { ref: { kind: "system", id: "sweeper" }, roles: ["system"] } as const

/**
 * One pass over what is due in every partition: commitments that lapse, and receipts. It sees ids only and enters each
 * partition to work there. It may run late, twice or in several processes at once: what was done before is left alone.
 *
 * @param onProgress told after each chunk of at most 100 records of one partition
 */
export const sweep = Effect.fn("sweep")(function* (
  onProgress: (partition: PartitionId, records: number) => void = () => {},
): Effect.fn.Return<SweepReport, StoreUnavailable, Store | Ids> {
  const store = yield* Store
  const at = yield* now
  const refused: Array<SweepReport["refused"][number]> = []

  const each = <E extends { readonly _tag: string }>(
    due: Stream.Stream<DueRecord, StoreUnavailable, Sweeper>,
    work: (
      ids: readonly [string, ...ReadonlyArray<string>],
    ) => Effect.Effect<number, E, Store | Ids | CurrentPartition | CurrentActor>,
  ) =>
    due.pipe(
      Stream.provideService(Sweeper, openSweeper()),
      Stream.grouped(CHUNK),
      Stream.mapEffect((chunk) =>
        Effect.forEach(
          Map.groupBy(chunk, ({ partition }) => partition),
          ([partition, [first, ...rest]]) =>
            first === undefined
              ? Effect.succeed(0)
              : work([first.id, ...rest.map(({ id }) => id)]).pipe(
                  Effect.provideService(CurrentPartition, openPartition(partition)),
                  Effect.provideService(CurrentActor, SWEEPER),
                  Effect.tap((count) => Effect.sync(() => onProgress(partition, count))),
                  Effect.catch((error) => {
                    if (isStoreUnavailable(error)) return Effect.fail(error)
                    // One partition's refusal must not keep the others waiting; the next sweep comes back to it.
                    refused.push({ partition, reason: error._tag })
                    return Effect.succeed(0)
                  }),
                ),
        ),
      ),
      Stream.runFold(
        () => 0,
        (total, counts) => counts.reduce((sum, count) => sum + count, total),
      ),
    )

  const commitments = yield* each(store.due(Commitments, "expiry", at), (ids) => lapse(ids))
  const receipts = yield* each(store.due(Receipts, "expiry", at), (keys) => forgetReceipts(keys))
  return { commitments, receipts, refused }
})

/** Sweeps for ever, a minute after each sweep: fork it beside the host's work. A failed sweep is logged and tried again. */
export const sweeper: Effect.Effect<never, never, Store | Ids> = sweep().pipe(
  Effect.tap((report) => Effect.logDebug("swept", report)),
  Effect.catch((error) => Effect.logWarning("the sweep found no store", error.operation)),
  Effect.repeat(Schedule.spaced("1 minute")),
  Effect.andThen(Effect.never),
)

const isStoreUnavailable = Schema.is(StoreUnavailable)
const isCommitmentId = Schema.is(CommitmentId)

const lapse = Effect.fnUntraced(function* (ids: readonly [string, ...ReadonlyArray<string>]) {
  const [first, ...rest] = ids.filter(isCommitmentId)
  if (first === undefined) return 0
  const key = yield* nextId(Uuid)
  const { expired } = yield* expireCommitments({ key, commitments: [first, ...rest] })
  return expired.length
})
