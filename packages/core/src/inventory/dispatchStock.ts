import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { type InvalidInput, invalidField } from "../command/index.ts"
import { Quantity, Sku } from "../kernel/index.ts"
import type { Stored } from "../store/index.ts"
import { SerialNumber, WarehouseId } from "./Cell.ts"
import { type Commitment, CommitmentId } from "./Commitment.ts"
import { LineName } from "./commitStock.ts"
import { type DispatchLine, draftDispatch } from "./draftDispatch.ts"
import { loadPending } from "./loadCommitments.ts"
import { OwnDocument } from "./OwnDocument.ts"
import { movedAnswer, StockMoved } from "./Place.ts"
import { ReleasedUnits, releasedUnits } from "./releaseCommitment.ts"
import { stockCommand } from "./stockCommand.ts"
import { NotAllocated } from "./stockErrors.ts"

const Line = Schema.Struct({
  line: LineName,
  /** The stocked SKU, where the line is promised several: components of a virtual kit. */
  sku: Schema.optionalKey(Sku),
  /** The warehouse, where the line is promised stock of several. */
  warehouse: Schema.optionalKey(WarehouseId),
  quantity: Schema.optionalKey(Quantity),
  serials: Schema.optionalKey(Schema.NonEmptyArray(SerialNumber)),
})
type Line = typeof Line.Type

/** What left, what is still promised of the lines that left in part, and what is available again. */
export const StockDispatched = Schema.Struct({
  moved: StockMoved.fields.moved,
  kept: Schema.Array(
    Schema.Struct({
      commitment: CommitmentId,
      line: Schema.String,
      sku: Sku,
      quantity: Quantity,
    }),
  ),
  released: Schema.Array(ReleasedUnits),
})
export type StockDispatched = typeof StockDispatched.Type

/**
 * Sends pinned units of a document to its customer: they leave the books exactly once. On hand, sellable and
 * committed fall together; what others may have does not change.
 *
 * Fails with `NotAllocated` for units that are not pinned, `LotRefused` for a lot that has expired or was recalled
 * since (R10), `CommitmentResolved` for a promise that ended or has lapsed (R6), `TrackingRefused` and
 * `SerialElsewhere` for serials that do not fit.
 *
 * @param input.lines which lines and units leave; everything that is pinned for the document, when left out
 * @param input.rest of a line that leaves in part, `keep` (when left out): the rest stays promised and pinned as it
 * is; `release`: it is available again
 */
export const dispatchStock = stockCommand({
  action: "dispatchStock",
  input: Schema.Struct({
    document: OwnDocument,
    lines: Schema.optionalKey(Schema.NonEmptyArray(Line)),
    rest: Schema.optionalKey(Schema.Literals(["keep", "release"])),
  }),
  answer: StockDispatched,
  standings: ["active"],
  decide: Effect.fnUntraced(function* ({ document, lines, rest = "keep" }, context) {
    const pending = yield* loadPending(document)
    const leaving = yield* Effect.fromResult(
      lines === undefined ? everythingPinned(pending) : chooseLines(pending, lines),
    )
    const draft = yield* draftDispatch(leaving, { ...context, rest })
    const answer: StockDispatched = {
      moved: movedAnswer({ ...draft, shortfalls: [] }).moved,
      kept: draft.kept.map(({ id: commitment, line, sku, quantity }) => ({
        commitment,
        line,
        sku,
        quantity,
      })),
      released: releasedUnits(draft.released),
    }
    return { about: document, entries: draft.entries, messages: draft.messages, answer }
  }),
})

const everythingPinned = (
  pending: ReadonlyArray<Stored<Commitment>>,
): Result.Result<ReadonlyArray<DispatchLine>, NotAllocated> => {
  const pinned = pending.filter(({ value }) => value.allocated > 0)
  const first = pending[0]?.value
  return pinned.length === 0 && first !== undefined
    ? Result.fail(notAllocated(first, first.quantity, 0))
    : Result.succeed(pinned.map((commitment) => ({ commitment })))
}

/** The commitments that each line means. Its quantity is spread over several of one SKU, the oldest first. */
export const chooseLines = (
  pending: ReadonlyArray<Stored<Commitment>>,
  lines: ReadonlyArray<Line>,
): Result.Result<ReadonlyArray<DispatchLine>, NotFound | InvalidInput | NotAllocated> =>
  Result.gen(function* () {
    const left = new Map(pending.map((each) => [each.id, each]))
    const chosen: Array<DispatchLine> = []
    for (const [place, line] of lines.entries()) {
      const known = pending.filter(({ value }) => isMeant(value, line))
      if (known.length === 0)
        return yield* Result.fail(new NotFound({ kind: "line", id: line.line }))
      const meant = known.filter(({ id }) => left.delete(id))
      if (meant.length < known.length) return yield* refuse(place, "line", "named before")
      chosen.push(...(yield* spread(meant, line, place)))
    }
    return chosen
  })

const spread = (
  meant: ReadonlyArray<Stored<Commitment>>,
  { quantity, serials }: Line,
  place: number,
): Result.Result<ReadonlyArray<DispatchLine>, InvalidInput | NotAllocated> => {
  const [first, ...others] = meant.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  if (first === undefined || others.length === 0)
    return Result.succeed(meant.map((commitment) => ({ commitment, quantity, serials })))
  if (serials !== undefined)
    return refuse(place, "serials", "the line has several commitments: name SKU and warehouse")
  if (quantity === undefined) return everythingPinned(meant)
  if (others.some(({ value }) => value.sku !== first.value.sku))
    return refuse(place, "sku", "the line is promised several SKUs: name one of them")
  const parts: Array<DispatchLine> = []
  let left: number = quantity
  for (const commitment of [first, ...others]) {
    const units = Math.min(left, commitment.value.allocated)
    if (units > 0) parts.push({ commitment, quantity: units as Quantity })
    left -= units
  }
  return left === 0
    ? Result.succeed(parts)
    : Result.fail(notAllocated(first.value, quantity, quantity - left))
}

const isMeant = (commitment: Commitment, { line, sku, warehouse }: Line): boolean =>
  commitment.line === line &&
  (sku === undefined || commitment.sku === sku) &&
  (warehouse === undefined || commitment.warehouse === warehouse)

const refuse = (place: number, field: string, message: string) =>
  Result.fail(invalidField("dispatchStock", `lines[${place}].${field}`, message))

const notAllocated = ({ line, sku }: Commitment, wanted: number, allocated: number) =>
  new NotAllocated({ line, sku, wanted, allocated })
