import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { AuditChains, AuditDigests, AuditLog, SecurityReviews } from "../audit/index.ts"
import { type Job, Jobs, Outbox, Receipts } from "../integration/index.ts"
import {
  MerchantKeys,
  type OrderPii,
  OrderPiis,
  type Place,
  type PlaceItem,
  type PlaceName,
  PlaceUnavailable,
} from "../privacy/index.ts"
import {
  type AnyCollection,
  type CurrentPartition,
  remove,
  Store,
  type Stored,
} from "../store/index.ts"
import { collections } from "./collections.ts"

/** The collections of places that have one to themselves; all others are the place `records`. */
const OWN_PLACE: ReadonlyArray<AnyCollection> = [
  OrderPiis,
  MerchantKeys,
  Outbox,
  Jobs,
  Receipts,
  AuditLog,
  AuditDigests,
  AuditChains,
  SecurityReviews,
]

/** The places of the engine itself: a composition that lacks one of them does not start. */
export const corePlaceNames: ReadonlyArray<PlaceName> = [
  "order_pii",
  "blind_index",
  "merchant_keys",
  "outbox",
  "jobs",
  "dead_letters",
  "receipts",
  "audit_log",
  "records",
]

/**
 * The places of the engine itself, over its store: the sealed buyer data with what it is found by, and everything else,
 * which must hold none. With it every collection of the engine lies in a place; a host's own are the host's to register.
 *
 * @param more record types of the host's own that hold nothing of a buyer; they join the place `records`
 */
export const corePlaces = (
  more: ReadonlyArray<AnyCollection> = [],
): Effect.Effect<ReadonlyArray<Place>, never, Store> =>
  Effect.map(Store, (store): ReadonlyArray<Place> => {
    const empty = (name: PlaceName, kept: ReadonlyArray<AnyCollection>, filter = everything) =>
      ({
        name,
        holds: [],
        sealedWith: "nothing",
        // Nothing of a buyer comes in, so there is nothing to take away: `scan` lets a search see that it is so.
        purge: () => Effect.void,
        scan: Stream.fromIterable(kept).pipe(
          Stream.flatMap((collection) => recordsOf(store, name, collection, filter)),
        ),
      }) satisfies Place
    const purge = (place: PlaceName) => (order: string) => removeSealed(store, place, order)

    return [
      {
        name: "order_pii",
        holds: ["name", "address", "phone", "email", "other"],
        sealedWith: "order_key",
        purge: purge("order_pii"),
        scan: recordsOf(store, "order_pii", OrderPiis, everything),
      },
      {
        name: "blind_index",
        holds: ["email", "phone"],
        sealedWith: "index_key",
        // The hashes lie in the sealed record: they go with it.
        purge: purge("blind_index"),
        scan: recordsOf(store, "blind_index", OrderPiis, everything).pipe(
          Stream.map(({ id, content }) => ({ id, content: indexesOnly(String(content)) })),
        ),
      },
      empty("merchant_keys", [MerchantKeys]),
      empty("outbox", [Outbox]),
      empty("jobs", [Jobs], ({ value }) => !isDead(value)),
      empty("dead_letters", [Jobs], ({ value }) => isDead(value)),
      empty("receipts", [Receipts]),
      empty("audit_log", [AuditLog, AuditDigests, AuditChains, SecurityReviews]),
      empty(
        "records",
        [...collections, ...more].filter((each) => !OWN_PLACE.includes(each)),
      ),
    ]
  })

// biome-ignore lint/suspicious/noExplicitAny: records of any collection
type AnyRecord = Stored<any>

const everything = (_: AnyRecord): boolean => true
const isDead = ({ state }: Job): boolean => state._tag === "Dead"

const indexesOnly = (content: string): string => {
  const { emailIndex, phoneIndex } = JSON.parse(content) as OrderPii
  return JSON.stringify({ emailIndex, phoneIndex })
}

const unavailable = (place: PlaceName, operation: "purge" | "scan") => () =>
  new PlaceUnavailable({ place, operation, retryable: true })

const recordsOf = (
  store: Store["Service"],
  place: PlaceName,
  collection: AnyCollection,
  filter: (stored: AnyRecord) => boolean,
): Stream.Stream<PlaceItem, PlaceUnavailable, CurrentPartition> =>
  store.scan(collection).pipe(
    Stream.mapError(unavailable(place, "scan")),
    Stream.filter(filter),
    Stream.map(({ id, value }) => ({
      id: `${collection.name}/${id}`,
      content: JSON.stringify(Result.getOrThrow(collection.encode(value))),
    })),
  )

const removeSealed = (
  store: Store["Service"],
  place: PlaceName,
  order: string,
): Effect.Effect<void, PlaceUnavailable, CurrentPartition> =>
  Effect.gen(function* () {
    const sealed = yield* store.get(OrderPiis, order)
    if (Option.isSome(sealed)) yield* store.commit([remove(sealed.value)])
  }).pipe(
    Effect.catchTags({
      // Somebody changed or removed it at the same moment: look again.
      Conflict: () => Effect.suspend(() => removeSealed(store, place, order)),
      StoreUnavailable: () => Effect.fail(unavailable(place, "purge")()),
      Duplicate: Effect.die,
      Insufficient: Effect.die,
      TooLarge: Effect.die,
    }),
  )
