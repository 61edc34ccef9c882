import type * as Result from "effect/Result"
import * as Schema from "effect/Schema"

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

/** The names of the fields of `A` that an index may order: strings, numbers and booleans. */
export type IndexableField<A> = {
  [K in keyof A & string]-?: NonNullable<A[K]> extends string | number | boolean ? K : never
}[keyof A & string]

/** The names of the fields of `A` that `add` may change: whole numbers that every record has. */
export type CounterField<A> = {
  [K in keyof A & string]-?: A[K] extends number ? K : never
}[keyof A & string]

type IndexesOf<A> = {
  readonly [name: string]: Index<readonly [IndexableField<A>, ...ReadonlyArray<IndexableField<A>>]>
}

/** What a driver needs to know of a collection: its name and its indexes. */
export interface CollectionShape {
  readonly name: string
  readonly indexes: { readonly [name: string]: Index }
}

/** A record type, declared once: how it is written down, what names it, how it is found. */
export interface Collection<
  in out A,
  Indexes extends CollectionShape["indexes"] = CollectionShape["indexes"],
> extends CollectionShape {
  readonly schema: Schema.Codec<A, unknown>
  readonly key: (value: A) => string
  readonly indexes: Indexes
  readonly encode: (value: A) => Result.Result<unknown, Schema.SchemaError>
  readonly decode: (body: unknown) => Result.Result<A, Schema.SchemaError>
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
 */
const make = <A, E, const Indexes extends IndexesOf<A>>(
  name: string,
  options: {
    readonly schema: Schema.Codec<A, E>
    readonly key: (value: A) => string
    readonly indexes: Indexes
  },
): Collection<A, Indexes> => ({
  name,
  schema: options.schema,
  key: options.key,
  indexes: options.indexes,
  encode: Schema.encodeResult(options.schema),
  decode: Schema.decodeUnknownResult(options.schema),
})

export const Collection = { make }
