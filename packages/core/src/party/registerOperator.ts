import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Standings } from "../access/index.ts"
import { type ActorRef, AuditLog, auditEvent } from "../audit/index.ts"
import { fingerprint, type InvalidInput, illFormedInput, invalidInput } from "../command/index.ts"
import {
  IdempotencyConflict,
  IdempotencyKey,
  Receipts,
  receiptExpiry,
} from "../integration/index.ts"
import { type Ids, now } from "../kernel/index.ts"
import {
  CurrentPartition,
  insert,
  openPartition,
  PartitionId,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { BusinessName, Operator, OperatorId, Operators } from "./Operator.ts"

const COMMAND = "registerOperator"

/** The host acts at its own installation; nobody has signed in yet. */
const INSTALLER: ActorRef = { kind: "system", id: "installation" }

/** What the host says of the operator. It chooses the id once, a UUIDv7, and keeps it in its configuration. */
export const OperatorRegistration = Schema.Struct({
  key: IdempotencyKey,
  id: OperatorId,
  name: BusinessName,
  timeZone: Operator.fields.timeZone,
})
export type OperatorRegistration = typeof OperatorRegistration.Type

/** The partition is open, and not as this operator: another one, or a merchant. Nothing changed. */
export class PartitionTaken extends Schema.TaggedError<PartitionTaken>()("PartitionTaken", {
  id: PartitionId,
}) {
  override get message() {
    return `the partition ${this.id} is open already, and not as this operator`
  }
}

const decode = Schema.decodeUnknownResult(OperatorRegistration, {
  onExcessProperty: "error",
  errors: "all",
})

/**
 * Opens the partition of an operator: its record, its standing, an audit event and a receipt, all or nothing.
 *
 * It is the one change that no command can make: a command needs a standing to check and an actor with grants, and
 * there is neither before this. So it asks for no actor and must not be offered to callers: a host runs it when it
 * is set up. The same operator again, at each start or by several processes at once, changes nothing and gives the
 * same answer, under whatever key.
 *
 * Fails with `PartitionTaken` when the id belongs to somebody else, or to this operator under other facts, and with
 * `IdempotencyConflict` when it was this very key that registered them.
 */
export const registerOperator: (
  registration: typeof OperatorRegistration.Encoded,
) => Effect.Effect<
  Operator,
  InvalidInput | PartitionTaken | IdempotencyConflict | StoreUnavailable,
  Store | Ids
> = Effect.fn(COMMAND)(function* (raw) {
  const input = decode(raw)
  if (Result.isFailure(input)) return yield* invalidInput(COMMAND, input.failure)
  const illFormed = illFormedInput(COMMAND, raw)
  if (illFormed !== undefined) return yield* illFormed
  return yield* Effect.provideService(
    register(input.success),
    CurrentPartition,
    openPartition(input.success.id),
  )
})

const register = Effect.fnUntraced(function* (registration: OperatorRegistration) {
  const { key, ...facts } = registration
  const at = yield* now
  const operator: Operator = { ...facts, createdAt: at }
  const opening = (yield* Store).commit([
    insert(Standings, { id: "standing", state: "active", since: at }),
    insert(Operators, operator),
    insert(
      AuditLog,
      yield* auditEvent({
        at,
        actor: INSTALLER,
        action: COMMAND,
        object: { kind: "operator", id: operator.id },
        outcome: "done",
        correlation: key,
      }),
    ),
    insert(Receipts, {
      key,
      command: COMMAND,
      fingerprint: fingerprint(COMMAND, registration),
      answer: operator,
      at,
      expiresAt: receiptExpiry(at),
    }),
  ])
  return yield* opening.pipe(
    Effect.as(operator),
    Effect.catchTags({
      Duplicate: () => registeredBefore(registration),
      Conflict: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
})

// Hosts register at each start, long after the receipt has lapsed: the record itself is the answer.
const registeredBefore = Effect.fnUntraced(function* (registration: OperatorRegistration) {
  const store = yield* Store
  const { key, id, name, timeZone } = registration
  const operator = Option.map(yield* store.get(Operators, id), (stored) => stored.value)
  if (
    Option.isSome(operator) &&
    operator.value.name === name &&
    operator.value.timeZone === timeZone
  )
    return operator.value
  if (Option.isSome(yield* store.get(Receipts, key)))
    return yield* new IdempotencyConflict({ key, command: COMMAND })
  return yield* new PartitionTaken({ id })
})
