import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { unchanged } from "../command/index.ts"
import {
  type AllocateDraft,
  type CommitmentResolved,
  draftAllocate,
  RemovalStrategy,
  stockCommand,
} from "../inventory/index.ts"
import { type Ids, type Quantity, Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  replace,
  type Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { draftWithin } from "./draftWithin.ts"
import { moveUnits } from "./lineBuckets.ts"
import { isKit, type LinePromises, looseOf, pinnedUnits } from "./linePromises.ts"
import { loadPromised } from "./loadPromised.ts"
import { mapLines, type Order, OrderId } from "./Order.ts"
import { allocatableUnits } from "./OrderLine.ts"
import { transition } from "./orderTransitions.ts"
import { settleOrders } from "./settleOrders.ts"
import { LineUnits } from "./takeUnits.ts"

interface Strategy {
  readonly at: Timestamp
  readonly strategy?: RemovalStrategy | undefined
  readonly deliverBy?: Timestamp | undefined
}

/**
 * Pins the promised units of a released order to cells. A held order gets nothing (R8). Of a virtual kit only whole
 * kits are pinned (R11). What no cell can give stays open, promised, and is reported.
 *
 * Fails with `IllegalTransition` for an order that is held or not with its warehouses.
 *
 * @param input.strategy in which order cells give; the merchant's own when left out
 * @param input.deliverBy when the goods arrive, for shelf life; now when left out
 */
export const allocateOrder = stockCommand({
  action: "allocateOrder",
  input: Schema.Struct({
    order: OrderId,
    strategy: Schema.optionalKey(RemovalStrategy),
    deliverBy: Schema.optionalKey(Timestamp),
  }),
  answer: Schema.Struct({
    order: OrderId,
    allocated: Schema.Array(LineUnits),
    /** Units that no cell could give. */
    short: Schema.Array(LineUnits),
    /** Lines that did not fit into one batch: send the command again under a new key. */
    linesLeft: Schema.Int,
  }),
  decide: Effect.fnUntraced(function* ({ order: id, ...strategy }, { at }) {
    const { stored, order, promises, lapsed } = yield* loadPromised(id, at)
    yield* Effect.fromResult(transition(order, "allocate"))
    const { draft, covered, left } = yield* draftWithin(wantsOf(order), (wants) =>
      allocateWhole(wants, promises, { ...strategy, at }),
    )
    const got = new Map(draft.allocated.map(({ line, quantity }) => [line, quantity]))
    const short = covered.flatMap(({ line, quantity }) => {
      const missing = quantity - (got.get(line) ?? 0)
      return missing === 0 ? [] : [{ line, quantity: missing as Quantity }]
    })
    const next = mapLines(order, (line) => {
      const units = got.get(line.id) ?? 0
      return units === 0
        ? line
        : { ...line, buckets: moveUnits(line.buckets, "open", "allocated", units) }
    })
    const about = { kind: "order", id }
    const answer = { order: id, allocated: draft.allocated, short, linesLeft: left }
    if (next === stored.value && lapsed.length === 0) return unchanged(about, answer)
    if (next === stored.value) return { about, entries: [replace(stored, next), ...lapsed], answer }
    const settled = yield* settleOrders([{ stored, next }], at, {
      progress: draft.allocated.length > 0,
    })
    const entries = [...settled.entries, ...draft.entries, ...lapsed]
    return { about, entries, messages: settled.messages, answer }
  }),
})

const wantsOf = ({ lines }: Order): ReadonlyArray<LineUnits> =>
  lines.flatMap((line) => {
    const quantity = allocatableUnits(line)
    return quantity === 0 ? [] : [{ line: line.id, quantity: quantity as Quantity }]
  })

/** Drafts allocations for whole units of lines: a kit that lacks a component takes none of the others. */
const allocateWhole = Effect.fnUntraced(function* (
  wants: ReadonlyArray<LineUnits>,
  promises: LinePromises,
  options: Strategy,
): Effect.fn.Return<
  { readonly entries: AllocateDraft["entries"]; readonly allocated: ReadonlyArray<LineUnits> },
  CommitmentResolved | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  let asked = wants
  for (;;) {
    const draft = yield* draftAllocate(
      asked.flatMap(({ line, quantity }) => looseOf(promises, line, quantity)),
      options,
    )
    const allocated = asked.map((want) => ({
      line: want.line,
      quantity: pinnedUnits(promises, want, draft.short) as Quantity,
    }))
    const broken = asked.map(
      ({ line, quantity }, place) =>
        isKit(promises, line) && (allocated[place]?.quantity ?? 0) < quantity,
    )
    if (!broken.includes(true))
      return { entries: draft.entries, allocated: allocated.filter(({ quantity }) => quantity > 0) }
    // Ask again for the kits that are whole; each round asks for fewer.
    asked = asked
      .map((want, place) => (broken[place] ? (allocated[place] ?? want) : want))
      .filter(({ quantity }) => quantity > 0)
  }
})
