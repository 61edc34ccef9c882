import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import {
  type EncodedBody,
  FORMAT_FIELD,
  inNewestFormat,
  type NewerFormat,
  type Upcast,
  withFormat,
} from "./recordFormat.ts"

type Fields = readonly [string, ...ReadonlyArray<string>]

/** One declared index: an order of fields that `find` may walk. A record that lacks one of them is not in it. */
export interface Index<F extends Fields = Fields> {
  readonly kind: "plain" | "unique" | "due"
  readonly fields: F
}

/** An index for `find`: total order by the fields, then by id. */
export const index = <const F extends Fields>(...fields: F): Index<F> & { kind: "plain" } => ({
  kind: "plain",
  fields,
})

/** An index that also refuses a second record of the partition with the same values. */
export const unique = <const F extends Fields>(...fields: F): Index<F> & { kind: "unique" } => ({
  kind: "unique",
  fields,
})

/** An index on one instant, by which sweepers ask what is due in all partitions. */
export const due = <const F extends string>(field: F): Index<readonly [F]> & { kind: "due" } => ({
  kind: "due",
  fields: [field],
})

/** The names of the fields of `A` that an index may order: strings, numbers or booleans, of one of these types each. */
export type IndexableField<A> = {
  [K in keyof A & string]-?: NonNullable<A[K]> extends string
    ? K
    : NonNullable<A[K]> extends number
      ? K
      : NonNullable<A[K]> extends boolean
        ? K
        : never
}[keyof A & string]

/** The names of the fields of `A` that `add` may change: whole numbers that every record has. */
export type CounterField<A> = {
  [K in keyof A & string]-?: A[K] extends number ? K : never
}[keyof A & string]

type IndexesOf<A> = {
  readonly [name: string]: Index<readonly [IndexableField<A>, ...ReadonlyArray<IndexableField<A>>]>
}

/** What a driver needs to know of a collection: its name, its indexes, and whether its checks come in crowds. */
export interface CollectionShape {
  readonly name: string
  readonly indexes: { readonly [name: string]: Index }
  /**
   * Slots over which an engine may spread the checks of one record, so that they do not wait for each other. All hosts
   * that run at the same time agree on it. None when absent.
   */
  readonly fence?: number
  /**
   * The due field from whose instant on an engine may remove a record by itself, as a last wall behind the sweeps. Only
   * where nothing follows from its going. None when absent.
   */
  readonly expires?: string
}

/** A record type, declared once: how it is written down, what names it, how it is found. */
export interface Collection<
  in out A,
  Indexes extends CollectionShape["indexes"] = CollectionShape["indexes"],
> extends CollectionShape {
  readonly schema: Schema.Codec<A, unknown>
  readonly key: (value: A) => string
  readonly indexes: Indexes
  /** The format that records are written in: one more than there are upcasts. */
  readonly format: number
  /** The record's body, in the newest format. */
  readonly encode: (value: A) => Result.Result<EncodedBody, Schema.SchemaError>
  /** The record of a body in any format up to the newest. */
  readonly decode: (body: EncodedBody) => Result.Result<A, Schema.SchemaError | NewerFormat>
}

/** Any collection, when its record type does not matter. */
// biome-ignore lint/suspicious/noExplicitAny: the record type is invariant, so only `any` stands for all of them
export type AnyCollection = Collection<any, any>

/** The record type of a collection. */
export type RecordOf<C> = C extends Collection<infer A, infer _I> ? A : never

/**
 * Declares a record type.
 *
 * @param name the collection's name in every store: lower-case words joined by `_`
 * @param options.schema how a record is encoded; every part must be JSON (bigints and dates as strings or numbers)
 * @param options.key the record's id inside its partition, 1 to 512 characters
 * @param options.indexes by name: `index(...)`, `unique(...)` or `due(...)` over fields of the record
 * @param options.upcasts one for each change of the record type that old bodies do not fit, oldest first, never
 * removed: the one at `i` turns a body of format `i + 1` into format `i + 2`
 * @param options.fence for a record that very many batches check at once: slots to spread the checks over, about as
 * many as batches of a partition are in flight
 * @param options.expires the field of a `due` index, if the store may remove a record by itself from then on: only
 * where nothing else must happen when it goes
 */
const make = <A, E, const Indexes extends IndexesOf<A>>(
  name: string,
  options: {
    readonly schema: Schema.Codec<A, E>
    readonly key: (value: A) => string
    readonly indexes: Indexes
    readonly upcasts?: ReadonlyArray<Upcast>
    readonly fence?: number
    readonly expires?: IndexableField<A>
  },
): Collection<A, Indexes> => {
  const { schema, key, indexes, upcasts = [], fence, expires } = options
  const indexed = new Set(Object.values(indexes).flatMap(({ fields }): Fields => fields))
  if (indexed.has(FORMAT_FIELD))
    throw new TypeError(`${name}: ${FORMAT_FIELD} is the store's own field`)
  if (fence !== undefined && !(Number.isSafeInteger(fence) && fence >= 1 && fence <= MAX_SLOTS))
    throw new RangeError(`${name}: a fence has 1 to ${MAX_SLOTS} slots`)
  const dueFields = Object.values(indexes).flatMap(
    ({ kind, fields }): ReadonlyArray<string> => (kind === "due" ? fields : []),
  )
  if (expires !== undefined && !dueFields.includes(expires))
    throw new TypeError(`${name}: it expires by a field that is due`)
  const format = upcasts.length + 1
  const encode = Schema.encodeResult(schema)
  const decode = Schema.decodeUnknownResult(schema)
  return {
    name,
    schema,
    key,
    indexes,
    format,
    encode: (value) =>
      Result.map(encode(value), (body) => withFormat(name, body as EncodedBody, format)),
    decode: (body) => Result.flatMap(inNewestFormat(name, body, upcasts, indexed), decode),
    ...(fence !== undefined && { fence }),
    ...(expires !== undefined && { expires }),
  }
}

/** A change of a fenced record writes every slot. */
const MAX_SLOTS = 256

export const Collection = { make }
