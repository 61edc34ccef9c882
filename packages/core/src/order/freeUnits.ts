import * as Effect from "effect/Effect"
import { type CommitmentResolved, draftVoid } from "../inventory/index.ts"
import type { Ids, Quantity, Timestamp } from "../kernel/index.ts"
import type { CurrentPartition, Entry, Store, StoreUnavailable } from "../store/index.ts"
import { takeBackordered, takeFrom } from "./Backorder.ts"
import { takesOf } from "./linePromises.ts"
import type { PromisedOrder } from "./loadPromised.ts"
import type { Order } from "./Order.ts"
import type { LineId, OrderLine } from "./OrderLine.ts"
import type { LineUnits } from "./takeUnits.ts"

/**
 * Drafts what follows from units that an order gave up: the commitments and allocations behind them are voided, and
 * their backorders go (R4).
 *
 * @param promised the order with what stands behind it
 * @param after the order without the units; lines that are not in it any more gave up all
 */
export const freeUnits = Effect.fnUntraced(function* (
  { order: before, promises, backorders }: PromisedOrder,
  after: Order,
  at: Timestamp,
): Effect.fn.Return<
  ReadonlyArray<Entry>,
  CommitmentResolved | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const takes = lost(before, after, ({ committed }) => committed).flatMap(({ line, quantity }) =>
    takesOf(promises, line, quantity),
  )
  const voided = yield* draftVoid(takes, { at, state: "voided", first: "unallocated" })
  const waiting = lost(before, after, ({ buckets }) => buckets.backordered)
  const gone = waiting.flatMap(({ line, quantity }) => takeBackordered(backorders, line, quantity))
  return [...voided.entries, ...gone.map(({ backorder, units }) => takeFrom(backorder, units))]
})

/** Picked and packed units that an order gave up: they are to be put back on the shelf. */
export const putBackOf = (before: Order, after: Order): ReadonlyArray<LineUnits> =>
  lost(before, after, ({ buckets }) => buckets.picked + buckets.packed)

/** By how much a number of each line fell. */
const lost = (
  before: Order,
  after: Order,
  unitsOf: (line: OrderLine) => number,
): ReadonlyArray<LineUnits> => {
  const left = new Map<LineId, number>(after.lines.map((line) => [line.id, unitsOf(line)]))
  return before.lines.flatMap((line) => {
    const units = unitsOf(line) - (left.get(line.id) ?? 0)
    return units > 0 ? [{ line: line.id, quantity: units as Quantity }] : []
  })
}
