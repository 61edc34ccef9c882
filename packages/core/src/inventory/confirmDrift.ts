import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import {
  type CurrentPartition,
  type Entry,
  insert,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { CellId, WarehouseId } from "./Cell.ts"
import { type CommitmentId, Commitments } from "./Commitment.ts"
import {
  type DerivedBalance,
  deriveBalance,
  deriveCommitment,
  derivePlaces,
  derivePool,
  steadily,
} from "./deriveStock.ts"
import { driftsOf, driftsOfSerial, type LedgerDrift, type PoolFigures } from "./LedgerDrift.ts"
import { type StockBalance, StockBalances } from "./StockBalance.ts"
import { type PoolId, StockPools } from "./StockPool.ts"
import { StockSerials } from "./StockSerial.ts"
import type { Suspect } from "./scanLedger.ts"

/** What a second look at one record found: its drift, and the entry that repairs it, where one can. */
interface Confirmed {
  readonly drifts: ReadonlyArray<LedgerDrift>
  readonly repair: Entry | undefined
}

type Confirming = Effect.Effect<
  Option.Option<Confirmed>,
  StoreUnavailable,
  Store | CurrentPartition
>

/**
 * Looks at a suspect on its own, until nobody writes to it meanwhile: what it finds was true at one instant. None,
 * when others keep writing to the record. The repair holds the record to the version that was looked at.
 */
export const confirmDrift = (suspect: Suspect): Confirming => {
  switch (suspect.kind) {
    case "balance":
      return confirmBalance(suspect.id)
    case "pool":
      return confirmPool(suspect)
    case "commitment":
      return confirmCommitment(suspect.id)
    case "serial":
      return confirmSerial(suspect)
  }
}

const RIGHT: Confirmed = { drifts: [], repair: undefined }

const confirmBalance = Effect.fnUntraced(function* (id: CellId) {
  const store = yield* Store
  const steady = yield* steadily(store.get(StockBalances, id), () => deriveBalance(id))
  return Option.map(steady, ({ stored, derived }): Confirmed => {
    const drifts = driftsOf("balance", id, stored?.value, derived.figures)
    return drifts.length === 0 ? RIGHT : { drifts, repair: repairBalance(id, stored, derived) }
  })
})

/** Nothing can be written for a cell whose movements or allocations come to less than nothing: that needs a count. */
const repairBalance = (
  id: CellId,
  stored: Stored<StockBalance> | undefined,
  { figures, cell }: DerivedBalance,
): Entry | undefined => {
  const { expiresAt, ...units } = figures
  if (units.onHand < 0 || units.unallocated < 0) return undefined
  const dates =
    expiresAt === undefined ? {} : { expiresAt: expiresAt as StockBalance["receivedAt"] }
  if (stored !== undefined) {
    const { expiresAt: _, ...kept } = stored.value
    return replace(stored, { ...kept, ...units, ...dates })
  }
  if (cell === undefined) return undefined
  const { _tag, ...place } = cell.location
  return insert(StockBalances, {
    id,
    ...place,
    sku: cell.sku,
    ...(cell.lot !== undefined && { lot: cell.lot }),
    ...units,
    receivedAt: cell.since,
    ...dates,
    pickSequence: 0,
  })
}

const confirmPool = Effect.fnUntraced(function* ({
  id,
  sku,
}: Extract<Suspect, { readonly kind: "pool" }>) {
  const store = yield* Store
  const steady = yield* steadily(store.get(StockPools, id), () => derivePool(id, sku))
  return Option.map(steady, ({ stored, derived }): Confirmed => {
    const drifts = driftsOf<PoolFigures>("pool", id, stored?.value, derived)
    if (drifts.length === 0) return RIGHT
    if (derived.onHand < 0 || derived.sellable < 0) return { drifts, repair: undefined }
    return {
      drifts,
      repair:
        stored === undefined
          ? insert(StockPools, { id, warehouse: warehouseOf(id), sku, ...derived })
          : replace(stored, { ...stored.value, ...derived }),
    }
  })
})

const warehouseOf = (pool: PoolId): WarehouseId => pool.slice(0, pool.indexOf("/")) as WarehouseId

const confirmCommitment = Effect.fnUntraced(function* (id: CommitmentId) {
  const store = yield* Store
  const steady = yield* steadily(store.get(Commitments, id), (commitment) =>
    commitment === undefined ? Effect.succeedNone : Effect.asSome(deriveCommitment(commitment)),
  )
  return Option.map(steady, ({ stored, derived }): Confirmed => {
    if (stored === undefined || Option.isNone(derived)) return RIGHT
    const figures = derived.value
    const drifts = driftsOf("commitment", id, stored.value, figures)
    if (drifts.length === 0) return RIGHT
    const repair = figures.unallocated < 0 ? undefined : { ...stored.value, ...figures }
    return { drifts, repair: repair && replace(stored, repair) }
  })
})

/** Which unit lies where is for somebody to look up on the shelf: it is named and not repaired. */
const confirmSerial = Effect.fnUntraced(function* ({
  id,
  sku,
}: Extract<Suspect, { readonly kind: "serial" }>) {
  const store = yield* Store
  const steady = yield* steadily(store.get(StockSerials, id), () => derivePlaces(id, sku))
  return Option.map(
    steady,
    ({ stored, derived }): Confirmed => ({
      drifts: driftsOfSerial(id, stored?.value, derived),
      repair: undefined,
    }),
  )
})
