import * as Effect from "effect/Effect"
import type { Ids } from "../../kernel/index.ts"
import type { Store } from "../../store/index.ts"
import { liveBeats, sendCopies } from "../laws/liveBeats.ts"
import { isUntouched } from "../laws/readRecords.ts"
import { sendAgain } from "../laws/sendAgain.ts"
import { inside } from "../stock/StockWorld.ts"
import { alteredInput } from "./alteredInput.ts"
import type { PlannedBeat } from "./OrderAct.ts"
import { openDesk } from "./OrderDesk.ts"
import { beatsOf, type OrderHistory } from "./OrderHistory.ts"
import { type OrderLedger, readLedger } from "./OrderLedger.ts"
import type { OrderOperations } from "./OrderOperations.ts"
import type { Call, Lived, Sent } from "./OrderTrace.ts"
import { aimOf } from "./orderAims.ts"

/**
 * Lives through a history in a partition that nobody used before, on a clock of its own: the same history comes to the
 * same moments each time, but for what a store across a network makes of the order of calls.
 */
export const liveOrders = (
  operations: OrderOperations,
  history: OrderHistory,
): Effect.Effect<Lived, unknown, Store | Ids> =>
  Effect.gen(function* () {
    const desk = yield* openDesk(history.pace)
    const lived = yield* liveBeats<PlannedBeat, Sent, Call, OrderLedger>({
      plan: beatsOf(history),
      now: desk.now,
      read: inside(desk.merchant)(readLedger),
      resolve: (beat, place, books, sent) => {
        desk.moveTo(desk.now() + beat.wait)
        return resolveBeat(beat, place, books, sent)
      },
      send: (sent) =>
        Effect.map(
          desk.run(sendCopies(operations[sent.operation], sent)),
          (outcomes) => ({ ...sent, outcomes }) as Call,
        ),
      keep: (before, after) => (isUntouched(before, after) ? before : after),
    })
    const last = lived.damage === undefined ? (lived.beats.at(-1)?.after.orders ?? []) : []
    const views = yield* Effect.forEach(last, ({ id }) =>
      desk.run(operations.readOrder({ order: id })),
    )
    return { ...lived, views }
  })

const resolveBeat = (
  { acts }: PlannedBeat,
  place: number,
  books: OrderLedger,
  sent: ReadonlyArray<Sent>,
): ReadonlyArray<Sent> =>
  acts.flatMap(({ act, copies }, n) => {
    if (act.do === "again") return sendAgain(act, copies, sent, alteredInput) ?? []
    const aim = aimOf(act, { books, place })
    return aim === undefined
      ? []
      : [{ ...aim, input: { ...aim.input, key: `b${place}-${n}` }, copies } as Sent]
  })
