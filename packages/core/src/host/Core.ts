import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CurrentActor } from "../access/index.ts"
import { Ids } from "../kernel/index.ts"
import {
  type AnyCollection,
  type CurrentPartition,
  type Driver,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { collections } from "./collections.ts"
import { type OperationName, type Operations, operations } from "./operations.ts"

/** An operation with its services in place: what is left to give is the partition and the actor. */
export type Bound<Operation> = Operation extends (
  input: infer Input,
) => Effect.Effect<infer Answer, infer Refusal, infer _Services>
  ? (input: Input) => Effect.Effect<Answer, Refusal, CurrentPartition | CurrentActor>
  : never

/** Every operation by name. */
export type BoundOperations = { readonly [Name in OperationName]: Bound<Operations[Name]> }

/**
 * Everything that the engine does, as one service. Each operation still asks for the partition and the actor:
 * `enterPartition(actor, merchant)` gives both, once the actor's grants were checked.
 */
export class Core extends Context.Service<Core, BoundOperations>()("@oto-fulfilment/core/Core") {
  /**
   * The one layer that a host composes: over a store's driver it gives `Core`, `Store` and `Ids`. `more` are
   * record types of the host's own, made ready beside the engine's.
   */
  static readonly layerWith = (
    more: ReadonlyArray<AnyCollection>,
  ): Layer.Layer<Core | Store | Ids, StoreUnavailable, Driver> =>
    Layer.effect(
      Core,
      Effect.map(Effect.context<Store | Ids>(), (context) => bindAll(context)),
    ).pipe(Layer.provideMerge(Layer.mergeAll(Store.layer([...collections, ...more]), Ids.layer)))

  /** The layer of a host without record types of its own. */
  static readonly layer: Layer.Layer<Core | Store | Ids, StoreUnavailable, Driver> = Core.layerWith(
    [],
  )
}

type AnyOperation = (
  input: never,
) => Effect.Effect<unknown, unknown, Store | Ids | CurrentPartition | CurrentActor>

const bindAll = (context: Context.Context<Store | Ids>): BoundOperations => {
  const bound = Object.entries(operations as { readonly [name: string]: AnyOperation }).map(
    ([name, operation]) => [
      name,
      (input: never) => Effect.provideContext(operation(input), context),
    ],
  )
  return Object.fromEntries(bound) as BoundOperations
}
