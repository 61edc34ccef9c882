import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { PiiField } from "../kernel/index.ts"
import type { CurrentPartition } from "../store/index.ts"

/**
 * The kinds of places in which personal data may come to lie: a closed list (rules 8). `records` are the engine's other
 * records, `read_models` search indexes and projections that are made from them.
 */
export const PlaceName = Schema.Literals([
  "order_pii",
  "blind_index",
  "merchant_keys",
  "documents",
  "customs_data",
  "renderings",
  "courier_journal",
  "tracking",
  "channel_inbox",
  "channel_tokens",
  "outbox",
  "jobs",
  "dead_letters",
  "receipts",
  "read_models",
  "records",
  "sessions",
  "notes",
  "reports",
  "email_queue",
  "audit_log",
  "telemetry",
  "change_streams",
  "backups",
  "process_memory",
  "outside_copies",
])
export type PlaceName = typeof PlaceName.Type

/** A place does not answer, or not now. `retryable` tells whether asking again may help by itself. */
export class PlaceUnavailable extends Schema.TaggedError<PlaceUnavailable>()("PlaceUnavailable", {
  place: PlaceName,
  operation: Schema.Literals(["purge", "scan"]),
  retryable: Schema.Boolean,
}) {
  override get message() {
    return `the place ${this.place} could not ${this.operation}`
  }
}

/** What a place holds of buyers. What is personal is sealed: with the key of its order, or hashed with an index key. */
type PlaceContent =
  | {
      readonly holds: readonly [PiiField, ...ReadonlyArray<PiiField>]
      readonly sealedWith: "order_key" | "index_key"
    }
  | { readonly holds: readonly []; readonly sealedWith: "nothing" }

/** One thing that a place holds: what to call it, and its content as it lies there. */
export interface PlaceItem {
  readonly id: string
  readonly content: string | Uint8Array
}

/**
 * A place that may hold something of a buyer, or must not and can be asked.
 *
 * Laws: after `purge` of an order `scan` shows nothing of it, sealed or not; purging again changes nothing, and other
 * orders lose nothing. `scan` shows all that there is, in bounded memory.
 */
export type Place = PlaceContent & {
  readonly name: PlaceName
  /** Takes away what there is of an order of the current partition. */
  readonly purge: (order: string) => Effect.Effect<void, PlaceUnavailable, CurrentPartition>
  /** All that there is of the current partition, for the search that finds nothing (I2). */
  readonly scan: Stream.Stream<PlaceItem, PlaceUnavailable, CurrentPartition>
}

/** Who may hold what: what a port says of itself, for the check of a composition. */
export interface PlaceDeclaration {
  /** Who says so: `core`, or an adapter's name. */
  readonly by: string
  readonly holds: ReadonlyArray<PlaceName>
}

/** A composition holds data in a place that nobody registered, so nothing would be taken away from there (rules 8). */
export class PlaceUnregistered extends Schema.TaggedError<PlaceUnregistered>()(
  "PlaceUnregistered",
  { places: Schema.Array(Schema.Struct({ place: PlaceName, by: Schema.String })) },
) {
  override get message() {
    const named = this.places.map(({ place, by }) => `${place} (of ${by})`)
    return `no place is registered for ${named.join(", ")}`
  }
}

/** Every place of a composition: where a buyer's data is taken away from, and where a search looks for it. */
export class PurgeRegistry extends Context.Service<
  PurgeRegistry,
  {
    readonly places: ReadonlyArray<Place>
    /**
     * Takes away what the places hold of an order of the current partition: after its sealed record, the only key to
     * all of it, is gone. Every place is asked, also where one does not answer; then it fails, and is to be asked again.
     */
    readonly purge: (order: string) => Effect.Effect<void, PlaceUnavailable, CurrentPartition>
    /** What the places hold of the current partition. */
    readonly scan: Stream.Stream<
      PlaceItem & { readonly place: PlaceName },
      PlaceUnavailable,
      CurrentPartition
    >
  }
>()("@oto-fulfilment/core/PurgeRegistry") {
  /** A registry of these places. Several may have one name: two couriers keep two journals. */
  static readonly from = (places: ReadonlyArray<Place>): Layer.Layer<PurgeRegistry> =>
    Layer.succeed(PurgeRegistry, {
      places,
      purge: (order) =>
        Effect.forEach(places, (place) => Effect.result(place.purge(order))).pipe(
          Effect.flatMap((outcomes) =>
            Effect.forEach(outcomes, Effect.fromResult, { discard: true }),
          ),
          Effect.withSpan("PurgeRegistry.purge"),
        ),
      scan: Stream.fromIterable(places).pipe(
        Stream.flatMap(({ name: place, scan }) => Stream.map(scan, (item) => ({ ...item, place }))),
      ),
    })

  /** Fails with `PlaceUnregistered` unless a place is registered for everything that is declared. */
  static readonly check = (
    declarations: ReadonlyArray<PlaceDeclaration>,
  ): Effect.Effect<void, PlaceUnregistered, PurgeRegistry> =>
    Effect.flatMap(PurgeRegistry, ({ places }) => {
      const registered = new Set(places.map(({ name }) => name))
      const missing = declarations.flatMap(({ by, holds }) =>
        holds.filter((place) => !registered.has(place)).map((place) => ({ place, by })),
      )
      return missing.length === 0
        ? Effect.void
        : Effect.fail(new PlaceUnregistered({ places: missing }))
    })
}
