import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { authorise, CurrentActor, NotFound } from "../access/index.ts"
import { AuditLog, auditEvent } from "../audit/index.ts"
import { admit, Busy, invalidInput } from "../command/index.ts"
import { now, Timestamp } from "../kernel/index.ts"
import { Vault } from "../privacy/index.ts"
import { check, insert, replace, Store } from "../store/index.ts"
import { ConnectionId, Connections } from "./Connection.ts"
import { Credentials, NoCredential } from "./Credential.ts"

const Input = Schema.Struct({
  connection: ConnectionId,
  secret: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(8192)),
})
const decodeInput = Schema.decodeUnknownResult(Input, { onExcessProperty: "error", errors: "all" })

const Kept = Schema.Struct({ connection: ConnectionId, keptAt: Timestamp })

/** Races that it may lose before it gives up as `Busy`. */
const MAX_TRIES = 8

/**
 * Keeps the credential of a connection, sealed, in the place of the one before (R7). No receipt and no fingerprint of it
 * is left: sending it again keeps it again.
 *
 * Fails with `NotFound` for an unknown connection, `NoCredential` for one that was ended, `StandingRefused` for a closed merchant, and with what the key ring
 * fails with: then nothing changed (I14).
 *
 * @param input.connection which account
 * @param input.secret what gives access to it, 1 to 8,192 characters
 */
export const keepCredential = Effect.fn("keepCredential")(function* (raw: typeof Input.Encoded) {
  const action = "keepCredential"
  yield* authorise(action)
  const input = decodeInput(raw)
  if (Result.isFailure(input)) return yield* invalidInput(action, input.failure)
  const { connection: id, secret } = input.success
  const store = yield* Store
  const object = { kind: "connection", id }
  const { ref: actor } = yield* CurrentActor

  const attempt = Effect.gen(function* () {
    const at = yield* now
    const standing = yield* admit(action, ["active", "on_stop", "suspended", "closing"])
    const connection = yield* store.get(Connections, id)
    if (Option.isNone(connection)) return yield* new NotFound(object)
    if (connection.value.value.state !== "connected")
      return yield* new NoCredential({ connection: id })
    const sealed = yield* (yield* Vault).sealCredential(id, Redacted.make(secret))
    const kept = { connection: id, ...sealed, keptAt: at }
    const before = yield* store.get(Credentials, id)
    yield* store.commit([
      Option.isSome(before) ? replace(before.value, kept) : insert(Credentials, kept),
      check(connection.value),
      check(standing),
      insert(AuditLog, yield* auditEvent({ at, actor, action, object, outcome: "done" })),
    ])
    return { connection: id, keptAt: at } satisfies typeof Kept.Type
  })
  return yield* attempt.pipe(
    Effect.catchTags({ Insufficient: Effect.die, TooLarge: Effect.die }),
    Effect.retry({
      times: MAX_TRIES,
      while: ({ _tag }) => _tag === "Conflict" || _tag === "Duplicate",
    }),
    Effect.catchTags({
      Conflict: () => Effect.fail(new Busy({ command: action, tries: MAX_TRIES })),
      Duplicate: () => Effect.fail(new Busy({ command: action, tries: MAX_TRIES })),
    }),
  )
})
