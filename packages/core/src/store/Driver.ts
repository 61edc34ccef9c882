import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { CollectionShape } from "./Collection.ts"
import type { PartitionId } from "./CurrentPartition.ts"
import type { CommitRefused, StoreUnavailable } from "./storeErrors.ts"

/** A record as a driver keeps it: its encoded body is JSON, its version counts its writes from 1. */
export interface RawRecord {
  readonly id: string
  readonly version: number
  readonly body: { readonly [field: string]: unknown }
}

/**
 * A value that an index orders. A field of an index holds values of one type in all records: `false` before `true`,
 * numbers by value, strings character by character, by their codes. That is the order of JavaScript's `<` for all
 * characters up to U+FFFF. Where a string has one beyond U+FFFF (an emoji) at the place at which the other one has one
 * of U+E000 to U+FFFF, an engine may order either first, by code unit or by code point, but always the same one: for
 * indexes, ranges, cursors and ids alike.
 */
export type IndexValue = string | number | boolean

/** The lower and upper ends of a range over one index field. */
export interface Range<V = IndexValue> {
  readonly gte?: V
  readonly gt?: V
  readonly lte?: V
  readonly lt?: V
}

/** A query that the store has checked: `equals` are the index's first fields, in order. */
export interface RawQuery {
  readonly index: string
  readonly equals: ReadonlyArray<IndexValue>
  readonly range: Range | undefined
  readonly descending: boolean
  /** The last record of the page before: its index values and its id. */
  readonly after: { readonly values: ReadonlyArray<IndexValue>; readonly id: string } | undefined
  readonly limit: number
}

/**
 * One step of a batch, encoded. `floors` names the counters that may not fall below a number. A counter that a record
 * does not have counts from 0. All text is well-formed Unicode.
 */
export type RawEntry =
  | {
      readonly kind: "insert"
      readonly collection: CollectionShape
      readonly id: string
      readonly body: RawRecord["body"]
    }
  | {
      readonly kind: "replace"
      readonly collection: CollectionShape
      readonly id: string
      readonly version: number
      readonly body: RawRecord["body"]
    }
  | {
      readonly kind: "remove"
      readonly collection: CollectionShape
      readonly id: string
      readonly version: number
    }
  | {
      readonly kind: "check"
      readonly collection: CollectionShape
      readonly id: string
      readonly version: number
    }
  | {
      readonly kind: "add"
      readonly collection: CollectionShape
      readonly id: string
      readonly deltas: Counters
      readonly floors: Counters
    }

export interface Counters {
  readonly [counter: string]: number
}

/** A record that is due, without its content. */
export interface DueRecord {
  readonly partition: PartitionId
  readonly id: string
  readonly at: number
}

/**
 * What a storage engine supplies: seven functions. `Store.make` adds schemas, versions, partitions and limits.
 *
 * Law: `storeContract` in `core/testing` runs one clause for each promise below on every driver. An engine that
 * cannot commit a batch atomically must not be wrapped: there is no degraded mode.
 */
export class Driver extends Context.Service<
  Driver,
  {
    /** Names the engine and its version, for readiness reports. */
    readonly name: string
    /**
     * The engine's own time in milliseconds. What deletes for good compares it with the host's (T6), so it must not be
     * the host's clock again, unless the engine lives in this process.
     */
    readonly clock: Effect.Effect<number, StoreUnavailable>
    /** Makes collections and indexes ready. Idempotent, safe beside running hosts. */
    readonly prepare: (
      collections: ReadonlyArray<CollectionShape>,
    ) => Effect.Effect<void, StoreUnavailable>
    /** The record, or undefined: also when it lies in another partition. */
    readonly get: (
      collection: CollectionShape,
      partition: PartitionId,
      id: string,
    ) => Effect.Effect<RawRecord | undefined, StoreUnavailable>
    /**
     * Those of the records that are there, in any order, each as `get` would show it at some moment of the call.
     * `ids` are distinct and at most 1,000.
     */
    readonly getMany: (
      collection: CollectionShape,
      partition: PartitionId,
      ids: ReadonlyArray<string>,
    ) => Effect.Effect<ReadonlyArray<RawRecord>, StoreUnavailable>
    /** At most `limit` records of the partition in index order, ties by id, strictly behind `after`. */
    readonly find: (
      collection: CollectionShape,
      partition: PartitionId,
      query: RawQuery,
    ) => Effect.Effect<ReadonlyArray<RawRecord>, StoreUnavailable>
    /** All entries or none. Of several reasons to refuse, inserts are judged first and counters last. */
    readonly commit: (
      partition: PartitionId,
      entries: ReadonlyArray<RawEntry>,
    ) => Effect.Effect<void, CommitRefused | StoreUnavailable>
    /** At most `limit` records of all partitions whose due field is <= `until`, by (due, partition, id), behind `after`. */
    readonly due: (
      collection: CollectionShape,
      query: {
        readonly index: string
        readonly until: number
        readonly after: DueRecord | undefined
        readonly limit: number
      },
    ) => Effect.Effect<ReadonlyArray<DueRecord>, StoreUnavailable>
    /** At most `limit` records of the partition by id, strictly behind `after`. */
    readonly scan: (
      collection: CollectionShape,
      partition: PartitionId,
      after: string | undefined,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<RawRecord>, StoreUnavailable>
  }
>()("@oto-fulfilment/core/Driver") {}
