import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { type InvalidInput, invalidField } from "../command/index.ts"
import { Quantity, Timestamp, type Units } from "../kernel/index.ts"
import { replace, Store } from "../store/index.ts"
import { Condition, SerialNumber } from "./Cell.ts"
import { draftMovements } from "./draftMovements.ts"
import { eachUnit, type NewMovement } from "./NewMovement.ts"
import { binAt, movedAnswer, oneSerialEach, StockMoved, TargetBin } from "./Place.ts"
import {
  inTransitOf,
  type StockTransfer,
  StockTransfers,
  TransferClosed,
  TransferExceeded,
  TransferId,
  type TransferLine,
  TransferState,
} from "./StockTransfer.ts"
import { stockCommand } from "./stockCommand.ts"
import { SerialElsewhere } from "./stockErrors.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

const ReceivedLine = Schema.Struct({
  /** The line of the transfer. Several entries may name one line: its units go to several bins. */
  line: Schema.String,
  quantity: Quantity,
  serials: Schema.optionalKey(Schema.Array(SerialNumber)),
  place: TargetBin,
  /** The condition in which they arrive; the one in which they were sent, when left out. */
  condition: Schema.optionalKey(Condition),
}).check(oneSerialEach)
type ReceivedLine = typeof ReceivedLine.Type

/** A transfer after a receipt, and the movements that make it so. */
export interface TransferReceipt {
  readonly lines: ReadonlyArray<TransferLine>
  readonly movements: ReadonlyArray<NewMovement>
}

/**
 * What arriving units do to a transfer: transit to bin, never more than is under way on the line. Units that were not
 * sellable when they left do not become so on the way.
 */
export const receiveLines = (
  transfer: StockTransfer,
  received: ReadonlyArray<ReceivedLine>,
  occurredAt: Timestamp | undefined,
): Result.Result<TransferReceipt, TransferExceeded | SerialElsewhere | InvalidInput> => {
  const lines = new Map(transfer.lines.map((line) => [line.line, line]))
  const movements: Array<NewMovement> = []
  for (const [at, given] of received.entries()) {
    const line = lines.get(given.line)
    if (line === undefined) return refuseField(at, "line", "a line of the transfer")
    const condition = given.condition ?? line.condition
    if (condition === "sellable" && line.condition !== "sellable")
      return refuseField(at, "condition", "units that left unsellable do not arrive sellable")
    const next = takeFrom(transfer, line, given)
    if (Result.isFailure(next)) return Result.fail(next.failure)
    lines.set(line.line, next.success)
    const to = binAt(transfer.to, given.place, condition)
    const movement = { ...leaving(transfer, line), quantity: given.quantity, to, occurredAt }
    const { pickSequence } = given.place
    movements.push(...eachUnit({ ...movement, pickSequence }, given.serials))
  }
  return Result.succeed({ lines: [...lines.values()], movements })
}

/** Writes off what never arrived: transit to adjustment, reason `lost`. */
export const writeOffRest = (
  transfer: StockTransfer,
  lines: ReadonlyArray<TransferLine>,
): TransferReceipt => ({
  lines: lines.map((line) => ({
    ...line,
    lost: (line.lost + inTransitOf(line)) as Units,
    serials: [],
  })),
  movements: lines.flatMap((line) => {
    const quantity = inTransitOf(line)
    if (quantity === 0) return []
    const lost = { quantity: quantity as number as Quantity, reason: "lost" as const }
    const movement = { ...leaving(transfer, line), ...lost, to: { _tag: "Adjustment" as const } }
    return eachUnit(movement, line.serials)
  }),
})

const leaving = (transfer: StockTransfer, { sku, lot, receivedAt }: TransferLine) => ({
  sku,
  lot,
  from: { _tag: "Transit" as const, transfer: transfer.id },
  reason: "transfer" as const,
  document: { kind: "transfer", id: transfer.id },
  receivedAt,
})

const takeFrom = (
  { id }: StockTransfer,
  line: TransferLine,
  { quantity: wanted, serials = [] }: ReceivedLine,
): Result.Result<TransferLine, TransferExceeded | SerialElsewhere> => {
  const inTransit = inTransitOf(line)
  if (wanted > inTransit)
    return Result.fail(new TransferExceeded({ transfer: id, line: line.line, wanted, inTransit }))
  const stranger = serials.find((serial) => !line.serials.includes(serial))
  if (stranger !== undefined)
    return Result.fail(new SerialElsewhere({ sku: line.sku, serial: stranger }))
  return Result.succeed({
    ...line,
    received: (line.received + wanted) as Units,
    serials: line.serials.filter((serial) => !serials.includes(serial)),
  })
}

const refuseField = (at: number, field: string, message: string) =>
  Result.fail(invalidField("receiveTransfer", `lines[${at}].${field}`, message))

/**
 * Receives a transfer, whole or in part, into bins of the warehouse that it was sent to. The last unit closes it.
 * More than was sent is refused: what is really there beside is booked as found.
 *
 * @param input.lines what arrived; may be empty with `close`
 * @param input.close writes off what is still missing as lost, and closes the transfer
 */
export const receiveTransfer = stockCommand({
  action: "receiveTransfer",
  input: Schema.Struct({
    transfer: TransferId,
    lines: Schema.Array(ReceivedLine),
    close: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
    occurredAt: Schema.optionalKey(Timestamp),
  }),
  answer: Schema.Struct({
    state: TransferState,
    lost: Schema.Array(Schema.Struct({ line: Schema.String, quantity: Quantity })),
    ...StockMoved.fields,
  }),
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ transfer: id, lines, close, occurredAt }, context) {
    const stored = Option.getOrUndefined(yield* (yield* Store).get(StockTransfers, id))
    if (stored === undefined) return yield* new NotFound({ kind: "transfer", id })
    const transfer = stored.value
    if (transfer.state === "closed") return yield* new TransferClosed({ transfer: id })
    if (lines.length === 0 && !close)
      return yield* invalidField("receiveTransfer", "lines", "at least one line, or `close`")
    const received = yield* Effect.fromResult(receiveLines(transfer, lines, occurredAt))
    const missing = close ? writeOffRest(transfer, received.lines) : undefined
    const after = missing?.lines ?? received.lines
    const state: TransferState = after.every((line) => inTransitOf(line) === 0)
      ? "closed"
      : "in_transit"
    const draft = yield* draftMovements(
      [...received.movements, ...(missing?.movements ?? [])],
      context,
    )
    return {
      about: { kind: "transfer", id },
      entries: [
        replace(stored, {
          ...transfer,
          lines: after as unknown as StockTransfer["lines"],
          state,
          ...(state === "closed" && { closedAt: context.at }),
        }),
        ...draft.entries,
      ],
      messages: draft.messages,
      answer: {
        state,
        lost: received.lines.flatMap((line) => {
          const quantity = inTransitOf(line)
          return close && quantity > 0
            ? [{ line: line.line, quantity: quantity as number as Quantity }]
            : []
        }),
        ...movedAnswer(draft),
      },
    }
  }),
})
