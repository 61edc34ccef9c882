import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** A clock that shows what it was set to last. It still sleeps in real time, for stores that wait before they retry. */
export interface MovableClock {
  readonly clock: Clock.Clock
  readonly now: () => number
  /** Sets it on; it never goes back. */
  readonly moveTo: (millis: number) => void
}

/** A clock that stands at `start`, in milliseconds, until it is moved. */
export const movableClock = (start: number): Effect.Effect<MovableClock> =>
  Effect.map(Clock.Clock, (real) => {
    let millis = start
    const nanos = () => BigInt(millis) * 1_000_000n
    return {
      now: () => millis,
      moveTo: (to) => {
        millis = Math.max(millis, to)
      },
      clock: {
        currentTimeMillisUnsafe: () => millis,
        currentTimeMillis: Effect.sync(() => millis),
        currentTimeNanosUnsafe: nanos,
        currentTimeNanos: Effect.sync(nanos),
        monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
        monotonicTimeNanos: real.monotonicTimeNanos,
        sleep: (duration) => real.sleep(duration),
      },
    }
  })
