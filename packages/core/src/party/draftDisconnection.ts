import * as Effect from "effect/Effect"
import type { Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Entry,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { Connection } from "./Connection.ts"

/** Drafts the end of a connection: from that instant on nothing comes in through it (R42, R79). */
export const draftDisconnection = Effect.fnUntraced(function* (
  stored: Stored<Connection>,
  at: Timestamp,
): Effect.fn.Return<
  { readonly ended: Connection; readonly entries: ReadonlyArray<Entry> },
  StoreUnavailable,
  Store | CurrentPartition
> {
  yield* Store
  const { live: _, ...connection } = stored.value
  const ended: Connection = {
    ...connection,
    state: "disconnected",
    disconnectedAt: at,
    retentionDue: at,
  }
  return { ended, entries: [replace(stored, ended)] }
})
