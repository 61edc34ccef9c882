import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { readStanding, type Standing, Standings } from "../access/index.ts"
import { now } from "../kernel/index.ts"
import {
  type CurrentPartition,
  insert,
  replace,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"

/**
 * Closes the current partition whatever its standing is: that of a merchant that was terminated, and that a restored
 * backup brought back (I9).
 */
export const closeForGood: Effect.Effect<void, StoreUnavailable, Store | CurrentPartition> =
  Effect.gen(function* () {
    const standing = yield* readStanding
    const closed: Standing = { id: "standing", state: "closed", since: yield* now }
    if (Option.isSome(standing) && standing.value.value.state === "closed") return
    yield* (yield* Store).commit([
      Option.isSome(standing) ? replace(standing.value, closed) : insert(Standings, closed),
    ])
  }).pipe(
    Effect.catchTags({
      Conflict: () => Effect.suspend(() => closeForGood),
      Duplicate: () => Effect.suspend(() => closeForGood),
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
