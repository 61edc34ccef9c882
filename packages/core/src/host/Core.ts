import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { CurrentActor } from "../access/index.ts"
import { Ids } from "../kernel/index.ts"
import { SalesChannels } from "../order/index.ts"
import {
  ErasureLedger,
  KeyRing,
  type KeyRingUnavailable,
  type Place,
  type PlaceUnregistered,
  type PurgeRegistry,
  Vault,
} from "../privacy/index.ts"
import {
  type AnyCollection,
  type CurrentPartition,
  type Driver,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { collections, HostRecords } from "./collections.ts"
import { type OperationName, type Operations, operations } from "./operations.ts"
import { registerPlaces } from "./registerPlaces.ts"
import { replayErasures } from "./replayErasures.ts"

/** An operation with its services in place: what is left to give is the partition and the actor. */
export type Bound<Operation> = Operation extends (
  input: infer Input,
) => Effect.Effect<infer Answer, infer Refusal, infer _Services>
  ? (input: Input) => Effect.Effect<Answer, Refusal, CurrentPartition | CurrentActor>
  : never

/** Every operation by name. */
export type BoundOperations = { readonly [Name in OperationName]: Bound<Operations[Name]> }

/** What a host composes the engine from: a store, the keys, a ledger beside the store, and its channels. */
export type Ports = Driver | KeyRing | ErasureLedger | SalesChannels

/** What the engine's effects may ask for, once it is composed. */
export type Engine =
  | Core
  | Store
  | Ids
  | Vault
  | KeyRing
  | ErasureLedger
  | SalesChannels
  | PurgeRegistry

/** A key is not as it must be: without rotation, disabled, about to be deleted (R31, R34). The engine does not start. */
export class KeyRingFaulty extends Schema.TaggedError<KeyRingFaulty>()("KeyRingFaulty", {
  ring: Schema.String,
  faults: Schema.Array(Schema.String),
}) {
  override get message() {
    return `the key ring ${this.ring} is not fit for use: ${this.faults.join("; ")}`
  }
}

/** Why the engine does not start. */
export type BootError = StoreUnavailable | KeyRingUnavailable | KeyRingFaulty | PlaceUnregistered

/**
 * Everything that the engine does, as one service. Each operation still asks for the partition and the actor:
 * `enterPartition(actor, merchant)` gives both, once the actor's grants were checked.
 */
export class Core extends Context.Service<Core, BoundOperations>()("@oto-fulfilment/core/Core") {
  /**
   * The one layer that a host composes: over its ports it gives `Core` and what the host's own effects may need.
   * Before it serves anybody it asks the key ring whether all is well, and forgets again what a restored backup brought
   * back (I9). It does not start where a channel may hold personal data in a place that is not registered.
   *
   * @param more record types of the host's own, made ready beside the engine's, that hold nothing of a buyer
   * @param places where the host's adapters may hold personal data (rules 8)
   */
  static readonly layerWith = (
    more: ReadonlyArray<AnyCollection>,
    places: ReadonlyArray<Place> = [],
  ): Layer.Layer<Engine, BootError, Ports> =>
    Layer.suspend(() =>
      Layer.effect(Core, Effect.provideService(boot, HostRecords, more)).pipe(
        Layer.provideMerge(Layer.mergeAll(Vault.layer, registerPlaces(places, { records: more }))),
        Layer.provideMerge(
          Layer.mergeAll(Store.layer([...collections, ...more]), Ids.layer, PORTS),
        ),
      ),
    )

  /** The layer of a host without record types of its own. */
  static readonly layer: Layer.Layer<Engine, BootError, Ports> = Core.layerWith([])
}

/** The ports that the engine's own effects go on to need, handed through. */
const PORTS = Layer.mergeAll(
  Layer.effect(KeyRing, KeyRing),
  Layer.effect(ErasureLedger, ErasureLedger),
  Layer.effect(SalesChannels, SalesChannels),
)

type Services = Exclude<Engine, Core | PurgeRegistry>

const boot = Effect.gen(function* () {
  const { name: ring, faults } = yield* (yield* KeyRing).health
  if (faults.length > 0) return yield* new KeyRingFaulty({ ring, faults: [...faults] })
  const { erasedAgain } = yield* replayErasures()
  if (erasedAgain > 0)
    yield* Effect.logWarning("a restored backup held what was erased; it is erased again", {
      erasedAgain,
    })
  // The services and nothing else: a partition that the layer was built in must not come along.
  const services = Context.pick(Store, Ids, Vault, KeyRing, ErasureLedger, SalesChannels)
  const context = services(yield* Effect.context<Services>())
  return bindAll(Context.add(context, HostRecords, yield* HostRecords))
})

type AnyOperation = (
  input: never,
) => Effect.Effect<unknown, unknown, Services | CurrentPartition | CurrentActor>

const bindAll = (context: Context.Context<Services>): BoundOperations => {
  const bound = Object.entries(operations as { readonly [name: string]: AnyOperation }).map(
    ([name, operation]) => [
      name,
      (input: never) => Effect.provideContext(operation(input), context),
    ],
  )
  return Object.fromEntries(bound) as BoundOperations
}
