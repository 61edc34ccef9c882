import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Ids } from "../../kernel/index.ts"
import { Store } from "../../store/index.ts"
import { countedIds } from "../laws/countedIds.ts"
import { type LivedBeats, liveBeats, sendCopies } from "../laws/liveBeats.ts"
import { isUntouched } from "../laws/readRecords.ts"
import { type MovableClock, movableClock } from "./MovableClock.ts"
import { openingOf } from "./openingStock.ts"
import { overlappingStore } from "./overlappingStore.ts"
import { resolveAct } from "./resolveAct.ts"
import { beatsOf, type StockHistory } from "./StockHistory.ts"
import { readLedger } from "./StockLedger.ts"
import type { StockOperations } from "./StockOperations.ts"
import type { PlannedBeat, Wait } from "./StockPlan.ts"
import type { Books, Call, Lived, Sent } from "./StockTrace.ts"
import { FITNESS_ENDS, inside, openWorld, START, type StockWorld } from "./StockWorld.ts"

/**
 * Lives through a history in partitions that nobody used before, on a clock of its own: the same history comes to the
 * same moments each time, but for what a store across a network makes of the order of calls.
 */
export const liveStock = (
  operations: StockOperations,
  history: StockHistory,
): Effect.Effect<Lived, unknown, Store | Ids> =>
  Effect.gen(function* () {
    const store = yield* Store
    const clock = yield* movableClock(START)
    const world = yield* openWorld.pipe(Effect.provideService(Clock.Clock, clock.clock))
    const ids = countedIds(clock.now)
    const read = readBooks(world)
    const send = (sent: Sent) =>
      inside(world.merchants[sent.who])(sendCopies(operations[sent.operation], sent)).pipe(
        Effect.map((outcomes) => ({ ...sent, outcomes }) as Call),
        Effect.provideService(Store, overlappingStore(store, history.pace)),
        Effect.provideService(Ids, ids),
        Effect.provideService(Clock.Clock, clock.clock),
      )
    return yield* liveBeatsOf(history, clock, read, send).pipe(
      Effect.flatMap((lived) => addStrays(lived, world)),
    )
  })

type Read = Effect.Effect<Books, unknown, Store>

const liveBeatsOf = (
  history: StockHistory,
  clock: MovableClock,
  read: Read,
  send: (sent: Sent) => Effect.Effect<Call>,
) =>
  liveBeats<PlannedBeat | undefined, Sent, Call, Books>({
    // The opening stock comes first.
    plan: [undefined, ...beatsOf(history)],
    now: clock.now,
    read,
    resolve: (beat, place, books, sent) => {
      if (beat === undefined) return openingOf(history.opening)
      clock.moveTo(instantOf(beat.wait, clock.now(), books))
      return resolveBeat(beat, place, clock.now(), books, sent)
    },
    send,
    keep: keepUntouched,
  })

const resolveBeat = (
  { acts }: PlannedBeat,
  place: number,
  at: number,
  books: Books,
  sent: ReadonlyArray<Sent>,
): ReadonlyArray<Sent> =>
  acts.flatMap((planned, n) => {
    const { who } = planned.act
    const sight = { at, own: books[who], other: books[who === 0 ? 1 : 0], sent }
    return resolveAct(planned, sight, `b${place}-${n}`) ?? []
  })

/** The instant that a wait leads to: near the next end of a lot's fitness, or near the end of the newest promise. */
const instantOf = (wait: Wait, now: number, books: Books): number => {
  if ("by" in wait) return now + wait.by
  const due =
    wait.until === "expiry" ? FITNESS_ENDS.find((instant) => instant >= now) : newestEnd(books)
  return due === undefined ? now : due + wait.off
}

const newestEnd = (books: Books): number | undefined =>
  books
    .flatMap(({ commitments }) => commitments)
    .filter(({ state, expiresAt }) => state === "pending" && expiresAt !== undefined)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .at(-1)?.expiresAt

/** Books that nothing was written to are the same object as before. */
const keepUntouched = (before: Books, after: Books): Books => [
  isUntouched(before[0], after[0]) ? before[0] : after[0],
  isUntouched(before[1], after[1]) ? before[1] : after[1],
]

const readBooks = ({ merchants: [first, second] }: StockWorld): Read =>
  Effect.all([inside(first)(readLedger), inside(second)(readLedger)], { concurrency: 2 })

const addStrays = (lived: LivedBeats<Call, Books>, { operator }: StockWorld) =>
  Effect.map(Effect.exit(inside(operator)(readLedger)), (exit) => ({
    ...lived,
    astray: Exit.isSuccess(exit) ? exit.value.versions.size : 1,
  }))
