import * as Schema from "effect/Schema"
import { Collection, due, index, unique } from "../../store/index.ts"

/** A part on a shelf: one field for each thing that an index or a counter may be. */
const Part = Schema.Struct({
  id: Schema.String,
  shelf: Schema.String,
  rank: Schema.Int,
  live: Schema.Boolean,
  stock: Schema.Int,
  taken: Schema.Int,
  note: Schema.String,
  bay: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.NullOr(Schema.String)),
  serial: Schema.optionalKey(Schema.String),
  dueAt: Schema.optionalKey(Schema.Int),
})
export type Part = typeof Part.Type

export const Parts = Collection.make("contract_parts", {
  schema: Part,
  key: (part) => part.id,
  indexes: {
    shelf: index("shelf", "rank"),
    live: index("live", "shelf", "rank"),
    bay: index("bay", "rank"),
    stock: index("stock"),
    code: unique("code"),
    serial: unique("shelf", "serial"),
    dueAt: due("dueAt"),
  },
})

/** A sheet of paper: every shape of value that a record may hold. */
const Paper = Schema.Struct({
  id: Schema.String,
  total: Schema.BigIntFromString,
  text: Schema.String,
  flag: Schema.Boolean,
  figure: Schema.Int,
  tags: Schema.Array(Schema.String),
  lines: Schema.Array(
    Schema.Struct({ units: Schema.Int, mark: Schema.optionalKey(Schema.String) }),
  ),
  nothing: Schema.NullOr(Schema.String),
  maybe: Schema.optionalKey(Schema.String),
  open: Schema.Unknown,
  /** Short names that an engine may use for itself. */
  p: Schema.String,
  v: Schema.Int,
})
export type Paper = typeof Paper.Type

export const Papers = Collection.make("contract_papers", {
  schema: Paper,
  key: (paper) => paper.id,
  indexes: { text: index("text") },
})

/** What a store must be prepared for before `storeContract` runs on it. The clauses prepare it themselves, too. */
export const contractCollections = [Parts, Papers] as const

/** A part with plain values for what the clause does not care about. */
export const part = (id: string, given: Partial<Part> = {}): Part => ({
  id,
  shelf: "s",
  rank: 0,
  live: true,
  stock: 0,
  taken: 0,
  note: "",
  ...given,
})

/** A sheet with plain values for what the clause does not care about. */
export const paper = (id: string, given: Partial<Paper> = {}): Paper => ({
  id,
  total: 0n,
  text: "",
  flag: false,
  figure: 0,
  tags: [],
  lines: [],
  nothing: null,
  open: null,
  p: "",
  v: 0,
  ...given,
})

/** The id of the n-th of a row of records, so that ids sort as their numbers do. */
export const nthId = (n: number): string => `p${String(n).padStart(5, "0")}`
