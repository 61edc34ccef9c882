import type { Outcome } from "./liveBeats.ts"

/** A command as it was sent, with what came of it. */
interface SentCall {
  readonly operation: string
  readonly input: unknown
  readonly copies: number
  readonly outcomes: ReadonlyArray<Outcome<unknown>>
}

/** What was sent, one line a command: when, in milliseconds since the start, what, and what came of it. */
export const describeBeats = <Call extends SentCall>(
  beats: ReadonlyArray<{ readonly at: number; readonly calls: ReadonlyArray<Call> }>,
  start: number,
  whoOf: (call: Call) => string,
): string =>
  beats
    .flatMap(({ at, calls }) =>
      calls.map((call, place) => {
        const when = place === 0 ? `+${at - start} ms` : "at once"
        return `  ${when.padStart(12)}  ${whoOf(call)}${describeCall(call)}`
      }),
    )
    .join("\n")

const describeCall = ({ operation, input, copies, outcomes }: SentCall): string => {
  const times = copies > 1 ? ` (${copies} times)` : ""
  return `${operation} ${JSON.stringify(input)}${times} -> ${outcomes.map(endOf).join(", ")}`
}

const endOf = (outcome: Outcome<unknown>): string => {
  if (outcome.end === "done") return "done"
  return outcome.end === "refused" ? outcome.tag : outcome.why
}
