import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Sku } from "../kernel/index.ts"
import {
  type Collection,
  type CollectionShape,
  type CurrentPartition,
  Store,
  type StoreUnavailable,
} from "../store/index.ts"
import { Allocations } from "./Allocation.ts"
import type { CellId } from "./Cell.ts"
import { type CommitmentId, Commitments } from "./Commitment.ts"
import {
  type BalanceFigures,
  commitmentFigures,
  driftsOf,
  driftsOfCorrections,
  driftsOfMovement,
  driftsOfSerial,
  type LedgerDrift,
  type PoolFigures,
} from "./LedgerDrift.ts"
import { type Replayed, startReplay } from "./replay.ts"
import { StockBalances } from "./StockBalance.ts"
import { type LotId, lotIdOf, StockLots } from "./StockLot.ts"
import { type MovementId, StockMovements } from "./StockMovement.ts"
import { type PoolId, StockPools } from "./StockPool.ts"
import { type SerialId, StockSerials } from "./StockSerial.ts"

/** A record that looked wrong in a scan. Others may have written meanwhile: it has to be looked at on its own. */
export type Suspect =
  | { readonly kind: "balance"; readonly id: CellId }
  | { readonly kind: "pool"; readonly id: PoolId; readonly sku: Sku }
  | { readonly kind: "commitment"; readonly id: CommitmentId }
  | { readonly kind: "serial"; readonly id: SerialId; readonly sku: Sku }

/** What one walk over everything found. */
export interface LedgerScan {
  readonly movements: number
  readonly cells: number
  /** In the journal itself. It never changes, so these are certain. */
  readonly drifts: ReadonlyArray<LedgerDrift>
  readonly suspects: ReadonlyArray<Suspect>
}

/** Units by record, filled while walking. */
const tally = <K>() => {
  const units = new Map<K, number>()
  return {
    add: (key: K, more: number) => units.set(key, (units.get(key) ?? 0) + more),
    of: (key: K) => units.get(key) ?? 0,
    units: units as ReadonlyMap<K, number>,
  }
}

/**
 * Walks over the merchant's journal, promises and lots, works out what every balance, pool, commitment and serial
 * must say, and names those that say something else. Memory grows with cells and open promises, not with the journal.
 */
export const scanLedger: Effect.Effect<LedgerScan, StoreUnavailable, Store | CurrentPartition> =
  Effect.gen(function* () {
    const pinned = { cells: tally<CellId>(), commitments: tally<CommitmentId>() }
    yield* walk(Allocations, ({ state, cell, commitment, quantity }) => {
      if (state !== "live") return
      pinned.cells.add(cell, quantity)
      pinned.commitments.add(commitment, quantity)
    })
    const suspects: Array<Suspect> = []
    const committed = tally<PoolId>()
    const skus = new Map<PoolId, Sku>()
    yield* walk(Commitments, (commitment) => {
      const { id, pool, sku, state, quantity, posted } = commitment
      skus.set(pool, sku)
      if (state === "pending") committed.add(pool, quantity - posted)
      const figures = commitmentFigures(commitment, pinned.commitments.of(id))
      if (driftsOf("commitment", id, commitment, figures).length > 0)
        suspects.push({ kind: "commitment", id })
    })
    const journal = yield* walkJournal
    for (const [id, { sku }] of journal.replayed.pools) skus.set(id, sku)
    suspects.push(...(yield* suspectBalances(journal.replayed, pinned.cells.of)))
    suspects.push(...(yield* suspectPools(journal.replayed, committed.of, skus)))
    suspects.push(...(yield* suspectSerials(journal.replayed)))
    return {
      movements: journal.replayed.movements,
      cells: journal.replayed.cells.size,
      drifts: journal.drifts,
      suspects,
    }
  })

const walk = <A, I extends CollectionShape["indexes"]>(
  collection: Collection<A, I>,
  visit: (value: A) => void,
): Effect.Effect<void, StoreUnavailable, Store | CurrentPartition> =>
  Effect.flatMap(Store, (store) =>
    Stream.runForEach(store.scan(collection), ({ value }) => Effect.sync(() => visit(value))),
  )

const walkJournal = Effect.gen(function* () {
  const drifts: Array<LedgerDrift> = []
  const corrected = tally<MovementId>()
  const replay = startReplay()
  yield* walk(StockMovements, (movement) => {
    replay.add(movement)
    drifts.push(...driftsOfMovement(movement))
    if (movement.corrects !== undefined) corrected.add(movement.corrects, movement.quantity)
  })
  const store = yield* Store
  for (const [id, quantity] of corrected.units) {
    const original = Option.getOrUndefined(yield* store.get(StockMovements, id))
    drifts.push(...driftsOfCorrections(original?.value, { id, quantity }))
  }
  return { replayed: replay.result, drifts }
})

const suspectBalances = Effect.fnUntraced(function* (
  { cells }: Replayed,
  pinnedIn: (cell: CellId) => number,
) {
  const expiries = new Map<LotId, number | undefined>()
  yield* walk(StockLots, ({ id, expiresAt }) => expiries.set(id, expiresAt))
  const suspects: Array<Suspect> = []
  const missing = new Map(cells)
  yield* walk(StockBalances, (balance) => {
    const { id, sku, lot } = balance
    missing.delete(id)
    const onHand = cells.get(id)?.onHand ?? 0
    const allocated = pinnedIn(id)
    const expiresAt = lot === undefined ? undefined : expiries.get(lotIdOf(sku, lot))
    const figures = { onHand, allocated, unallocated: onHand - allocated, expiresAt }
    if (driftsOf("balance", id, balance, figures as BalanceFigures).length > 0)
      suspects.push({ kind: "balance", id })
  })
  for (const [id, { onHand }] of missing) if (onHand !== 0) suspects.push({ kind: "balance", id })
  return suspects
})

const suspectPools = Effect.fnUntraced(function* (
  { pools }: Replayed,
  committedIn: (pool: PoolId) => number,
  skus: ReadonlyMap<PoolId, Sku>,
) {
  const suspects: Array<Suspect> = []
  const unseen = new Map(skus)
  const figuresOf = (id: PoolId) => {
    const { onHand = 0, sellable = 0 } = pools.get(id) ?? {}
    const committed = committedIn(id)
    return { onHand, sellable, committed, uncommitted: sellable - committed } as PoolFigures
  }
  yield* walk(StockPools, (pool) => {
    const { id, sku } = pool
    unseen.delete(id)
    if (driftsOf("pool", id, pool, figuresOf(id)).length > 0)
      suspects.push({ kind: "pool", id, sku })
  })
  for (const [id, sku] of unseen) {
    if (driftsOf("pool", id, undefined, figuresOf(id)).length > 0)
      suspects.push({ kind: "pool", id, sku })
  }
  return suspects
})

const suspectSerials = Effect.fnUntraced(function* ({ serials }: Replayed) {
  const suspects: Array<Suspect> = []
  const unseen = new Map(serials)
  yield* walk(StockSerials, (unit) => {
    const { id, sku } = unit
    unseen.delete(id)
    if (driftsOfSerial(id, unit, serials.get(id) ?? new Map()).length > 0)
      suspects.push({ kind: "serial", id, sku })
  })
  for (const id of unseen.keys())
    suspects.push({ kind: "serial", id, sku: id.slice(0, id.indexOf("/")) as Sku })
  return suspects
})
