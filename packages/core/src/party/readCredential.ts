import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { CurrentActor, readStanding } from "../access/index.ts"
import { AuditLog, auditEvent } from "../audit/index.ts"
import { type Ids, now } from "../kernel/index.ts"
import { Vault, type VaultFailure } from "../privacy/index.ts"
import {
  type CurrentPartition,
  check,
  insert,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { type ConnectionId, Connections } from "./Connection.ts"
import { Credentials, NoCredential } from "./Credential.ts"

/**
 * The credential of a connection, for the adapter that is to call its channel now. It is read anew for each use and not
 * kept: from the moment that the connection is ended, or the merchant closed, there is none (R42, I12). The reading is in the audit log, committed
 * before the credential is opened, with a check that both are still there (I10).
 *
 * Fails with `NoCredential`, and with what the vault fails with.
 */
export const readCredential = Effect.fn("readCredential")(function* (
  id: ConnectionId,
): Effect.fn.Return<
  Redacted.Redacted<string>,
  NoCredential | VaultFailure | StoreUnavailable,
  Store | Ids | Vault | CurrentPartition | CurrentActor
> {
  const store = yield* Store
  const none = new NoCredential({ connection: id })
  const connection = yield* store.get(Connections, id)
  const credential = yield* store.get(Credentials, id)
  if (Option.isNone(connection) || Option.isNone(credential)) return yield* none
  if (connection.value.value.state !== "connected") return yield* none
  // A closed merchant's credentials are used no more, whether or not they were removed yet (R40, I12).
  const standing = yield* readStanding
  if (Option.isNone(standing) || standing.value.value.state === "closed") return yield* none
  const event = yield* auditEvent({
    at: yield* now,
    actor: (yield* CurrentActor).ref,
    action: "readCredential",
    object: { kind: "connection", id },
    outcome: "done",
  })
  yield* store
    .commit([
      check(connection.value),
      check(credential.value),
      check(standing.value),
      insert(AuditLog, event),
    ])
    .pipe(
      Effect.catchTags({
        // It was ended or replaced at this moment: whoever still needs it asks again.
        Conflict: () => Effect.fail(none),
        Duplicate: Effect.die,
        Insufficient: Effect.die,
        TooLarge: Effect.die,
      }),
    )
  const { key, sealed } = credential.value.value
  return yield* (yield* Vault).openCredential(id, { key, sealed })
})
