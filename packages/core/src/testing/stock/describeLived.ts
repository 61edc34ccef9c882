import type { Call, Lived, Outcome } from "./StockTrace.ts"
import { START } from "./StockWorld.ts"

/** What was sent in a history, one line a command: when, by whom, what, and what came of it. */
export const describeLived = ({ beats }: Lived): string =>
  beats
    .flatMap(({ at, calls }) =>
      calls.map((call, place) => {
        const when = place === 0 ? `+${at - START} ms` : "at once"
        return `  ${when.padStart(12)}  ${describeCall(call)}`
      }),
    )
    .join("\n")

const describeCall = ({ who, operation, input, copies, outcomes }: Call): string => {
  const ends = (outcomes as ReadonlyArray<Outcome<unknown>>).map(endOf)
  const times = copies > 1 ? ` (${copies} times)` : ""
  return `${who === 0 ? "A" : "B"} ${operation} ${JSON.stringify(input)}${times} -> ${ends.join(", ")}`
}

const endOf = (outcome: Outcome<unknown>): string => {
  if (outcome.end === "done") return "done"
  return outcome.end === "refused" ? outcome.tag : outcome.why
}
