import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Entry,
  remove,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { Connection } from "./Connection.ts"
import { Credentials } from "./Credential.ts"

/** Drafts the end of a connection: nothing comes in through it any more, and its credential is gone (R42, R79). */
export const draftDisconnection = Effect.fnUntraced(function* (
  stored: Stored<Connection>,
  at: Timestamp,
): Effect.fn.Return<
  { readonly ended: Connection; readonly entries: ReadonlyArray<Entry> },
  StoreUnavailable,
  Store | CurrentPartition
> {
  const credential = yield* (yield* Store).get(Credentials, stored.value.id)
  const { live: _, ...connection } = stored.value
  const ended: Connection = {
    ...connection,
    state: "disconnected",
    disconnectedAt: at,
    retentionDue: at,
  }
  return {
    ended,
    entries: [replace(stored, ended), ...Option.toArray(credential).map((each) => remove(each))],
  }
})
