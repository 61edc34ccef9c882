import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** A record in its encoded form: JSON by field. */
export interface EncodedBody {
  readonly [field: string]: unknown
}

/**
 * Turns a body of one format into one of the next. A pure function on encoded JSON, which may add fields and build
 * strings, lists and objects anew. It leaves alone what indexes and counters are about, because engines order and
 * count what is stored: every field of an index, and every whole number at the top level. A new meaning takes a new
 * name. A new counter starts from what may be counted already: `(body) => ({ taken: 0, ...body })`.
 */
export type Upcast = (body: EncodedBody) => EncodedBody

/** Where a body says its format. Absent: 1. */
export const FORMAT_FIELD = "_format"

/** A record was written by a newer release than this one, in a format that this one cannot read. */
export class NewerFormat extends Schema.TaggedError<NewerFormat>()("NewerFormat", {
  collection: Schema.String,
  format: Schema.Int,
  /** The newest format that this release reads. */
  known: Schema.Int,
}) {
  override get message() {
    return `format ${this.format} was written by a newer release; this one reads formats up to ${this.known}`
  }
}

const Formatted = Schema.Struct({
  [FORMAT_FIELD]: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
})
const readFormat = Schema.decodeUnknownResult(Formatted)

/** The format of a body that was opened. */
export const formatOf = (body: EncodedBody): number => Number(body[FORMAT_FIELD] ?? 1)

/** The body with its format, where that is not the first. */
export const withFormat = (collection: string, body: EncodedBody, format: number): EncodedBody => {
  if (Object.hasOwn(body, FORMAT_FIELD))
    throw new TypeError(`${collection}: ${FORMAT_FIELD} is the store's own field`)
  return format === 1 ? body : { ...body, [FORMAT_FIELD]: format }
}

/**
 * A body of any known format in the newest one, without its format field.
 *
 * @param upcasts the one at `i` turns format `i + 1` into format `i + 2`
 * @param indexed the fields that indexes order
 */
export const inNewestFormat = (
  collection: string,
  body: EncodedBody,
  upcasts: ReadonlyArray<Upcast>,
  indexed: ReadonlySet<string>,
): Result.Result<EncodedBody, NewerFormat | Schema.SchemaError> => {
  const known = upcasts.length + 1
  if (body[FORMAT_FIELD] === undefined && known === 1) return Result.succeed(body)
  const { [FORMAT_FIELD]: said, ...written } = body
  const read = said === undefined ? Result.succeed({ [FORMAT_FIELD]: 1 }) : readFormat(body)
  if (Result.isFailure(read)) return Result.fail(read.failure)
  const format = read.success[FORMAT_FIELD]
  if (format > known) return Result.fail(new NewerFormat({ collection, format, known }))
  return Result.succeed(
    upcasts.slice(format - 1).reduce<EncodedBody>((before, upcast, step) => {
      const after = upcast(before)
      const lost = Object.keys(before).find(
        (field) => isKept(field, before[field], indexed) && after[field] !== before[field],
      )
      if (lost === undefined) return after
      throw new TypeError(
        `${collection}: the upcast from format ${format + step} changes ${lost}, which an index or a counter may rest on`,
      )
    }, written),
  )
}

const isKept = (field: string, value: unknown, indexed: ReadonlySet<string>): boolean =>
  Number.isSafeInteger(value) || (indexed.has(field) && value !== null && value !== undefined)
