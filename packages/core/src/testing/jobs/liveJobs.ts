import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as References from "effect/References"
import type { Ids } from "../../kernel/index.ts"
import type { Store } from "../../store/index.ts"
import { turnsPass } from "./faultyStore.ts"
import { JobDesk } from "./JobDesk.ts"
import { type JobHistory, type JobStep, PLACES, POLL } from "./JobHistory.ts"
import type { LivedJobs } from "./JobTrace.ts"
import { type SteppedClock, steppedClock } from "./SteppedClock.ts"
import { Workplace } from "./Workplace.ts"

/** When every history starts: later than any backstop that counts real time. */
const START = Date.UTC(2040, 0, 1)

/** How long one worker may take in the end for all that is left, and how often it is asked. */
const MAX_LOOKS = 30
const LOOK = 3 * POLL

/**
 * Lives through a history in two partitions that nobody used before, on a clock of its own, and then on until one
 * worker without faults has nothing left to do.
 */
export const liveJobs = (history: JobHistory): Effect.Effect<LivedJobs, unknown, Store | Ids> =>
  Effect.gen(function* () {
    const clock = yield* steppedClock(START)
    const desk = yield* JobDesk.open(clock)
    const workers = yield* Workplace.open(desk, clock, history.pace)
    for (const { step, turns } of history.scenes.flat()) {
      desk.note(JSON.stringify(step))
      yield* take(step, clock, desk, workers)
      yield* turns === "rest" ? workers.rest : turnsPass(turns)
    }
    desk.note("the end: one worker is left")
    for (const place of PLACES) yield* workers.stop(place)
    yield* workers.start(0, undefined)
    for (let look = 0; look < MAX_LOOKS && !(yield* desk.isDone); look++) yield* workers.pass(LOOK)
    yield* workers.stop(0)
    return yield* desk.close(workers.death())
  }).pipe(
    Random.withSeed(history.salt),
    // What a worker says of failures is no news here.
    Effect.provideService(References.MinimumLogLevel, "None"),
  )

const take = (
  step: JobStep,
  clock: SteppedClock,
  desk: JobDesk,
  workers: Workplace,
): Effect.Effect<void, unknown, Store | Ids> => {
  switch (step.kind) {
    case "offer":
      return desk.offer(step)
    case "tell":
      return desk.tell(step)
    case "mutter":
      return desk.mutter(step)
    case "start":
      return Effect.andThen(workers.stop(step.place), workers.start(step.place, step.fault))
    case "stop":
      return workers.stop(step.place)
    case "crash":
      return workers.crash(step.place)
    case "pass":
      return workers.pass(step.millis)
    case "stall":
      return Effect.sync(() => {
        desk.stalled()
        clock.moveTo(clock.now() + step.millis)
      })
  }
}
