import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** A clock that stands until it is moved, and whose sleepers wake when it passes their instant. */
export interface SteppedClock {
  readonly clock: Clock.Clock
  readonly now: () => number
  /** When the next sleeper wakes, or undefined. */
  readonly next: () => number | undefined
  /** Sets it on, and wakes whoever slept until then. */
  readonly moveTo: (millis: number) => void
}

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/** A clock that stands at `start`, in milliseconds. */
export const steppedClock = (start: number): Effect.Effect<SteppedClock> =>
  Effect.map(Clock.Clock, (real) => {
    let millis = start
    const sleepers = new Set<Sleeper>()
    const nanos = () => BigInt(millis) * 1_000_000n
    const sleep = (duration: Duration.Duration) =>
      Effect.callback<void>((resume) => {
        const until = millis + Duration.toMillis(duration)
        const sleeper = { until, wake: () => resume(Effect.void) }
        if (until <= millis) sleeper.wake()
        else sleepers.add(sleeper)
        return Effect.sync(() => sleepers.delete(sleeper))
      })
    return {
      now: () => millis,
      next: () =>
        sleepers.size === 0 ? undefined : Math.min(...[...sleepers].map(({ until }) => until)),
      moveTo: (to) => {
        millis = Math.max(millis, to)
        for (const sleeper of [...sleepers].sort((a, b) => a.until - b.until)) {
          if (sleeper.until > millis) break
          sleepers.delete(sleeper)
          sleeper.wake()
        }
      },
      clock: {
        currentTimeMillisUnsafe: () => millis,
        currentTimeMillis: Effect.sync(() => millis),
        currentTimeNanosUnsafe: nanos,
        currentTimeNanos: Effect.sync(nanos),
        monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
        monotonicTimeNanos: real.monotonicTimeNanos,
        sleep,
      },
    }
  })
