import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import {
  type Action,
  authorise,
  CurrentActor,
  NotFound,
  readStanding,
  type Standing,
  StandingRefused,
  type StandingState,
} from "../access/index.ts"
import { type ActorRef, AuditLog, auditEvent } from "../audit/index.ts"
import {
  IdempotencyConflict,
  IdempotencyKey,
  Outbox,
  Receipts,
  receiptExpiry,
} from "../integration/index.ts"
import { type Ids, now, type Timestamp } from "../kernel/index.ts"
import {
  CurrentPartition,
  check,
  type Entry,
  insert,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { Busy, type CommandError, illFormedInput, invalidInput } from "./commandErrors.ts"
import type { Draft } from "./Draft.ts"
import { fingerprint } from "./fingerprint.ts"

/** The instant, the actor and the key of the command at work. */
export interface CommandContext {
  readonly at: Timestamp
  readonly actor: ActorRef
  readonly key: IdempotencyKey
}

/** Races that a command may lose before it gives up as `Busy`. */
const MAX_TRIES = 32

const ALWAYS_OPEN: ReadonlyArray<StandingState> = ["active", "on_stop"]

/** What a command needs of its surroundings. */
export type CommandServices = Store | Ids | CurrentPartition | CurrentActor

/**
 * Makes an operation of the one shape that all have: authorise, check the input, load and decide, commit once.
 *
 * The batch holds the draft's entries, the receipt, the audit event, the outbox messages and a check on the
 * partition's standing: they become true together or not at all. A repeat under the same key gets the recorded
 * answer; a record that moved meanwhile makes the command decide again.
 *
 * @param options.action the operation's name and its row in the policy
 * @param options.input the schema of the command without its `key`; excess fields are refused
 * @param options.answer the schema of the answer, which the receipt keeps
 * @param options.standings the standings that allow it; `active` and `on_stop` when left out
 * @param options.decide loads what it needs and drafts the change; it may run several times and writes nothing
 */
export const command = <const Name extends Action, Input, InputEncoded, Answer, E, R>(options: {
  readonly action: Name
  readonly input: Schema.Codec<Input, InputEncoded>
  readonly answer: Schema.Codec<Answer, unknown>
  readonly standings?: ReadonlyArray<StandingState>
  readonly decide: (input: Input, context: CommandContext) => Effect.Effect<Draft<Answer, E>, E, R>
}): ((
  input: InputEncoded & { readonly key: string },
) => Effect.Effect<Answer, E | CommandError, R | CommandServices>) => {
  const { action, decide } = options
  const standings = options.standings ?? ALWAYS_OPEN
  const decodeInput = Schema.decodeUnknownResult(options.input, {
    onExcessProperty: "error",
    errors: "all",
  })
  const decodeKey = Schema.decodeUnknownResult(Schema.Struct({ key: IdempotencyKey }), {
    errors: "all",
  })
  const encodeAnswer = Schema.encodeSync(options.answer)
  const decodeAnswer = Schema.decodeUnknownSync(options.answer)

  /** The recorded answer, if this key was used before. */
  const recall = Effect.fnUntraced(function* (key: IdempotencyKey, print: string) {
    const receipt = yield* (yield* Store).get(Receipts, key)
    if (Option.isNone(receipt)) return Option.none<Answer>()
    if (receipt.value.value.fingerprint !== print)
      return yield* new IdempotencyConflict({ key, command: action })
    return Option.some(decodeAnswer(receipt.value.value.answer))
  })

  const attempt = Effect.fnUntraced(function* (
    input: Input,
    print: string,
    context: CommandContext,
  ) {
    const standing = yield* admit(action, standings)
    const draft = yield* decide(input, context)
    if (draft.entries.length === 0)
      return Option.getOrElse(yield* recall(context.key, print), () => draft.answer)
    const batch: Array<Entry> = [
      ...draft.entries,
      check(standing),
      insert(
        AuditLog,
        yield* auditEvent({
          at: context.at,
          actor: context.actor,
          action,
          object: draft.about,
          outcome: "done",
          correlation: context.key,
        }),
      ),
      insert(Receipts, {
        key: context.key,
        command: action,
        fingerprint: print,
        answer: encodeAnswer(draft.answer),
        at: context.at,
        expiresAt: receiptExpiry(context.at),
      }),
      ...(draft.messages ?? []).map((each) => insert(Outbox, each)),
    ]
    const committed = yield* Effect.result((yield* Store).commit(batch))
    if (Result.isSuccess(committed)) return draft.answer
    const refused = committed.failure
    if (refused._tag === "Insufficient" && draft.whenInsufficient)
      return yield* draft.whenInsufficient
    if (refused._tag === "TooLarge" || refused._tag === "StoreUnavailable") return yield* refused
    return raceLost
  })

  /** Tries until the change is committed, was committed before, or is refused. */
  const settle = Effect.fnUntraced(function* (input: Input, key: IdempotencyKey) {
    const print = fingerprint(action, input)
    const actor = yield* CurrentActor
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const context = { at: yield* now, actor: actor.ref, key }
      const outcome = yield* Effect.result(attempt(input, print, context))
      if (Result.isSuccess(outcome) && outcome.success !== raceLost)
        return outcome.success as Answer
      // Refused or overtaken: perhaps because the first sending of this very command got through.
      const recorded = yield* recall(key, print)
      if (Option.isSome(recorded)) return recorded.value
      if (Result.isFailure(outcome)) return yield* Effect.fail(outcome.failure)
      yield* Effect.yieldNow
    }
    return yield* new Busy({ command: action, tries: MAX_TRIES })
  })

  return Effect.fn(action)(function* (raw: InputEncoded & { readonly key: string }) {
    yield* authorise(action)
    // Callers without types may send nothing at all: that is bad input, too.
    const { key: rawKey, ...rest } = raw ?? ({} as typeof raw)
    const key = decodeKey({ key: rawKey })
    if (Result.isFailure(key)) return yield* invalidInput(action, key.failure)
    const input = decodeInput(rest)
    if (Result.isFailure(input)) return yield* invalidInput(action, input.failure)
    const illFormed = illFormedInput(action, rest)
    if (illFormed !== undefined) return yield* illFormed
    return yield* settle(input.success, key.success.key)
  })
}

const raceLost = Symbol("race lost")

/**
 * The standing of the current partition, for the `check` of a batch: what is not made with `command` asks it here.
 *
 * Fails with `StandingRefused` for a standing that is not among `allowed`, and `NotFound` where nobody has opened the
 * partition.
 */
export const admit = Effect.fnUntraced(function* (
  action: Action,
  allowed: ReadonlyArray<StandingState>,
): Effect.fn.Return<
  Stored<Standing>,
  NotFound | StandingRefused | StoreUnavailable,
  Store | CurrentPartition
> {
  const standing = yield* readStanding
  if (Option.isNone(standing)) {
    const { id } = yield* CurrentPartition
    return yield* new NotFound({ kind: "partition", id })
  }
  const { state } = standing.value.value
  if (!allowed.includes(state))
    return yield* new StandingRefused({ command: action, state, allowed: [...allowed] })
  return standing.value
})
