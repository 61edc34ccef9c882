import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ErasureRecorded, type JobHandler, onMessage } from "../integration/index.ts"
import { SalesChannels } from "../order/index.ts"
import {
  type Place,
  type PlaceDeclaration,
  type PlaceUnregistered,
  PurgeRegistry,
} from "../privacy/index.ts"
import type { AnyCollection, CurrentPartition, Store } from "../store/index.ts"
import { corePlaceNames, corePlaces } from "./corePlaces.ts"

/** What the engine and its channels say that they may hold. */
const declared: Effect.Effect<ReadonlyArray<PlaceDeclaration>, never, SalesChannels> = Effect.map(
  SalesChannels,
  ({ all }) => [
    { by: "core", holds: corePlaceNames },
    ...all.map(({ kind, holds }) => ({ by: kind, holds })),
  ],
)

/**
 * The check of a composition: fails with `PlaceUnregistered`, which names them, where the engine or a channel may hold
 * something in a place that is not registered.
 *
 * @param more what other adapters of the host may hold
 */
export const checkPlaces = (
  more: ReadonlyArray<PlaceDeclaration> = [],
): Effect.Effect<void, PlaceUnregistered, PurgeRegistry | SalesChannels> =>
  Effect.flatMap(declared, (own) => PurgeRegistry.check([...own, ...more]))

/**
 * The registry of a composition: the engine's own places and those of its adapters, checked.
 *
 * @param places those of the adapters
 * @param options.records record types of the host's own that hold nothing of a buyer
 * @param options.declarations what adapters other than channels say that they may hold
 */
export const registerPlaces = (
  places: ReadonlyArray<Place>,
  options: {
    readonly records?: ReadonlyArray<AnyCollection>
    readonly declarations?: ReadonlyArray<PlaceDeclaration>
  } = {},
): Layer.Layer<PurgeRegistry, PlaceUnregistered, Store | SalesChannels> =>
  Layer.unwrap(
    Effect.map(corePlaces(options.records), (own) => PurgeRegistry.from([...own, ...places])),
  ).pipe(Layer.tap((built) => Effect.provideContext(checkPlaces(options.declarations), built)))

/**
 * The worker's subscriber that takes what the places hold of an order away after its buyer was erased, or the order
 * itself. What was sealed with the order's key is unreadable before that already; this is what frees
 * the space, and is tried again until every place has answered.
 */
export const purgeErased: JobHandler<PurgeRegistry | CurrentPartition> = onMessage(
  ErasureRecorded,
  ({ erasures }) =>
    Effect.gen(function* () {
      const registry = yield* PurgeRegistry
      for (const { kind, id } of erasures)
        if (kind === "buyer" || kind === "order") yield* registry.purge(id)
      return []
    }),
  { subscriber: "places" },
)
