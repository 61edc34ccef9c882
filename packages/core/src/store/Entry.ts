import type { AnyCollection, Collection, CollectionShape, CounterField } from "./Collection.ts"
import type { PartitionId } from "./CurrentPartition.ts"

/** A record as it was read: its value, and the version that `replace`, `remove` and `check` hold it to. */
export interface Stored<A> {
  readonly collection: Collection<A, CollectionShape["indexes"]>
  readonly partition: PartitionId
  readonly id: string
  readonly version: number
  /** The format that it is stored in. `replace` writes the newest. */
  readonly format: number
  readonly value: A
}

/** One step of a batch. Batches are data: no effect hides in one, nothing re-runs. */
export type Entry =
  | { readonly kind: "insert"; readonly collection: AnyCollection; readonly value: unknown }
  | { readonly kind: "replace"; readonly stored: Stored<unknown>; readonly value: unknown }
  | { readonly kind: "remove"; readonly stored: Stored<unknown> }
  | { readonly kind: "check"; readonly stored: Stored<unknown> }
  | {
      readonly kind: "add"
      readonly collection: AnyCollection
      readonly id: string
      readonly deltas: { readonly [counter: string]: number }
      readonly floors: { readonly [counter: string]: number }
    }

/** Writes a new record. Refused as `Duplicate` when its id or a unique index is taken. */
export const insert = <A, I extends CollectionShape["indexes"]>(
  collection: Collection<A, I>,
  value: NoInfer<A>,
): Entry => ({ kind: "insert", collection, value })

/** Writes a record anew. Refused as `Conflict` when it moved since it was read. The id cannot change. */
export const replace = <A>(stored: Stored<A>, value: NoInfer<A>): Entry => ({
  kind: "replace",
  stored: stored as Stored<unknown>,
  value,
})

/** Removes a record. Refused as `Conflict` when it moved since it was read. */
export const remove = <A>(stored: Stored<A>): Entry => ({
  kind: "remove",
  stored: stored as Stored<unknown>,
})

/** Writes nothing, but refuses the batch as `Conflict` when the record moved: what was read still holds at commit. */
export const check = <A>(stored: Stored<A>): Entry => ({
  kind: "check",
  stored: stored as Stored<unknown>,
})

/**
 * Adds to counters of a record without reading it, in any interleaving. Refused as `Insufficient` when a
 * counter in `floors` would end below its floor, or when there is no such record. Several `add`s to one record
 * in a batch count as one.
 *
 * @param deltas what to add to each counter, negative to take away
 * @param floors the least value that a counter may have afterwards; counters not named have none
 */
export const add = <A, I extends CollectionShape["indexes"]>(
  collection: Collection<A, I>,
  id: string,
  deltas: { readonly [K in CounterField<NoInfer<A>>]?: number },
  floors: { readonly [K in CounterField<NoInfer<A>>]?: number } = {},
): Entry => ({
  kind: "add",
  collection,
  id,
  deltas: deltas as { readonly [counter: string]: number },
  floors: floors as { readonly [counter: string]: number },
})
