import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { bar, type Screen, withProgress } from "../../src/telling/progress.ts"

const terminal = (isTTY: boolean) => {
  const written: Array<string> = []
  const screen: Screen = { isTTY, write: (text) => written.push(text) }
  return { screen, written }
}

describe("the progress line", () => {
  it("is as full as the work is done", () => {
    expect(bar("orders", 0, 4)).toContain("░   0%  0/4 orders")
    expect(bar("orders", 2, 4)).toContain("█░")
    expect(bar("orders", 4_000, 4_000)).toContain("█ 100%  4,000/4,000 orders")
    expect(bar("orders", 0, 0)).toContain("100%")
  })

  it.effect("counts the steps and clears itself", () =>
    Effect.gen(function* () {
      const { screen, written } = terminal(true)
      const answer = yield* withProgress(
        "orders",
        1,
        (onEach) => Effect.as(Effect.sync(onEach), "done"),
        screen,
      )
      expect(answer).toBe("done")
      expect(written[0]).toContain("0/1 orders")
      expect(written.at(-1)).toBe("\r\x1b[2K")
    }),
  )

  it.effect("clears itself when it is interrupted", () =>
    Effect.gen(function* () {
      const { screen, written } = terminal(true)
      const fiber = yield* Effect.forkChild(withProgress("orders", 1, () => Effect.never, screen))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      expect(written.at(-1)).toBe("\r\x1b[2K")
    }),
  )

  it.effect("draws nothing where no terminal is", () =>
    Effect.gen(function* () {
      const { screen, written } = terminal(false)
      yield* withProgress("orders", 1, (onEach) => Effect.sync(onEach), screen)
      expect(written).toEqual([])
    }),
  )
})
