import * as Base64Url from "effect/encoding/Base64Url"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { CollectionShape } from "./Collection.ts"
import type { PartitionId } from "./CurrentPartition.ts"
import type { IndexValue, Range, RawQuery, RawRecord } from "./Driver.ts"
import type { Stored } from "./Entry.ts"
import { InvalidCursor } from "./storeErrors.ts"

/** The place behind the last record of a page. Opaque, and good for the same query in the same partition only. */
export const Cursor = Schema.String.pipe(Schema.brand("Cursor"))
export type Cursor = typeof Cursor.Type

/** One page of a query in its total order. `next` is there while more may follow. */
export interface Page<A> {
  readonly items: ReadonlyArray<Stored<A>>
  readonly next: Cursor | undefined
}

/** The first fields of an index with their values: none, the first, the first two, … */
export type EqualsOf<A, F extends ReadonlyArray<string>> = F extends readonly [
  ...infer Init extends ReadonlyArray<string>,
  infer Last extends string,
]
  ?
      | { readonly [K in F[number] & keyof A]: NonNullable<A[K]> }
      | (EqualsOf<A, Init> & { readonly [K in Last]?: never })
  : unknown

/** What `find` is asked. */
export interface Query<A, F extends ReadonlyArray<string>> {
  /** Values of the index's first fields; the rest orders the answer. Without it: the whole index. */
  readonly equals?: EqualsOf<A, F>
  /** A range over the first field that `equals` leaves open. */
  readonly range?: Range
  readonly order?: "ascending" | "descending"
  /** `next` of the page before. */
  readonly after?: Cursor | undefined
  /** Records a page, 1 to 1,000; 100 when left out. */
  readonly limit?: number
}

export const MAX_PAGE = 1000

interface Position {
  readonly values: ReadonlyArray<IndexValue>
  readonly id: string
}

const CursorContent = Schema.fromJsonString(
  Schema.Tuple([
    Schema.String,
    Schema.Array(Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
    Schema.String,
  ]),
)
const readContent = Schema.decodeUnknownResult(CursorContent)

/** Checks a query against its index and turns it into the form that drivers take. */
export const toRawQuery = (
  collection: CollectionShape,
  index: string,
  partition: PartitionId,
  query: Query<unknown, ReadonlyArray<string>>,
): Result.Result<RawQuery, InvalidCursor> => {
  const fields = fieldsOf(collection, index)
  const given = (query.equals ?? {}) as { readonly [field: string]: IndexValue | undefined }
  const equals: Array<IndexValue> = []
  for (const field of fields) {
    const value = given[field]
    if (value === undefined) break
    equals.push(value)
  }
  if (Object.values(given).filter((value) => value !== undefined).length !== equals.length) {
    throw new TypeError(`${collection.name}.${index}: equals must name the index's first fields`)
  }
  if (query.range !== undefined && equals.length === fields.length) {
    throw new TypeError(`${collection.name}.${index}: equals leaves no field for a range`)
  }
  const raw: RawQuery = {
    index,
    equals,
    range: query.range,
    descending: query.order === "descending",
    after: undefined,
    limit: Math.min(MAX_PAGE, Math.max(1, Math.trunc(query.limit ?? 100) || 1)),
  }
  if (query.after === undefined) return Result.succeed(raw)
  const after = openCursor(query.after, identityOf(collection, partition, raw))
  return after === undefined || after.values.length !== fields.length
    ? Result.fail(new InvalidCursor({ collection: collection.name, index }))
    : Result.succeed({ ...raw, after })
}

/** The cursor behind `record`, for the same query. */
export const cursorBehind = (
  collection: CollectionShape,
  partition: PartitionId,
  query: RawQuery,
  record: RawRecord,
): Cursor => {
  const values = fieldsOf(collection, query.index).map((field) => record.body[field])
  const content = JSON.stringify([identityOf(collection, partition, query), values, record.id])
  return Base64Url.encode(content) as Cursor
}

/** The fields of a declared index. */
const fieldsOf = (collection: CollectionShape, index: string): ReadonlyArray<string> => {
  const declared = collection.indexes[index]
  if (declared === undefined) throw new TypeError(`${collection.name} declares no index ${index}`)
  return declared.fields
}

const identityOf = (collection: CollectionShape, partition: PartitionId, query: RawQuery): string =>
  [partition, collection.name, query.index, query.descending, JSON.stringify(query.equals)].join(
    " ",
  )

const openCursor = (cursor: Cursor, identity: string): Position | undefined => {
  const text = Base64Url.decodeString(cursor)
  if (Result.isFailure(text)) return undefined
  const content = readContent(text.success)
  if (Result.isFailure(content) || content.success[0] !== identity) return undefined
  return { values: content.success[1], id: content.success[2] }
}
