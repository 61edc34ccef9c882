import { ErasureLedger, SalesChannels } from "@oto-fulfilment/core"
import { memoryKeyRing, placeholderChannel, storeDriver } from "@oto-fulfilment/core/memory"
import { Clock, Effect, Layer, Logger } from "effect"

/** A text that every value of a placeholder buyer contains, so that it can be searched for. */
export const MARK = "NIGHTJAR"

/**
 * What the engine asks for beside a store: keys and an erasure ledger in this process, and a channel whose buyers are
 * placeholders. The key ring's warning that it is for tests is told by the demo itself.
 */
export const demoPorts = Layer.mergeAll(
  memoryKeyRing.pipe(Layer.provide(Logger.layer([]))),
  ErasureLedger.over.pipe(Layer.provide(Layer.fresh(storeDriver))),
  SalesChannels.from([placeholderChannel("webshop", MARK)]),
)

/** The days that the story happens before now, so that its end is now, for the store's own clock, too (T6). */
const DAYS_BACK = 31
const DAY_MILLIS = 86_400_000

let behind = DAYS_BACK * DAY_MILLIS

/** Lets the rest of the story happen now: 31 days after its beginning. */
export const moveClock = Effect.sync(() => {
  behind = 0
})

/** A clock that is a month behind until it is moved. */
const clockBehind = Effect.map(Clock.Clock, (real): Clock.Clock => {
  behind = DAYS_BACK * DAY_MILLIS
  return {
    currentTimeMillisUnsafe: () => real.currentTimeMillisUnsafe() - behind,
    currentTimeMillis: Effect.map(real.currentTimeMillis, (millis) => millis - behind),
    currentTimeNanosUnsafe: () => real.currentTimeNanosUnsafe() - nanosBehind(),
    currentTimeNanos: Effect.map(real.currentTimeNanos, (nanos) => nanos - nanosBehind()),
    monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: real.monotonicTimeNanos,
    sleep: (duration) => real.sleep(duration),
  }
})

/** Lets work begin a month ago. */
export const inItsTime = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(clockBehind, (clock) => Effect.provideService(work, Clock.Clock, clock))

const nanosBehind = (): bigint => BigInt(behind) * 1_000_000n
