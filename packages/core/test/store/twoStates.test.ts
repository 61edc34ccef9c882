import { describe, expect, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { readStanding } from "../../src/access/index.ts"
import { check, replace, Store } from "../../src/store/index.ts"
import { inWorld } from "../world.ts"

/** A record as it was read before and after somebody else wrote it. */
const readTwice = Effect.gen(function* () {
  const store = yield* Store
  const earlier = Option.getOrThrow(yield* readStanding)
  yield* store.commit([replace(earlier, { ...earlier.value, state: "on_stop" })])
  return { store, earlier, later: Option.getOrThrow(yield* readStanding) }
})

describe("a batch that was decided on two states of one record", () => {
  it.effect("is refused, though its write holds the newer one", () =>
    Effect.gen(function* () {
      const { store, earlier, later } = yield* readTwice
      const write = replace(later, { ...later.value, state: "closed" })
      for (const batch of [
        [check(earlier), write],
        [write, check(earlier)],
      ])
        expect(yield* Effect.flip(store.commit(batch))).toMatchObject({ _tag: "Conflict" })
      expect(Option.getOrThrow(yield* readStanding).value.state).toBe("on_stop")
      yield* store.commit([check(later), write])
    }).pipe(inWorld),
  )

  it.effect("is refused in whichever order it checks them", () =>
    Effect.gen(function* () {
      const { store, earlier, later } = yield* readTwice
      for (const batch of [
        [check(earlier), check(later)],
        [check(later), check(earlier)],
      ])
        expect(yield* Effect.flip(store.commit(batch))).toMatchObject({ _tag: "Conflict" })
    }).pipe(inWorld),
  )
})
