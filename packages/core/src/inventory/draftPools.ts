import * as Effect from "effect/Effect"
import type { SignedUnits, Units } from "../kernel/index.ts"
import {
  add,
  type CurrentPartition,
  type Cursor,
  check,
  type Entry,
  insert,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import { Commitments } from "./Commitment.ts"
import type { PoolEffect } from "./effectsOf.ts"
import { type PoolId, type StockPool, StockPools } from "./StockPool.ts"
import type { AtRisk, Shortfall } from "./stockMessages.ts"

/** The entries that change pools, and the promises that lost their stock. */
export interface PoolDraft {
  readonly entries: ReadonlyArray<Entry>
  readonly shortfalls: ReadonlyArray<Shortfall>
}

/** Lines that a shortfall names before it only counts. */
const MAX_NAMED = 1000

/** How a pool takes an effect, given what it holds as far as anybody knows. */
export type PoolStep = "nothing" | "open" | "raise" | "lower" | "break"

/**
 * `open`: there is no pool yet. `raise`: no promise can be hurt. `lower`: the guard keeps every promise, at any
 * interleaving. `break`: a physical fact takes promised units, so the pool is held and its promises are read.
 */
export const stepOf = (effect: PoolEffect, pool: StockPool | undefined): PoolStep => {
  const uncommitted = effect.sellable - effect.committed
  if (effect.onHand === 0 && effect.sellable === 0 && effect.committed === 0) return "nothing"
  if (pool === undefined && effect.onHand >= 0 && effect.sellable >= 0) return "open"
  if (uncommitted >= 0) return "raise"
  return pool !== undefined && pool.uncommitted + uncommitted < 0 ? "break" : "lower"
}

/** Drafts what movements do to pools. A movement that takes promised units is allowed, and names what it breaks. */
export const draftPools = Effect.fnUntraced(function* (
  effects: Iterable<PoolEffect>,
): Effect.fn.Return<PoolDraft, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const entries: Array<Entry> = []
  const shortfalls: Array<Shortfall> = []
  const felt = [...effects].filter((effect) => stepOf(effect, undefined) !== "nothing")
  const pools = yield* store.getMany(
    StockPools,
    felt.map(({ pool }) => pool),
  )
  for (const effect of felt) {
    const stored = pools.get(effect.pool)
    const step = stepOf(effect, stored?.value)
    if (step === "open") entries.push(insert(StockPools, newPool(effect)))
    else entries.push(change(effect, step === "lower"))
    if (step !== "break" || stored === undefined) continue
    entries.push(check(stored))
    shortfalls.push(yield* nameShortfall(effect, stored))
  }
  return { entries, shortfalls }
})

const newPool = ({ pool, warehouse, sku, onHand, sellable }: PoolEffect): StockPool => ({
  id: pool,
  warehouse,
  sku,
  onHand: onHand as Units,
  sellable: sellable as Units,
  committed: 0 as Units,
  uncommitted: sellable as SignedUnits,
})

const change = ({ pool, onHand, sellable, committed }: PoolEffect, keepsPromises: boolean): Entry =>
  add(
    StockPools,
    pool,
    { onHand, sellable, committed, uncommitted: sellable - committed },
    {
      onHand: 0,
      sellable: 0,
      ...(committed < 0 && { committed: 0 }),
      ...(keepsPromises && { uncommitted: 0 }),
    },
  )

const nameShortfall = Effect.fnUntraced(function* (
  effect: PoolEffect,
  { value: pool }: Stored<StockPool>,
): Effect.fn.Return<Shortfall, StoreUnavailable, Store | CurrentPartition> {
  const missing = -(pool.uncommitted + effect.sellable - effect.committed)
  const atRisk = yield* nameAtRisk(effect.pool, missing)
  return {
    pool: effect.pool,
    warehouse: effect.warehouse,
    sku: effect.sku,
    missing,
    atRisk,
    unnamed: missing - atRisk.reduce((sum, { quantity }) => sum + quantity, 0),
  }
})

/** Pending promises of the pool, newest first, until the missing units are covered. */
const nameAtRisk = Effect.fnUntraced(function* (
  pool: PoolId,
  missing: number,
): Effect.fn.Return<ReadonlyArray<AtRisk>, StoreUnavailable, Store | CurrentPartition> {
  const store = yield* Store
  const atRisk: Array<AtRisk> = []
  let left = missing
  let after: Cursor | undefined
  do {
    const page = yield* store
      .find(Commitments, "pool", {
        equals: { pool, state: "pending" },
        order: "descending",
        after,
        limit: MAX_NAMED,
      })
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    for (const { value } of page.items) {
      if (left === 0 || atRisk.length === MAX_NAMED) return atRisk
      const quantity = Math.min(left, value.unallocated)
      if (quantity === 0) continue
      const document = { kind: value.documentKind, id: value.documentId }
      atRisk.push({ document, line: value.line, quantity })
      left -= quantity
    }
    after = page.next
  } while (after !== undefined)
  return atRisk
})
