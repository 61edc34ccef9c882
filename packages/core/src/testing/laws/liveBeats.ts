import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { CommandServices } from "../../command/index.ts"
import type { Store } from "../../store/index.ts"

/** How one sending of a command ended. A command that dies is a defect, whatever the history. */
export type Outcome<Answer> =
  | { readonly end: "done"; readonly answer: Answer }
  | { readonly end: "refused"; readonly tag: string }
  | { readonly end: "died"; readonly why: string }

/** What was sent at one moment, all of it at once, with the books before and after. */
export interface BeatOf<Call, Books> {
  /** The instant, in milliseconds; the clock stands still while the commands of a beat run. */
  readonly at: number
  readonly before: Books
  readonly calls: ReadonlyArray<Call>
  readonly after: Books
}

/** The moments of a history in order, up to what ended it before its time. */
export interface LivedBeats<Call, Books> {
  readonly beats: ReadonlyArray<BeatOf<Call, Books>>
  /** A counter of a record below what its schema allows, or another record that cannot be read: the history ends there. */
  readonly damage: string | undefined
  /** A command that died: the history ends there. */
  readonly death: string | undefined
}

/** How the beats of a plan are lived. */
interface Living<Planned, Sent, Call, Books> {
  readonly plan: ReadonlyArray<Planned>
  readonly now: () => number
  readonly read: Effect.Effect<Books, unknown, Store>
  /** Moves the clock, and says what a beat comes to as things stand: nothing, where there is nothing to do. */
  readonly resolve: (
    planned: Planned,
    place: number,
    books: Books,
    sent: ReadonlyArray<Sent>,
  ) => ReadonlyArray<Sent>
  readonly send: (sent: Sent) => Effect.Effect<Call>
  /** The books after a beat; parts that nothing was written to as the very same objects as before. */
  readonly keep: (before: Books, after: Books) => Books
}

/** Lives one beat after the other: what is sent at one moment is sent all at once. */
export const liveBeats = Effect.fnUntraced(function* <
  Planned,
  Sent,
  Call extends { readonly outcomes: ReadonlyArray<Outcome<unknown>> },
  Books,
>({
  plan,
  now,
  read,
  resolve,
  send,
  keep,
}: Living<Planned, Sent, Call, Books>): Effect.fn.Return<LivedBeats<Call, Books>, unknown, Store> {
  const beats: Array<BeatOf<Call, Books>> = []
  const sent: Array<Sent> = []
  let books = yield* read
  for (const [place, planned] of plan.entries()) {
    const toSend = resolve(planned, place, books, sent)
    if (toSend.length === 0) continue
    const calls = yield* Effect.forEach(toSend, send, { concurrency: "unbounded" })
    sent.push(...toSend)
    const after = yield* readable(read)
    const death = deathIn(calls)
    if ("damage" in after) return { beats, ...after, death }
    const next = keep(books, after.books)
    beats.push({ at: now(), before: books, calls, after: next })
    if (death !== undefined) return { beats, damage: undefined, death }
    books = next
  }
  return { beats, damage: undefined, death: undefined }
})

/** Why a command died, if one did. */
export const deathIn = (
  calls: ReadonlyArray<{ readonly outcomes: ReadonlyArray<Outcome<unknown>> }>,
): string | undefined =>
  calls.flatMap(({ outcomes }) =>
    outcomes.flatMap((outcome) => (outcome.end === "died" ? [outcome.why] : [])),
  )[0]

/** The books, or why their records cannot be read. A store that does not answer fails the history. */
const readable = <Books>(read: Effect.Effect<Books, unknown, Store>) =>
  read.pipe(
    Effect.map((books): { readonly books: Books } | { readonly damage: string } => ({ books })),
    Effect.catchDefect((defect) => Effect.succeed({ damage: firstLines(defect) })),
  )

type AnyOperation = (
  input: unknown,
) => Effect.Effect<unknown, { readonly _tag: string }, CommandServices>

/** Sends a command, as often as it says at the same moment. Its outcomes are one for each copy. */
export const sendCopies = (
  operation: unknown,
  sent: { readonly operation: string; readonly input: unknown; readonly copies: number },
): Effect.Effect<ReadonlyArray<Outcome<unknown>>, never, CommandServices> => {
  const once = Effect.map(
    Effect.exit(Effect.suspend(() => (operation as AnyOperation)(sent.input))),
    (exit): Outcome<unknown> => {
      if (Exit.isSuccess(exit)) return { end: "done", answer: exit.value }
      const fail = exit.cause.reasons.find(Cause.isFailReason)
      return fail === undefined
        ? { end: "died", why: `${sent.operation}: ${firstLines(Cause.squash(exit.cause))}` }
        : { end: "refused", tag: fail.error._tag }
    },
  )
  return Effect.forEach(Array.from({ length: sent.copies }), () => once, {
    concurrency: "unbounded",
  })
}

const firstLines = (error: unknown): string => String(error).split("\n", 3).join(" ")
