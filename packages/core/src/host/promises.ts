import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Actor, type CurrentActor, enterPartition, type NotFound } from "../access/index.ts"
import { invalidInput } from "../command/index.ts"
import type { Ids } from "../kernel/index.ts"
import { type Operator, type OperatorRegistration, registerOperator } from "../party/index.ts"
import type { CurrentPartition, Driver, Store, StoreUnavailable } from "../store/index.ts"
import { type BoundOperations, Core } from "./Core.ts"
import type { OperationName } from "./operations.ts"
import { type SweepReport, sweep } from "./sweep.ts"

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
  /** One pass over what is due in every partition: for a cron job, a minute apart. */
  readonly sweep: (options?: CallOptions) => Promise<SweepReport>
  /** Runs an Effect that needs the engine, for what has no Promise form. */
  readonly run: <A, E>(
    effect: Effect.Effect<A, E, Core | Store | Ids>,
    options?: CallOptions,
  ) => Promise<A>
  /** Releases the store's connections. Calls made afterwards reject. */
  readonly close: () => Promise<void>
}

/**
 * Opens the engine over a store's driver. Rejects when the store cannot be made ready.
 *
 * @param driver a driver layer: `storeDriver` of `@oto-fulfilment/core/memory`, or another store's
 */
export const openCore = async <E>(driver: Layer.Layer<Driver, E>): Promise<PromiseCore> => {
  const runtime = ManagedRuntime.make(Core.layer.pipe(Layer.provide(driver)))
  const core = await runtime.runPromise(Core)

  const settle = async <A, E>(
    effect: Effect.Effect<A, E, Core | Store | Ids>,
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
    effect: Effect.Effect<A, E, Core | Store | Ids>,
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
    run,
    close: () => runtime.dispose(),
  }
}

type Work = Effect.Effect<unknown, unknown, Core | Store | Ids>
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
