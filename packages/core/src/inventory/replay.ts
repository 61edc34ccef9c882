import type { Sku, Timestamp } from "../kernel/index.ts"
import type { BinLocation, CellId, Location, LotCode, WarehouseId } from "./Cell.ts"
import { effectsOf } from "./effectsOf.ts"
import { placeOf } from "./NewMovement.ts"
import type { StockMovement } from "./StockMovement.ts"
import type { PoolId } from "./StockPool.ts"
import { type SerialId, serialIdOf } from "./StockSerial.ts"

/** What movements say of one cell. */
export interface ReplayedCell {
  readonly location: BinLocation
  readonly sku: Sku
  readonly lot: LotCode | undefined
  readonly onHand: number
  /** The earliest instant at which units reached it. */
  readonly since: Timestamp
}

/** What movements say of one pool. */
export interface ReplayedPool {
  readonly warehouse: WarehouseId
  readonly sku: Sku
  readonly onHand: number
  readonly sellable: number
}

/** Stock as the journal alone tells it. Places and cells where nothing is left stay in it with 0. */
export interface Replayed {
  readonly movements: number
  readonly cells: ReadonlyMap<CellId, ReplayedCell>
  readonly pools: ReadonlyMap<PoolId, ReplayedPool>
  /** Units in each place that only closes the double entry, by SKU and lot: negative where more left than came. */
  readonly accounts: ReadonlyMap<string, number>
  /** For each serial, the places with more arrivals than departures, or fewer (L5). */
  readonly serials: ReadonlyMap<SerialId, ReadonlyMap<string, number>>
}

interface Building extends Replayed {
  movements: number
  readonly cells: Map<CellId, ReplayedCell>
  readonly pools: Map<PoolId, ReplayedPool>
  readonly accounts: Map<string, number>
  readonly serials: Map<SerialId, Map<string, number>>
}

/** No stock, no movement. */
export const NOTHING_REPLAYED: Replayed = {
  movements: 0,
  cells: new Map(),
  pools: new Map(),
  accounts: new Map(),
  serials: new Map(),
}

/** A running replay, for a journal that is read in pieces. */
export interface Replay {
  readonly add: (movement: StockMovement) => void
  readonly result: Replayed
}

/** Starts a replay on top of what was replayed before. */
export const startReplay = (before: Replayed = NOTHING_REPLAYED): Replay => {
  const state: Building = {
    movements: before.movements,
    cells: new Map(before.cells),
    pools: new Map(before.pools),
    accounts: new Map(before.accounts),
    serials: new Map([...before.serials].map(([id, places]) => [id, new Map(places)])),
  }
  return { add: (movement) => step(state, movement), result: state }
}

/**
 * Stock rebuilt from movements alone (L2). The journal may come in any grouping and any order: each movement only
 * adds and takes away.
 */
export const replay = (movements: Iterable<StockMovement>, before?: Replayed): Replayed => {
  const running = startReplay(before)
  for (const movement of movements) running.add(movement)
  return running.result
}

const step = (state: Building, movement: StockMovement): void => {
  state.movements += 1
  const effects = effectsOf(movement)
  for (const [id, effect] of effects.cells) {
    const before = state.cells.get(id)
    state.cells.set(id, {
      location: effect.location,
      sku: effect.sku,
      lot: effect.lot,
      onHand: (before?.onHand ?? 0) + effect.onHand,
      since: sinceOf(before, effect.onHand, movement),
    })
  }
  for (const [id, { warehouse, sku, onHand, sellable }] of effects.pools) {
    const before = state.pools.get(id)
    state.pools.set(id, {
      warehouse,
      sku,
      onHand: (before?.onHand ?? 0) + onHand,
      sellable: (before?.sellable ?? 0) + sellable,
    })
  }
  countPlace(state, movement, movement.from, -movement.quantity)
  countPlace(state, movement, movement.to, movement.quantity)
}

const countPlace = (
  state: Building,
  { sku, lot, serial }: StockMovement,
  location: Location,
  units: number,
): void => {
  const place = placeOf(location)
  if (location._tag !== "Bin") {
    const account = `${sku}/${lot ?? ""}/${place}`
    state.accounts.set(account, (state.accounts.get(account) ?? 0) + units)
  }
  if (serial === undefined) return
  const id = serialIdOf(sku, serial)
  const places = state.serials.get(id) ?? new Map<string, number>()
  state.serials.set(id, places)
  const after = (places.get(place) ?? 0) + units
  if (after === 0) places.delete(place)
  else places.set(place, after)
}

const sinceOf = (
  before: ReplayedCell | undefined,
  units: number,
  { occurredAt }: StockMovement,
): Timestamp =>
  before === undefined || (units > 0 && occurredAt < before.since) ? occurredAt : before.since
