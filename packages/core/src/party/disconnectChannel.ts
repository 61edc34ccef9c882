import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { command, unchanged } from "../command/index.ts"
import { ErasureRecorded, message } from "../integration/index.ts"
import { CurrentPartition, Store } from "../store/index.ts"
import { Connection, ConnectionId, Connections } from "./Connection.ts"
import { draftDisconnection } from "./draftDisconnection.ts"

/**
 * Ends a connection for good; ending it again changes nothing. Allowed in every standing but `closed`, so that a
 * merchant who leaves takes its accounts along.
 *
 * Fails with `NotFound` for an unknown connection.
 */
export const disconnectChannel = command({
  action: "disconnectChannel",
  input: Schema.Struct({ connection: ConnectionId }),
  answer: Connection,
  standings: ["active", "on_stop", "suspended", "closing"],
  decide: Effect.fnUntraced(function* ({ connection: id }, { at }) {
    const about = { kind: "connection", id }
    const stored = yield* (yield* Store).get(Connections, id)
    if (Option.isNone(stored)) return yield* new NotFound(about)
    if (stored.value.value.state === "disconnected") return unchanged(about, stored.value.value)
    const { ended, entries } = yield* draftDisconnection(stored.value, at)
    const { id: partition } = yield* CurrentPartition
    const told = yield* message(
      ErasureRecorded,
      { erasures: [{ partition, kind: "connection", id, at }] },
      at,
    )
    return { about, entries, messages: [told], answer: ended }
  }),
})
