import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { CommandServices } from "../../command/index.ts"
import { Ids } from "../../kernel/index.ts"
import { Store } from "../../store/index.ts"
import { type MovableClock, movableClock } from "./MovableClock.ts"
import { openingOf } from "./openingStock.ts"
import { overlappingStore } from "./overlappingStore.ts"
import { resolveAct } from "./resolveAct.ts"
import { beatsOf, type StockHistory } from "./StockHistory.ts"
import { isUntouched, readLedger } from "./StockLedger.ts"
import type { StockOperations } from "./StockOperations.ts"
import type { PlannedBeat, Wait } from "./StockPlan.ts"
import type { Beat, Books, Call, Lived, Outcome, Sent } from "./StockTrace.ts"
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
    const ids = countedIds(clock)
    const read = readBooks(world)
    const send = (sent: Sent) =>
      inside(world.merchants[sent.who])(sendOne(operations, sent)).pipe(
        Effect.provideService(Store, overlappingStore(store, history.pace)),
        Effect.provideService(Ids, ids),
        Effect.provideService(Clock.Clock, clock.clock),
      )
    return yield* liveBeats(history, clock, read, send).pipe(
      Effect.flatMap((lived) => addStrays(lived, world)),
    )
  })

type Send = (sent: Sent) => Effect.Effect<Call>
type Read = Effect.Effect<Books, unknown, Store>

const liveBeats = Effect.fnUntraced(function* (
  history: StockHistory,
  clock: MovableClock,
  read: Read,
  send: Send,
): Effect.fn.Return<Lived, unknown, Store> {
  const beats: Array<Beat> = []
  const sent: Array<Sent> = []
  let books = yield* read
  const opening: ReadonlyArray<Sent> = openingOf(history.opening)
  const plan = [undefined, ...beatsOf(history)]
  for (const [place, beat] of plan.entries()) {
    if (beat !== undefined) clock.moveTo(instantOf(beat.wait, clock.now(), books))
    const toSend = beat === undefined ? opening : resolveBeat(beat, place, clock.now(), books, sent)
    if (toSend.length === 0) continue
    const calls = yield* Effect.forEach(toSend, send, { concurrency: "unbounded" })
    sent.push(...toSend)
    const after = yield* readable(read)
    const death = calls.flatMap(({ outcomes }) =>
      outcomes.flatMap((outcome) => (outcome.end === "died" ? [outcome.why] : [])),
    )[0]
    if ("damage" in after) return { beats, ...after, death, astray: 0 }
    const next = keepUntouched(books, after.books)
    beats.push({ at: clock.now(), before: books, calls, after: next })
    if (death !== undefined) return { beats, damage: undefined, death, astray: 0 }
    books = next
  }
  return { beats, damage: undefined, death: undefined, astray: 0 }
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

type AnyOperation = (
  input: unknown,
) => Effect.Effect<unknown, { readonly _tag: string }, CommandServices>

/** Sends a command, as often as it says at the same moment. */
const sendOne = (
  operations: StockOperations,
  sent: Sent,
): Effect.Effect<Call, never, CommandServices> => {
  const operation = operations[sent.operation] as unknown as AnyOperation
  const once = Effect.map(
    Effect.exit(Effect.suspend(() => operation(sent.input))),
    (exit): Outcome<unknown> => {
      if (Exit.isSuccess(exit)) return { end: "done", answer: exit.value }
      const fail = exit.cause.reasons.find(Cause.isFailReason)
      return fail === undefined
        ? { end: "died", why: `${sent.operation}: ${firstLines(Cause.squash(exit.cause))}` }
        : { end: "refused", tag: fail.error._tag }
    },
  )
  return Effect.map(
    Effect.forEach(Array.from({ length: sent.copies }), () => once, { concurrency: "unbounded" }),
    (outcomes) => ({ ...sent, outcomes }) as Call,
  )
}

/** The books, or why their records cannot be read. A store that does not answer fails the history. */
const readable = (read: Read) =>
  read.pipe(
    Effect.map((books): { readonly books: Books } | { readonly damage: string } => ({ books })),
    Effect.catchDefect((defect) => Effect.succeed({ damage: firstLines(defect) })),
  )

/** Books that nothing was written to are the same object as before. */
const keepUntouched = (before: Books, after: Books): Books => [
  isUntouched(before[0], after[0]) ? before[0] : after[0],
  isUntouched(before[1], after[1]) ? before[1] : after[1],
]

const readBooks = ({ merchants: [first, second] }: StockWorld): Read =>
  Effect.all([inside(first)(readLedger), inside(second)(readLedger)], { concurrency: 2 })

const addStrays = (lived: Lived, { operator }: StockWorld) =>
  Effect.map(Effect.exit(inside(operator)(readLedger)), (exit) => ({
    ...lived,
    astray: Exit.isSuccess(exit) ? exit.value.versions.size : 1,
  }))

/** Ids that tell the order in which they were made, the same in each life of a history. */
const countedIds = ({ now }: MovableClock): Ids["Service"] => {
  let made = 0
  return Ids.of({
    next: Effect.sync(() => {
      made += 1
      const time = now().toString(16).padStart(12, "0")
      return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${made.toString(16).padStart(12, "0")}`
    }),
  })
}

const firstLines = (error: unknown): string => String(error).split("\n", 3).join(" ")
