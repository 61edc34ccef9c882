import * as Effect from "effect/Effect"
import { NotFound } from "../access/index.ts"
import { type BySku, lookUpProducts, type Product } from "../catalogue/index.ts"
import type { CommandContext } from "../command/index.ts"
import { message, type OutboxMessage } from "../integration/index.ts"
import { clampToPresent, type Ids, nextId } from "../kernel/index.ts"
import {
  type CurrentPartition,
  type Entry,
  insert,
  type Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { draftBalances } from "./draftBalances.ts"
import { draftLots } from "./draftLots.ts"
import { draftPools } from "./draftPools.ts"
import { draftSerials } from "./draftSerials.ts"
import { effectsOfAll } from "./effectsOf.ts"
import { cellOf, type NewMovement } from "./NewMovement.ts"
import { MovementId, type StockMovement, StockMovements } from "./StockMovement.ts"
import type {
  CellShort,
  LotRefused,
  SerialElsewhere,
  StockAllocated,
  TrackingRefused,
} from "./stockErrors.ts"
import { type Shortfall, StockShortfall } from "./stockMessages.ts"

export type { NewMovement } from "./NewMovement.ts"

/**
 * Movements as entries of a batch, and what they lead to. Put `entries` and `messages` into the draft of a
 * `stockCommand`.
 */
export interface MovementDraft {
  readonly entries: ReadonlyArray<Entry>
  readonly messages: ReadonlyArray<OutboxMessage>
  /** In the order in which they were asked for. */
  readonly movements: ReadonlyArray<StockMovement>
  /** Pools whose promised units the movements took away, with the lines at risk. */
  readonly shortfalls: ReadonlyArray<Shortfall>
}

/** Why movements are refused. Nothing moved. */
export type MovementRefused =
  | NotFound
  | CellShort
  | StockAllocated
  | TrackingRefused
  | LotRefused
  | SerialElsewhere

/**
 * Drafts movements of stock: the journal lines, and in the same batch everything that follows from them: balances,
 * pools, lots, serials and messages. Every change of stock goes through here, so the journal explains every figure (L2).
 *
 * Changes are summed for each cell and pool first and guarded by floors, so no interleaving takes a unit twice
 * (L3). A movement is a physical fact: it may take promised units, and then names the lines at risk. It never takes
 * units that are pinned to documents unless it says so. A lost race makes the command decide again: leave
 * `whenInsufficient` out of a draft that moves stock.
 *
 * @param movements what moves; each side's record is written once, however many movements touch it
 * @param context the command's instant, actor and key, which the journal keeps
 * @returns fails with `NotFound` for an unknown SKU, `CellShort`, `StockAllocated`, `TrackingRefused`, `LotRefused`
 * or `SerialElsewhere`; a pool's `uncommitted` and `committed` are settled here and must not be changed again
 */
export const draftMovements = Effect.fnUntraced(function* (
  movements: ReadonlyArray<NewMovement>,
  context: CommandContext,
): Effect.fn.Return<
  MovementDraft,
  MovementRefused | StoreUnavailable,
  Store | Ids | CurrentPartition
> {
  const products = yield* productsOf(movements)
  const dated = movements.map((movement) => ({
    ...movement,
    occurredAt: clampToPresent(movement.occurredAt ?? context.at, context.at),
  }))
  const effects = effectsOfAll(dated)
  const { lots, entries: lotEntries } = yield* draftLots(dated, products, context.at)
  const serialEntries = yield* draftSerials(dated, products)
  const balanceEntries = yield* draftBalances(effects.cells, dated, lots)
  // After the balances: a pool that is read later has seen at least what they have.
  const pools = yield* draftPools(effects.pools.values())
  const journal = yield* Effect.forEach(dated, (each) => record(each, context))
  const told = yield* Effect.forEach(pools.shortfalls, (each) =>
    message(StockShortfall, each, context.at),
  )
  return {
    entries: [
      ...journal.map((each) => insert(StockMovements, each)),
      ...lotEntries,
      ...serialEntries,
      ...balanceEntries,
      ...pools.entries,
    ],
    messages: told,
    movements: journal,
    shortfalls: pools.shortfalls,
  }
})

const productsOf = Effect.fnUntraced(function* (
  movements: ReadonlyArray<NewMovement>,
): Effect.fn.Return<BySku<Product>, NotFound | StoreUnavailable, Store | CurrentPartition> {
  const products = yield* lookUpProducts(movements.map(({ sku }) => sku))
  const unknown = movements.find(({ sku }) => !products.has(sku))
  return unknown === undefined
    ? products
    : yield* new NotFound({ kind: "product", id: unknown.sku })
})

/** The line of the journal: the movement, both of its cells, who told it and when. */
const record = Effect.fnUntraced(function* (
  movement: NewMovement & Pick<StockMovement, "occurredAt">,
  { at, actor, key }: CommandContext,
): Effect.fn.Return<StockMovement, never, Ids> {
  const { sku, lot, serial, from, to, quantity, reason, document, corrects, correction } = movement
  const fromCell = cellOf(from, movement)
  const toCell = cellOf(to, movement)
  return {
    id: yield* nextId(MovementId),
    sku,
    ...(lot !== undefined && { lot }),
    ...(serial !== undefined && { serial }),
    from,
    to,
    ...(fromCell !== undefined && { fromCell }),
    ...(toCell !== undefined && { toCell }),
    quantity,
    reason,
    ...(document !== undefined && { document }),
    ...(corrects !== undefined && { corrects }),
    ...(correction !== undefined && { correction }),
    key,
    actor,
    occurredAt: movement.occurredAt,
    recordedAt: at,
  }
})
