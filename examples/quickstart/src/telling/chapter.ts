import { Console, Duration, Effect } from "effect"
import { withProgress } from "./progress.ts"

const TITLE_WIDTH = 11

/**
 * Does one step of the story beside a progress line, then tells how it came out and how long it took.
 *
 * @param title what the step is called
 * @param counting what the progress line counts, up to how many
 * @param work the step; it calls what it is given once for each that is done
 * @param tell its outcome in words, in one line or more
 */
export const chapter = <A, E, R>(
  title: string,
  counting: { readonly label: string; readonly total: number },
  work: (onEach: () => void) => Effect.Effect<A, E, R>,
  tell: (outcome: A) => string | ReadonlyArray<string>,
): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const [took, outcome] = yield* Effect.timed(withProgress(counting.label, counting.total, work))
    const [first = "", ...rest] = [tell(outcome)].flat()
    const seconds = (Duration.toMillis(took) / 1000).toFixed(1)
    yield* Console.log(`  ${title.padEnd(TITLE_WIDTH)}${first} (${seconds} s)`)
    for (const line of rest) yield* Console.log(`  ${" ".repeat(TITLE_WIDTH)}${line}`)
    return outcome
  })
