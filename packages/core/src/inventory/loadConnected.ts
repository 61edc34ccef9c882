import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { NotFound } from "../access/index.ts"
import { type Connection, type ConnectionId, Connections } from "../party/index.ts"
import { type CurrentPartition, Store, type Stored, type StoreUnavailable } from "../store/index.ts"

/** The connection, if it is connected. Fails with `NotFound` for one that never was, or is not any more. */
export const loadConnected = Effect.fnUntraced(function* (
  id: ConnectionId,
): Effect.fn.Return<Stored<Connection>, NotFound | StoreUnavailable, Store | CurrentPartition> {
  const stored = yield* (yield* Store).get(Connections, id)
  return Option.isSome(stored) && stored.value.value.state === "connected"
    ? stored.value
    : yield* new NotFound({ kind: "connection", id })
})
