import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { work } from "../../integration/index.ts"
import type { Ids } from "../../kernel/index.ts"
import { Store } from "../../store/index.ts"
import { faultyStore, type Traffic } from "./faultyStore.ts"
import type { JobDesk } from "./JobDesk.ts"
import { type Fault, type JobHistory, POLL } from "./JobHistory.ts"
import type { Life } from "./JobTrace.ts"
import type { SteppedClock } from "./SteppedClock.ts"

/** The places at which the workers of a history stand, one at each. */
export interface Workplace {
  readonly start: (
    place: number,
    fault: Fault | undefined,
  ) => Effect.Effect<void, never, Store | Ids>
  readonly stop: (place: number) => Effect.Effect<void>
  readonly crash: (place: number) => Effect.Effect<void>
  /** Waits until nobody has anything to do but to wait for the clock. */
  readonly rest: Effect.Effect<void>
  /** Moves the clock from one sleeper to the next, so that each has its instant to itself. */
  readonly pass: (millis: number) => Effect.Effect<void>
  /** What a worker died of, if one did. */
  readonly death: () => string | undefined
}

interface Standing {
  readonly life: Life
  readonly fiber: Fiber.Fiber<unknown, unknown>
  readonly crash: () => void
}

const open = Effect.fnUntraced(function* (
  desk: JobDesk,
  clock: SteppedClock,
  pace: JobHistory["pace"],
): Effect.fn.Return<Workplace> {
  const real = yield* Clock.Clock
  const traffic: Traffic = { open: 0, total: 0 }
  const standing = new Map<number, Standing>()
  let death: string | undefined
  const rest = Effect.andThen(settle(traffic, real), Effect.sync(desk.rested))

  const pass = Effect.fnUntraced(function* (millis: number) {
    const end = clock.now() + millis
    yield* rest
    for (let next = clock.next(); next !== undefined && next <= end; next = clock.next()) {
      clock.moveTo(next)
      yield* rest
    }
    clock.moveTo(end)
    yield* rest
  })

  const start = Effect.fnUntraced(function* (place: number, fault: Fault | undefined) {
    const store = yield* Store
    const life: Life = { troubles: [], state: "working" }
    const end = yield* Deferred.make<never>()
    const crash = () => {
      life.state = "crashed"
      desk.note(`worker ${place} crashes`)
      Deferred.doneUnsafe(end, Exit.interrupt())
    }
    const seen = faultyStore(store, {
      pace,
      fault,
      traffic,
      clocks: { real, stepped: clock.clock },
      isCut: () => life.state === "crashed",
      onFault: (kind) => {
        life.troubles.push(desk.place())
        if (kind === "crash" && life.state === "working") crash()
        else desk.note(`the store is no help to worker ${place}: ${kind}`)
      },
    })
    const fiber = yield* work(desk.handlers(life), { concurrency: 2, pollMillis: POLL }).pipe(
      Effect.raceFirst(Deferred.await(end)),
      Effect.onError((cause) =>
        Effect.sync(() => {
          if (!Cause.hasInterruptsOnly(cause)) death ??= String(Cause.squash(cause))
        }),
      ),
      Effect.provideService(Store, seen),
      Effect.provideService(Clock.Clock, clock.clock),
      Effect.forkDetach,
    )
    standing.set(place, { life, fiber, crash })
  })

  /** Waits for a worker's end: it may have to finish first what it must not leave, even if that takes its time. */
  const end = Effect.fnUntraced(function* ({ fiber }: Standing) {
    yield* Effect.forkDetach(Fiber.interrupt(fiber))
    yield* rest
    while (fiber.pollUnsafe() === undefined)
      yield* pass((clock.next() ?? clock.now()) - clock.now())
  })

  const leave = (place: number): Standing | undefined => {
    const worker = standing.get(place)
    standing.delete(place)
    return worker
  }

  return {
    start,
    rest,
    pass,
    death: () => death,
    stop: Effect.fnUntraced(function* (place) {
      const worker = leave(place)
      if (worker === undefined) return
      const { life } = worker
      if (life.state === "working") life.state = "stopping"
      yield* end(worker)
      if (life.state === "stopping") life.state = "stopped"
    }),
    crash: Effect.fnUntraced(function* (place) {
      const worker = leave(place)
      if (worker === undefined) return
      if (worker.life.state === "working") worker.crash()
      yield* end(worker)
    }),
  }
})

export const Workplace = { open }

/** Turns of the scheduler in which nothing happens, until it is believed that nothing will. */
const QUIET = 8
/** Turns that a store in this process may take; after that it is worth to wait for one across a network. */
const NEAR = 64

const settle = Effect.fnUntraced(function* (traffic: Traffic, real: Clock.Clock) {
  let quiet = 0
  let seen = traffic.total
  for (let turn = 0; quiet < QUIET; turn++) {
    yield* Effect.yieldNow
    if (traffic.open > 0 && turn > NEAR)
      yield* Effect.provideService(Effect.sleep(1), Clock.Clock, real)
    quiet = traffic.open > 0 || traffic.total !== seen ? 0 : quiet + 1
    seen = traffic.total
  }
})
