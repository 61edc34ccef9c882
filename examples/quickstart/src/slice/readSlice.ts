import { globSync, readFileSync } from "node:fs"
import path from "node:path"
import { Effect, Result, Schema } from "effect"
import { COUNTRY_NAMES } from "./country.ts"
import { parseCsv } from "./parseCsv.ts"

const wholeNumber = Schema.NumberFromString.check(Schema.isInt())

/** One row of the data set: one line of an invoice, as it was typed. */
export const InvoiceLine = Schema.Struct({
  /** Six digits; `C` before them for a cancellation, `A` for an adjustment of a bad debt. */
  invoice: Schema.String.check(Schema.isPattern(/^[AC]?\d{6}$/u)),
  code: Schema.String.check(Schema.isNonEmpty()),
  description: Schema.String,
  quantity: wholeNumber,
  /** What the clock on the wall showed in the shop, in the United Kingdom. */
  clock: Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/u)),
  /** Pounds for one unit, with up to three decimals. */
  price: Schema.BigDecimalFromString,
  /** The number of the buyer, or nothing. It pairs cancellations with sales and goes no further than that. */
  customer: Schema.String,
  country: Schema.Literals(COUNTRY_NAMES),
})
export type InvoiceLine = typeof InvoiceLine.Type

const COLUMNS = {
  InvoiceNo: "invoice",
  StockCode: "code",
  Description: "description",
  Quantity: "quantity",
  InvoiceDate: "clock",
  UnitPrice: "price",
  CustomerID: "customer",
  Country: "country",
} as const satisfies { readonly [column: string]: keyof InvoiceLine }

/** The slice is not what it must be; `row` counts from 1, below the header. */
export class BadSlice extends Schema.TaggedError<BadSlice>()("BadSlice", {
  row: Schema.Int,
  problem: Schema.String,
}) {
  override get message() {
    return `row ${this.row}: ${this.problem}`
  }
}

const decodeLine = Schema.decodeUnknownResult(InvoiceLine, { errors: "all" })

/** The lines of one CSV file of the slice, in its order. */
export const parseSlice = (text: string): Result.Result<ReadonlyArray<InvoiceLine>, BadSlice> => {
  const [header = [], ...rows] = parseCsv(text)
  const wanted = Object.keys(COLUMNS).join(",")
  if (header.join(",") !== wanted)
    return Result.fail(new BadSlice({ row: 0, problem: `the header must be ${wanted}` }))
  const names = Object.values(COLUMNS)
  const lines: Array<InvoiceLine> = []
  for (const [index, row] of rows.entries()) {
    const line = decodeLine(Object.fromEntries(names.map((name, at) => [name, row[at]])))
    if (Result.isFailure(line))
      return Result.fail(new BadSlice({ row: index + 1, problem: line.failure.message }))
    lines.push(line.success)
  }
  return Result.succeed(lines)
}

/** Every line of the slice that lies in `data/`, day after day. */
export const readSlice: Effect.Effect<ReadonlyArray<InvoiceLine>, BadSlice> = Effect.gen(
  function* () {
    const data = path.join(import.meta.dirname, "../../data")
    const days = globSync("*.csv", { cwd: data }).sort()
    const lines = yield* Effect.forEach(days, (day) =>
      Effect.fromResult(parseSlice(readFileSync(path.join(data, day), "utf8"))),
    )
    return lines.flat()
  },
)
