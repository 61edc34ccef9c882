import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestConsole } from "effect/testing"
import { readSlice } from "../../src/slice/readSlice.ts"
import { tellStory } from "../../src/telling/tellStory.ts"
import { inNewEngine } from "../story/demoWorld.ts"

describe("the demo", () => {
  it.live("tells its story to the end, of one of its two days", () =>
    Effect.gen(function* () {
      const day = (yield* readSlice).filter(({ clock }) => clock.startsWith("2011-10-12"))
      yield* inNewEngine(tellStory(day))
      const told = (yield* TestConsole.logLines).join("\n")
      const titles = [...told.matchAll(/^ {2}([a-z]+) +\S/gmu)].map(([, title]) => title)
      expect(titles.slice(0, 11)).toEqual([
        "open",
        "catalogue",
        "receive",
        "import",
        "commit",
        "release",
        "allocate",
        "replay",
        "oversell",
        "intrude",
        "verify",
      ])
      expect(told).toContain("refused (InsufficientStock)")
      expect(told).toContain("NotFound there, NotFound at home")
      expect(told).toContain("no drift")
    }).pipe(Effect.provide(TestConsole.layer)),
  )
})
