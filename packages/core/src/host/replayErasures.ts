import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { CurrentActor } from "../access/index.ts"
import type { Ids } from "../kernel/index.ts"
import { forgetAgain, OrderId, purgeOrders } from "../order/index.ts"
import { closeForGood, disconnectAgain } from "../party/index.ts"
import { type Erasure, ErasureLedger, type Vault } from "../privacy/index.ts"
import {
  CurrentPartition,
  openPartition,
  type Store,
  type StoreUnavailable,
} from "../store/index.ts"

import { emptyPartition } from "./terminateMerchant.ts"

/** What had come back from a backup, and is gone again. */
export interface ErasureReplay {
  /** Erasures that the ledger has. */
  readonly read: number
  /** Things that the store had back. None, where nothing was restored. */
  readonly erasedAgain: number
}

const PAGE = 200
const REPLAY = { ref: { kind: "system", id: "replay" }, roles: ["system"] } as const

/**
 * Reads the whole erasure ledger and erases again what a restored backup brought back (I9). The host runs it at boot,
 * before it serves anybody; where nothing was restored it only reads. It may be interrupted and run again.
 *
 * @param onProgress told how many erasures were read so far
 */
export const replayErasures = Effect.fn("replayErasures")(function* (
  onProgress: (read: number) => void = () => {},
): Effect.fn.Return<ErasureReplay, StoreUnavailable, Store | Ids | ErasureLedger | Vault> {
  const ledger = yield* ErasureLedger
  let read = 0
  return yield* ledger.all.pipe(
    Stream.grouped(PAGE),
    Stream.mapEffect((page) =>
      Effect.forEach(
        Map.groupBy(page, ({ partition }) => partition),
        ([partition, erasures]) =>
          eraseAgain(erasures).pipe(
            Effect.provideService(CurrentPartition, openPartition(partition)),
            Effect.provideService(CurrentActor, REPLAY),
          ),
      ).pipe(
        Effect.tap(() =>
          Effect.sync(() => {
            read += page.length
            onProgress(read)
          }),
        ),
        Effect.map((counts) => ({
          read: page.length,
          erasedAgain: counts.reduce((sum, count) => sum + count, 0),
        })),
      ),
    ),
    Stream.runFold(
      (): ErasureReplay => ({ read: 0, erasedAgain: 0 }),
      (total, page) => ({
        read: total.read + page.read,
        erasedAgain: total.erasedAgain + page.erasedAgain,
      }),
    ),
  )
})

/** Closes a merchant that came back, and empties its partition again. */
const closeAgain = Effect.gen(function* () {
  yield* closeForGood
  const { removed } = yield* emptyPartition()
  return Object.keys(removed).length === 0 ? 0 : 1
})

const isOrderId = Schema.is(OrderId)

const eraseAgain = Effect.fnUntraced(function* (erasures: ReadonlyArray<Erasure>) {
  const named = (kind: Erasure["kind"]) => erasures.filter((erasure) => erasure.kind === kind)
  const buyers = named("buyer").flatMap(({ id, at }) => (isOrderId(id) ? [{ order: id, at }] : []))
  const forgotten = yield* forgetAgain(buyers)
  const purged = yield* purgeOrders(
    named("order").flatMap(({ id }) => (isOrderId(id) ? [id] : [])),
    "always",
  )
  const ended = yield* Effect.forEach(named("connection"), ({ id, at }) => disconnectAgain(id, at))
  const terminated = named("merchant").length > 0 ? yield* closeAgain : 0
  return forgotten + purged + ended.filter(Boolean).length + terminated
})
