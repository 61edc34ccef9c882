import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { CommandServices, QueryError } from "../command/index.ts"
import { findOrders, type OrderId, type OrderState } from "../order/index.ts"
import type { Cursor, InvalidCursor, StoreUnavailable } from "../store/index.ts"

/** What a step did to one order: served it, or was refused by the error of this tag. */
export interface StepOutcome {
  readonly order: string
  readonly refused: string | undefined
}

/** How a step is run. */
export interface StepOptions {
  /** Orders worked on at a time; 4 when left out. */
  readonly concurrency?: number | undefined
  /** Told after each order: for a progress line. */
  readonly onOutcome?: ((outcome: StepOutcome) => void) | undefined
}

/** How many orders a step served and how many were refused, by the errors' tags. */
export interface StepSummary {
  readonly served: number
  readonly refused: { readonly [tag: string]: number }
}

/**
 * Does a piece of work for each item. One order's refusal does not stop the others; a store that does not answer
 * does. Every piece is a command of its own, so an interruption loses nothing that was served.
 */
export const eachItem = <Item, E extends { readonly _tag: string }, E2, R, R2>(
  items: Stream.Stream<Item, E2, R2>,
  nameOf: (item: Item) => string,
  work: (item: Item) => Effect.Effect<unknown, E, R>,
  { concurrency = 4, onOutcome = () => {} }: StepOptions,
): Effect.Effect<StepSummary, E2 | Extract<E, StoreUnavailable>, R | R2> =>
  items.pipe(
    Stream.mapEffect(
      (item) =>
        Effect.flatMap(Effect.result(work(item)), (result) => {
          const refused = Result.isFailure(result) ? result.failure : undefined
          if (refused?._tag === "StoreUnavailable")
            return Effect.fail(refused as Extract<E, StoreUnavailable>)
          const outcome = { order: nameOf(item), refused: refused?._tag }
          return Effect.as(
            Effect.sync(() => onOutcome(outcome)),
            outcome,
          )
        }),
      { concurrency },
    ),
    Stream.runFold((): StepSummary => ({ served: 0, refused: {} }), summarise),
  )

/** Does a piece of work for each order of the current merchant that is in a state, the oldest first. */
export const eachOrder = <E extends { readonly _tag: string }, R>(
  state: OrderState,
  work: (order: OrderId) => Effect.Effect<unknown, E, R>,
  options: StepOptions,
): Effect.Effect<
  StepSummary,
  QueryError | InvalidCursor | Extract<E, StoreUnavailable>,
  R | CommandServices
> => eachItem(ordersIn(state), (order) => order, work, options)

const PAGE = 100

const ordersIn = (
  state: OrderState,
): Stream.Stream<OrderId, QueryError | InvalidCursor, CommandServices> =>
  Stream.paginate(undefined as Cursor | undefined, (after) =>
    Effect.map(
      findOrders({ state, by: "orderedAt", limit: PAGE, ...(after !== undefined && { after }) }),
      ({ orders, next }) =>
        [orders.map(({ order }) => order.id), Option.fromUndefinedOr(next)] as const,
    ),
  )

const summarise = (summary: StepSummary, { refused }: StepOutcome): StepSummary =>
  refused === undefined
    ? { ...summary, served: summary.served + 1 }
    : {
        ...summary,
        refused: { ...summary.refused, [refused]: (summary.refused[refused] ?? 0) + 1 },
      }
