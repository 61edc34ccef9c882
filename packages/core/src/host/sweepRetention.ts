import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Ids, now, plusMillis } from "../kernel/index.ts"
import {
  keepRetention,
  OrderId,
  Orders,
  purgeOrders,
  type RetentionReport,
} from "../order/index.ts"
import { Connections } from "../party/index.ts"
import { type ErasureLedger, OrderPiis, RETENTION } from "../privacy/index.ts"
import { Store, type StoreUnavailable } from "../store/index.ts"
import { endConnection } from "./endConnection.ts"
import { type OnProgress, throughPartitions } from "./throughPartitions.ts"

/** The host's clock and the store's are further apart than five minutes: nothing is deleted by such a clock (T6). */
export class ClockSkew extends Schema.TaggedError<ClockSkew>()("ClockSkew", {
  /** How far the store's clock is ahead of the host's, in milliseconds. */
  skewMillis: Schema.Int,
}) {
  override get message() {
    return `the store's clock is ${this.skewMillis} ms from the host's; nothing was deleted`
  }
}

const MAX_SKEW_MILLIS = 300_000

/** What one sweep of retention did. */
export interface RetentionSweep extends RetentionReport {
  /** Deleted orders that were removed for good (R41). */
  readonly purged: number
  /** Ended connections whose buyers were seen to (R79). */
  readonly connections: number
}

/**
 * One pass over retention in every partition: the buyers of orders whose time is up, what came through connections that
 * were ended, and orders that were deleted 90 days ago (R39, R41, R79). It costs what is due, not what there is. It may
 * run late, twice, or in several processes at once, and may be interrupted anywhere: the next pass goes on (I4).
 *
 * Fails with `ClockSkew` when the host's clock and the store's disagree: a clock that jumped must not erase early (T6).
 *
 * @param onProgress told after each chunk of at most 200 records of one partition
 */
export const sweepRetention = Effect.fn("sweepRetention")(function* (
  onProgress: OnProgress = () => {},
): Effect.fn.Return<RetentionSweep, ClockSkew | StoreUnavailable, Store | Ids | ErasureLedger> {
  const store = yield* Store
  yield* refuseSkew
  const at = yield* now
  const ended = yield* throughPartitions(
    store.due(Connections, "retention", at),
    (ids) => Effect.forEach(ids, endConnection),
    onProgress,
  )
  const looks = yield* throughPartitions(
    store.due(Orders, "retention", at),
    (ids) => keepRetention(ids.filter(isOrderId)),
    onProgress,
  )
  // A sealed record that no order speaks for any more goes by its own deadline.
  const strays = yield* throughPartitions(
    store.due(OrderPiis, "deadline", plusMillis(at, RETENTION.sweepAhead)),
    (ids) => keepRetention(ids.filter(isOrderId), "always"),
    onProgress,
  )
  const purged = yield* throughPartitions(
    store.due(Orders, "purge", at),
    (ids) => purgeOrders(ids.filter(isOrderId)),
    onProgress,
  )
  const reports = [...looks, ...strays, ...ended.flat()]
  const total = (of: keyof RetentionReport) => reports.reduce((sum, each) => sum + each[of], 0)
  return {
    anonymised: total("anonymised"),
    lapsed: total("lapsed"),
    stalled: total("stalled"),
    left: total("left"),
    purged: purged.reduce((sum, count) => sum + count, 0),
    connections: ended.flat().length,
  }
})

/** Fails with `ClockSkew` unless the host's clock and the store's agree. */
export const refuseSkew = Effect.gen(function* () {
  const skewMillis = Math.round((yield* (yield* Store).clock) - (yield* Clock.currentTimeMillis))
  if (Math.abs(skewMillis) > MAX_SKEW_MILLIS) return yield* new ClockSkew({ skewMillis })
})

const isOrderId = Schema.is(OrderId)
