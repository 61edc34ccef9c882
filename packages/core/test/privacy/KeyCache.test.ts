import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { KEY_MILLIS, KeyCache } from "../../src/privacy/KeyCache.ts"

const newCache = Effect.map(Effect.scope, (scope) => new KeyCache<string, string>(scope))

describe("a plain key in memory", () => {
  it.effect("may be used for five minutes, not at their end", () =>
    Effect.gen(function* () {
      const cache = yield* newCache
      yield* cache.put("a", "key")
      expect(cache.peek("a", KEY_MILLIS - 1)).toBe("key")
      expect(cache.peek("a", KEY_MILLIS)).toBeUndefined()
      expect(KEY_MILLIS).toBe(300_000)
    }),
  )

  it.effect("is gone after five minutes, and not merely unused", () =>
    Effect.gen(function* () {
      const cache = yield* newCache
      yield* cache.put("a", "key")
      yield* TestClock.adjust("5 minutes")
      expect(cache.peek("a", 0)).toBeUndefined()
    }),
  )

  it.effect("that was loaded anew lives its own five minutes", () =>
    Effect.gen(function* () {
      const cache = yield* newCache
      yield* cache.put("a", "first")
      yield* TestClock.adjust("3 minutes")
      yield* cache.put("a", "second")
      yield* TestClock.adjust("3 minutes")
      expect(cache.peek("a", 360_000)).toBe("second")
    }),
  )

  it.effect("is not kept when it was forgotten while it was loaded", () =>
    Effect.gen(function* () {
      const cache = yield* newCache
      const loading = yield* Effect.forkChild(
        cache.get("p/a", Effect.as(Effect.sleep("1 second"), "key")),
      )
      yield* Effect.yieldNow
      cache.drop("p/")
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(loading)).toBe("key")
      expect(cache.peek("p/a", 1_000)).toBeUndefined()
    }),
  )

  it.effect("is forgotten with all whose name begins so, and no other", () =>
    Effect.gen(function* () {
      const cache = yield* newCache
      for (const name of ["p/a", "p/b", "q/a"]) yield* cache.put(name, name)
      cache.drop("p/")
      expect(["p/a", "p/b", "q/a"].map((name) => cache.peek(name, 0))).toEqual([
        undefined,
        undefined,
        "q/a",
      ])
    }),
  )

  it.effect("whose loading failed is loaded again, and a defect reaches all who wait", () =>
    Effect.gen(function* () {
      const cache = yield* newCache
      expect(yield* Effect.flip(cache.get("a", Effect.fail("no")))).toBe("no")
      const wait = Effect.exit(cache.get("a", Effect.andThen(Effect.yieldNow, Effect.die("bug"))))
      const exits = yield* Effect.all([wait, wait], { concurrency: "unbounded" })
      expect(exits.map(({ _tag }) => _tag)).toEqual(["Failure", "Failure"])
      expect(yield* cache.get("a", Effect.succeed("key"))).toBe("key")
    }),
  )
})
