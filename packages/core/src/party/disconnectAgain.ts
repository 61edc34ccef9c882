import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CurrentActor } from "../access/index.ts"
import type { Timestamp } from "../kernel/index.ts"
import { type CurrentPartition, Store, type StoreUnavailable } from "../store/index.ts"
import { Connections } from "./Connection.ts"
import { draftDisconnection } from "./draftDisconnection.ts"

/**
 * Ends a connection that a restored backup brought back, since when it was ended (I9). One that has ended, or is not
 * there, is left alone.
 *
 * @returns whether it had come back
 */
export const disconnectAgain = (
  id: string,
  at: Timestamp,
): Effect.Effect<boolean, StoreUnavailable, Store | CurrentPartition | CurrentActor> =>
  Effect.gen(function* () {
    const store = yield* Store
    const stored = yield* store.get(Connections, id)
    if (Option.isNone(stored) || stored.value.value.state === "disconnected") return false
    const { entries } = yield* draftDisconnection(stored.value, at)
    yield* store.commit(entries)
    return true
  }).pipe(
    Effect.catchTags({
      Conflict: () => Effect.suspend(() => disconnectAgain(id, at)),
      Duplicate: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
