import * as Effect from "effect/Effect"
import type { Ids } from "../../kernel/index.ts"
import { ExternalOrders, Orders } from "../../order/index.ts"
import type { Store } from "../../store/index.ts"
import { describeBeats } from "../laws/describeBeats.ts"
import { deathIn, type Outcome, sendCopies } from "../laws/liveBeats.ts"
import { type RecordsOf, readRecords } from "../laws/readRecords.ts"
import { START } from "../stock/StockWorld.ts"
import type { FeedHistory, Told } from "./FeedHistory.ts"
import { openDesk } from "./OrderDesk.ts"
import type { OrderOperations } from "./OrderOperations.ts"

const SHELVES = { orders: Orders, external: ExternalOrders } as const

/** What was told to a merchant that knew nothing before, and what came of it. */
export interface Telling {
  readonly calls: ReadonlyArray<{
    readonly operation: string
    readonly input: object
    readonly copies: number
    readonly outcomes: ReadonlyArray<Outcome<unknown>>
  }>
  readonly known: RecordsOf<typeof SHELVES>
}

/** A feed that was told twice: to one merchant in order, one thing after the other, and to another in any way. */
export interface LivedFeed {
  readonly history: FeedHistory
  readonly inOrder: Telling
  readonly retold: Telling
  /** A command that died. */
  readonly death: string | undefined
}

/** Tells a feed to two merchants that nobody used before. */
export const tellFeed = (
  operations: OrderOperations,
  history: FeedHistory,
): Effect.Effect<LivedFeed, unknown, Store | Ids> =>
  Effect.gen(function* () {
    const { told, pace, atOnce } = history
    const again = history.retold.flatMap((place) => told[place] ?? [])
    const inOrder = yield* tell(operations, told, [0], 1)
    const retold = yield* tell(operations, again, pace, atOnce)
    return { history, inOrder, retold, death: deathIn([...inOrder.calls, ...retold.calls]) }
  })

const tell = Effect.fnUntraced(function* (
  operations: OrderOperations,
  parts: ReadonlyArray<Told>,
  pace: ReadonlyArray<number>,
  atOnce: number,
): Effect.fn.Return<Telling, unknown, Store | Ids> {
  const desk = yield* openDesk(pace)
  const calls = yield* Effect.forEach(
    parts.map(({ operation, input }, place) => ({
      operation,
      input: { ...input, key: `t${place}` },
      copies: 1,
    })),
    (sent) =>
      Effect.map(desk.run(sendCopies(operations[sent.operation], sent)), (outcomes) => ({
        ...sent,
        outcomes,
      })),
    { concurrency: atOnce },
  )
  return { calls, known: yield* desk.run(readRecords(SHELVES)) }
})

/** What was told, to the first merchant and to the second. */
export const describeFeed = ({ inOrder, retold, history }: LivedFeed): string =>
  [
    "  in order:",
    describeBeats(
      inOrder.calls.map((call) => ({ at: START, calls: [call] })),
      START,
      () => "",
    ),
    `  told again, ${history.atOnce} at a time:`,
    describeBeats(
      retold.calls.map((call) => ({ at: START, calls: [call] })),
      START,
      () => "",
    ),
  ].join("\n")
