import * as Effect from "effect/Effect"
import type { NotFound } from "../access/index.ts"
import { lookUpKits } from "../catalogue/index.ts"
import {
  type Commitment,
  type CommitmentResolved,
  draftVoid,
  findCommitments,
} from "../inventory/index.ts"
import type { Ids, Timestamp } from "../kernel/index.ts"
import type { CurrentPartition, Entry, Store, Stored, StoreUnavailable } from "../store/index.ts"
import { type Backorder, findBackorders } from "./Backorder.ts"
import { asPromised, groupPromises, type LinePromises } from "./linePromises.ts"
import { loadOrder } from "./loadOrder.ts"
import { mapLines, type Order, type OrderId } from "./Order.ts"

/** An order beside the commitments and backorders that stand behind it, as they were at one moment. */
export interface PromisedOrder {
  readonly stored: Stored<Order>
  /** The order as its live commitments have it: some may have lapsed or been given back meanwhile. */
  readonly order: Order
  readonly promises: LinePromises
  /** By line and age. */
  readonly backorders: ReadonlyArray<Stored<Backorder>>
  /** Gives back the commitments whose time is over: for the batch of whatever is decided. */
  readonly lapsed: ReadonlyArray<Entry>
}

/**
 * Reads an order with what stands behind it. Commitments that were given back or unpinned without the order are taken
 * into its lines.
 *
 * Reads are not one snapshot, but each command of an order writes the order too: where it is the same before and after
 * the others were read, they belong together. Else it is read again: somebody got on meanwhile.
 */
export const loadPromised = Effect.fnUntraced(function* (
  id: OrderId,
  at: Timestamp,
): Effect.fn.Return<
  PromisedOrder,
  NotFound | CommitmentResolved | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const { stored, pending, backorders } = yield* readSteadily(id)
  const live = pending.filter((each) => !isOver(each, at))
  const kits = yield* lookUpKits(live.flatMap(({ value: { kit } }) => kit?.sku ?? []))
  const promises = groupPromises(live, kits)
  const over = pending.filter((each) => isOver(each, at)).map((commitment) => ({ commitment }))
  const { entries: lapsed } = yield* draftVoid(over, { at, state: "expired" })
  const order = mapLines(stored.value, (line) => asPromised(line, promises))
  return { stored, order, promises, backorders, lapsed }
})

const readSteadily = Effect.fnUntraced(function* (id: OrderId) {
  let stored = yield* loadOrder(id)
  for (;;) {
    const pending = yield* findCommitments(id, "pending")
    const backorders = yield* findBackorders(id)
    const again = yield* loadOrder(id)
    if (again.version === stored.version) return { stored, pending, backorders }
    stored = again
  }
})

const isOver = ({ value: { expiresAt } }: Stored<Commitment>, at: Timestamp): boolean =>
  expiresAt !== undefined && expiresAt <= at
