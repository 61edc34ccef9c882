import type { Knowledge, Known } from "./Known.ts"
import type { Instant, Slot } from "./RetentionAct.ts"
import { deadlineOf, LIMITS, lapseOf } from "./RetentionModel.ts"
import type { Books } from "./RetentionTrace.ts"
import { orderIn } from "./retentionAims.ts"

/** The instant that a wait leads to: one of an order's own, by what is known of it. */
export const instantOf = (
  instant: Instant,
  slot: Slot,
  { books, known }: { readonly books: Books; readonly known: Knowledge },
  now: number,
): number | undefined => {
  const id = orderIn(books, slot)?.id
  const order = id === undefined ? undefined : known.get(id)
  return order && instantsOf(order, now)[instant]
}

const instantsOf = (known: Known, now: number): { readonly [I in Instant]: number | undefined } => {
  const deadline = deadlineOf(known, now)
  const plus = (from: number | undefined, millis: number) =>
    from === undefined ? undefined : from + millis
  return {
    deadline,
    sweep: plus(deadline, -LIMITS.ahead),
    stalled: known.progressAt + LIMITS.stalled,
    lapse: lapseOf(known),
    cap: plus(known.receivedAt, LIMITS.cap),
    purge: plus(known.deletedAt, LIMITS.purge),
    channel: plus(known.disconnectedAt, LIMITS.channel),
  }
}
