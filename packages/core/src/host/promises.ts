import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Actor, type CurrentActor, enterPartition, type NotFound } from "../access/index.ts"
import { invalidInput } from "../command/index.ts"
import {
  type JobHandler,
  type MessageAtWork,
  onMessage,
  type Topic,
  type WorkOptions,
} from "../integration/index.ts"
import type { Timestamp } from "../kernel/index.ts"
import { type Operator, type OperatorRegistration, registerOperator } from "../party/index.ts"
import type { CurrentPartition, StoreUnavailable } from "../store/index.ts"
import { type BoundOperations, Core, type Engine, type Ports } from "./Core.ts"
import type { OperationName } from "./operations.ts"
import { type SweepReport, sweep } from "./sweep.ts"
import { type BodyOf, type TopicName, topics } from "./topics.ts"
import { worker } from "./worker.ts"

/** What a call may be told: a signal that interrupts it. A command that was interrupted has either committed or not. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** What a call came to, with its expected failure as a value of a known type. */
export type Outcome<Answer, Refusal> =
  | { readonly ok: true; readonly value: Answer }
  | { readonly ok: false; readonly error: Refusal }

type AnswerOf<Op> = Op extends (input: never) => Effect.Effect<infer A, infer _E, infer _R>
  ? A
  : never
type RefusalOf<Op> = Op extends (input: never) => Effect.Effect<infer _A, infer E, infer _R>
  ? E
  : never
type InputOf<Op> = Op extends (input: infer I) => Effect.Effect<infer _A, infer _E, infer _R>
  ? I
  : never

/** Operations as Promise functions. They reject with the same tagged errors that the Effects fail with. */
export type PromiseOperations = {
  readonly [Name in OperationName]: (
    input: InputOf<BoundOperations[Name]>,
    options?: CallOptions,
  ) => Promise<AnswerOf<BoundOperations[Name]>>
}

/** Operations that never reject for an expected failure: it comes back typed, as `{ ok: false, error }`. */
export type SettledOperations = {
  readonly [Name in OperationName]: (
    input: InputOf<BoundOperations[Name]>,
    options?: CallOptions,
  ) => Promise<
    Outcome<
      AnswerOf<BoundOperations[Name]>,
      RefusalOf<BoundOperations[Name]> | NotFound | StoreUnavailable
    >
  >
}

/** One actor at work in one partition. */
export type Desk = PromiseOperations & { readonly settled: SettledOperations }

/** What a subscriber in Promise code knows of a message beside its body. */
export interface MessageFacts {
  /** Told once, but perhaps delivered twice: whoever must not act twice keeps the ids that it has seen. */
  readonly messageId: string
  /** Whose message it is: the merchant's or the operator's id. */
  readonly partition: string
  /** Which attempt this is, from 1. */
  readonly attempts: number
  readonly createdAt: Timestamp
  /** Aborted when the work must stop: the worker stops, or another has taken the message over. */
  readonly signal: AbortSignal
}

/** What is done with a message of a topic. If it rejects, it is tried again. */
export type Subscriber<Name extends TopicName> = (
  body: BodyOf<Name>,
  message: MessageFacts,
) => Promise<unknown>

/** The subscriber of each topic, or several of one topic by their names: each has its own deliveries and retries. */
export type Subscriptions = {
  readonly [Name in TopicName]?:
    | Subscriber<Name>
    | { readonly [subscriber: string]: Subscriber<Name> }
}

/** The engine for plain Promise code: Express, Nest, a script. */
export interface PromiseCore {
  /**
   * The operations of `actor` in `partition` (a merchant's or the operator's id). Grants are checked at each call.
   * Throws `InvalidInput` when the actor is not well formed.
   */
  readonly desk: (actor: typeof Actor.Encoded, partition: string) => Desk
  /** Opens the operator's partition: the host's own act when it is set up, harmless at every start. */
  readonly registerOperator: (
    registration: typeof OperatorRegistration.Encoded,
    options?: CallOptions,
  ) => Promise<Operator>
  /**
   * One pass over what is due in every partition, retention included: for a cron job, a minute apart. Rejects with
   * `ClockSkew` when the host's and the store's clocks disagree, and erases nothing then.
   */
  readonly sweep: (options?: CallOptions) => Promise<SweepReport>
  /**
   * Delivers messages of the outbox until the signal is aborted, and resolves then: at least once each, in any number
   * of processes, which all have the same topics. A message whose topic has no subscriber is kept.
   */
  readonly work: (
    wanted: {
      readonly topics: Subscriptions
      /** Topics whose messages nobody wants: they leave the outbox undelivered. */
      readonly unwanted?: ReadonlyArray<TopicName>
    } & Pick<WorkOptions, "concurrency" | "pollMillis">,
    options?: CallOptions,
  ) => Promise<void>
  /** Runs an Effect that needs the engine, for what has no Promise form. */
  readonly run: <A, E>(effect: Effect.Effect<A, E, Engine>, options?: CallOptions) => Promise<A>
  /** Releases the store's connections. Calls made afterwards reject. */
  readonly close: () => Promise<void>
}

/**
 * Opens the engine over its ports. Rejects when the store cannot be made ready, or the key ring is not fit for use.
 *
 * @param ports a store's driver, a key ring, an erasure ledger and the channels: `memoryHost` of
 * `@oto-fulfilment/core/memory`, or a driver of your own with `memoryPorts` beside it, for a start
 */
export const openCore = async <E>(ports: Layer.Layer<Ports, E>): Promise<PromiseCore> => {
  const runtime = ManagedRuntime.make(Core.layer.pipe(Layer.provide(ports)))
  const core = await runtime.runPromise(Core)

  const settle = async <A, E>(
    effect: Effect.Effect<A, E, Engine>,
    { signal }: CallOptions = {},
  ): Promise<Outcome<A, E>> => {
    signal?.throwIfAborted()
    // The layer was built above, so of the runtime's own failures none is left.
    const exit = (await runtime.runPromiseExit(effect, signal && { signal })) as Exit.Exit<A, E>
    if (Exit.isSuccess(exit)) return { ok: true, value: exit.value }
    const failure = Cause.findErrorOption(exit.cause)
    if (Option.isSome(failure)) return { ok: false, error: failure.value }
    if (Cause.hasInterruptsOnly(exit.cause)) signal?.throwIfAborted()
    throw Cause.squash(exit.cause)
  }
  const run = async <A, E>(
    effect: Effect.Effect<A, E, Engine>,
    options?: CallOptions,
  ): Promise<A> => {
    const outcome = await settle(effect, options)
    if (outcome.ok) return outcome.value
    throw outcome.error
  }

  return {
    desk: (actor, partition) => {
      const enter = enterPartition(readActor(actor), partition)
      const form = <F>(call: (work: Work, options?: CallOptions) => F) =>
        Object.fromEntries(
          Object.entries(core as unknown as AnyBound).map(([name, operation]) => [
            name,
            (input: never, options?: CallOptions) => call(enter(operation(input)), options),
          ]),
        )
      return { ...form(run), settled: form(settle) } as unknown as Desk
    },
    registerOperator: (registration, options) => run(registerOperator(registration), options),
    sweep: (options) => run(sweep(), options),
    work: async ({ topics: subscriptions, unwanted = [], ...options }, { signal } = {}) => {
      const working = worker(handlersOf(subscriptions), {
        ...options,
        unwanted: unwanted.map((name) => topics[name]),
      })
      const exit = await runtime.runPromiseExit(working, signal && { signal })
      if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause))
        throw Cause.squash(exit.cause)
    },
    run,
    close: () => runtime.dispose(),
  }
}

const handlersOf = (subscriptions: Subscriptions): ReadonlyArray<JobHandler<CurrentPartition>> =>
  Object.entries(subscriptions).flatMap(([name, subscribed]) => {
    const kind = topics[name as TopicName] as unknown as Topic<unknown>
    const each = typeof subscribed === "function" ? { main: subscribed } : subscribed
    return Object.entries(each as { readonly [subscriber: string]: AnySubscriber }).map(
      ([subscriber, deliver]) =>
        onMessage(kind, (body, facts) => Effect.as(promised(deliver, body, facts), []), {
          subscriber,
        }),
    )
  })

type AnySubscriber = (body: unknown, message: MessageFacts) => Promise<unknown>

const promised = (
  deliver: AnySubscriber,
  body: unknown,
  { messageId, partition, attempts, createdAt }: MessageAtWork,
) =>
  // @effect-diagnostics-next-line unknownInEffectCatch:off
  Effect.tryPromise({
    try: (signal) => deliver(body, { messageId, partition, attempts, createdAt, signal }),
    catch: (error) => error,
  })

type Work = Effect.Effect<unknown, unknown, Engine>
type AnyBound = {
  readonly [name: string]: (
    input: never,
  ) => Effect.Effect<unknown, unknown, CurrentPartition | CurrentActor>
}

const decodeActor = Schema.decodeUnknownExit(Actor)

const readActor = (actor: typeof Actor.Encoded): Actor => {
  const decoded = decodeActor(actor)
  if (Exit.isSuccess(decoded)) return decoded.value
  const error = Option.getOrThrow(Cause.findErrorOption(decoded.cause))
  throw invalidInput("desk", error)
}
