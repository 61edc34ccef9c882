import { Effect } from "effect"
import { inFull } from "./table.ts"

const WIDTH = 28
const FRAME_MILLIS = 40

/** The parts of a terminal's stream that the progress line needs. */
export interface Screen {
  readonly isTTY?: boolean | undefined
  readonly write: (text: string) => unknown
}

/** A bar of fixed width, filled by as much as is done: `█████░░░░░  50% 12/24 orders`. */
export const bar = (label: string, done: number, total: number): string => {
  const part = total === 0 ? 1 : Math.min(1, done / total)
  const filled = Math.round(part * WIDTH)
  const percent = `${Math.floor(part * 100)}%`.padStart(4)
  const blocks = "█".repeat(filled) + "░".repeat(WIDTH - filled)
  return `${blocks} ${percent}  ${inFull(done)}/${inFull(total)} ${label}`
}

/**
 * Runs `work` beside a progress line that moves on by one each time that `work` calls what it is given. The line
 * is gone when the work ends, fails or is interrupted. Where nobody watches (no terminal), nothing is drawn.
 */
export const withProgress = <A, E, R>(
  label: string,
  total: number,
  work: (onEach: () => void) => Effect.Effect<A, E, R>,
  screen: Screen = process.stderr,
): Effect.Effect<A, E, R> => {
  if (screen.isTTY !== true) return work(() => {})
  return Effect.suspend(() => {
    let done = 0
    let drawn = 0
    const draw = () => {
      drawn = performance.now()
      screen.write(`\r\x1b[2K  ${bar(label, done, total)}`)
    }
    const onEach = () => {
      done++
      if (performance.now() - drawn >= FRAME_MILLIS) draw()
    }
    draw()
    return Effect.ensuring(
      work(onEach),
      Effect.sync(() => screen.write("\r\x1b[2K")),
    )
  })
}
