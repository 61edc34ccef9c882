import * as Schema from "effect/Schema"

/** A record with this id, or with these values of a unique index, is there already. Nothing was written. */
export class Duplicate extends Schema.TaggedError<Duplicate>()("Duplicate", {
  collection: Schema.String,
  /** The index that refused: its declared name, or `id`. */
  index: Schema.String,
  id: Schema.String,
}) {
  override get message() {
    return `${this.collection}: ${this.id} is already taken (index ${this.index})`
  }
}

/** A record moved since it was read, or is gone. Nothing was written: read again and decide again. */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", {
  collection: Schema.String,
  id: Schema.String,
}) {
  override get message() {
    return `${this.collection}: ${this.id} changed since it was read; read it again`
  }
}

/** A counter would have passed its floor, or its record does not exist and so holds nothing. Nothing was written. */
export class Insufficient extends Schema.TaggedError<Insufficient>()("Insufficient", {
  collection: Schema.String,
  id: Schema.String,
}) {
  override get message() {
    return `${this.collection}: ${this.id} holds too little`
  }
}

/** A cursor that this query did not give. Start again without one. */
export class InvalidCursor extends Schema.TaggedError<InvalidCursor>()("InvalidCursor", {
  collection: Schema.String,
  index: Schema.String,
}) {}

/** A batch or a record above the store's limit (entries, bytes). Nothing was written. */
export class TooLarge extends Schema.TaggedError<TooLarge>()("TooLarge", {
  what: Schema.Literals(["batch", "record", "id"]),
  collection: Schema.String,
  size: Schema.Int,
  limit: Schema.Int,
}) {
  override get message() {
    return `a ${this.what} of ${this.size} passes the limit of ${this.limit} (${this.collection})`
  }
}

/** The store did not answer, or the outcome of a write is unknown. Safe to retry under the same idempotency key. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  operation: Schema.String,
  reason: Schema.String,
}) {}

/** Why a batch was refused. */
export type CommitRefused = Duplicate | Conflict | Insufficient
