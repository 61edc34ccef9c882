import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { CommandContext } from "../command/index.ts"
import {
  nextId,
  type Timestamp,
  Timestamp as TimestampSchema,
  type Units,
} from "../kernel/index.ts"
import { insert, Store } from "../store/index.ts"
import { cellIdOf, WarehouseId } from "./Cell.ts"
import { draftMovements } from "./draftMovements.ts"
import { eachUnit, type NewMovement } from "./NewMovement.ts"
import {
  BinPlace,
  binAt,
  ConditionOrSellable,
  movedAnswer,
  oneSerialEach,
  StockMoved,
  unitsFields,
} from "./Place.ts"
import { StockBalances } from "./StockBalance.ts"
import {
  type StockTransfer,
  StockTransfers,
  TransferId,
  type TransferLine,
} from "./StockTransfer.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

const SentLine = Schema.Struct({
  ...unitsFields,
  ...BinPlace.fields,
  condition: ConditionOrSellable,
}).check(oneSerialEach)
type SentLine = typeof SentLine.Type

const Sending = Schema.Struct({
  from: WarehouseId,
  to: WarehouseId,
  lines: Schema.NonEmptyArray(SentLine),
  occurredAt: Schema.optionalKey(TimestampSchema),
})
type Sending = typeof Sending.Type

type Ends = Pick<Sending, "from" | "to">

const anotherWarehouse = Schema.makeFilter(({ from, to }: Ends) =>
  from === to ? { path: ["to"], issue: "another warehouse than `from`" } : undefined,
)

/**
 * Sends goods to another warehouse: bin to transit, all lines or none. From now on they are in neither warehouse's
 * `onHand`. Sending promised units is allowed, and names the lines at risk; pinned units stay (`StockAllocated`).
 *
 * @param input.lines which units leave from which bins of the warehouse `from`
 */
export const sendTransfer = stockCommand({
  action: "sendTransfer",
  input: Sending.check(anotherWarehouse),
  answer: Schema.Struct({ transfer: TransferId, ...StockMoved.fields }),
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* (input, context) {
    const id = yield* nextId(TransferId)
    const [first, ...rest] = input.lines
    const draft = yield* draftMovements(
      input.lines.flatMap((line) => toMovements(id, input, line)),
      context,
    )
    const transfer: StockTransfer = {
      id,
      from: input.from,
      to: input.to,
      lines: [
        yield* openLine(input, first, 1, context),
        ...(yield* Effect.forEach(rest, (line, at) => openLine(input, line, at + 2, context))),
      ],
      state: "in_transit",
      sentBy: context.actor,
      sentAt: context.at,
    }
    return {
      about: { kind: "transfer", id },
      entries: [insert(StockTransfers, transfer), ...draft.entries],
      messages: draft.messages,
      answer: { transfer: id, ...movedAnswer(draft) },
    }
  }),
})

const toMovements = (
  transfer: TransferId,
  { from, occurredAt }: Sending,
  line: SentLine,
): ReadonlyArray<NewMovement> =>
  eachUnit(
    {
      sku: line.sku,
      lot: line.lot,
      quantity: line.quantity,
      from: binAt(from, line, line.condition),
      to: { _tag: "Transit", transfer },
      reason: "transfer",
      document: { kind: "transfer", id: transfer },
      occurredAt,
    },
    line.serials,
  )

const openLine = Effect.fnUntraced(function* (
  { from }: Sending,
  line: SentLine,
  number: number,
  { at }: CommandContext,
) {
  const cell = cellIdOf(binAt(from, line, line.condition), line)
  const balance = yield* (yield* Store).get(StockBalances, cell)
  const receivedAt: Timestamp = Option.isSome(balance) ? balance.value.value.receivedAt : at
  const opened: TransferLine = {
    line: String(number),
    sku: line.sku,
    ...(line.lot !== undefined && { lot: line.lot }),
    condition: line.condition,
    sent: line.quantity,
    received: 0 as Units,
    lost: 0 as Units,
    serials: line.serials ?? [],
    receivedAt,
  }
  return opened
})
