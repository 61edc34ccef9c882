import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { lookUpProduct } from "../catalogue/index.ts"
import type { Quantity } from "../kernel/index.ts"
import { type CurrentPartition, Store, type Stored, type StoreUnavailable } from "../store/index.ts"
import type { Allocation } from "./Allocation.ts"
import type { CellId, SerialNumber } from "./Cell.ts"
import type { Commitment } from "./Commitment.ts"
import { StockSerials, serialIdOf } from "./StockSerial.ts"
import { type AllocationPart, firstUnits } from "./splitAllocation.ts"
import { NotAllocated, SerialElsewhere, TrackingRefused } from "./stockErrors.ts"

/** Pinned units of one commitment that leave. */
export interface DispatchLine {
  readonly commitment: Stored<Commitment>
  /** All its allocated units, when left out; with serials, one for each of them. */
  readonly quantity?: Quantity | undefined
  /** The units by their serial number, for a product that is tracked so. */
  readonly serials?: ReadonlyArray<SerialNumber> | undefined
}

/** Units of one allocation that leave, by serial number where they have one. */
export interface DispatchedPart extends AllocationPart {
  readonly serials: ReadonlyArray<SerialNumber>
}

/**
 * Which pinned units of a line leave: the oldest allocations first; where serials are named, the allocations of
 * the cells in which those serials are.
 */
export const chooseDispatched = Effect.fnUntraced(function* (
  line: DispatchLine,
  allocations: ReadonlyArray<Stored<Allocation>>,
): Effect.fn.Return<
  ReadonlyArray<DispatchedPart>,
  NotAllocated | SerialElsewhere | TrackingRefused | StoreUnavailable,
  Store | CurrentPartition
> {
  const { line: name, sku, quantity: committed, allocated } = line.commitment.value
  const serials = line.serials ?? []
  const quantity = line.quantity ?? (serials.length > 0 ? serials.length : allocated)
  if (quantity === 0 || quantity > allocated)
    return yield* new NotAllocated({ line: name, sku, wanted: quantity || committed, allocated })
  if (serials.length === 0)
    return firstUnits(allocations, quantity).map((part) => ({ ...part, serials: [] }))
  const product = yield* lookUpProduct(sku)
  const tracked = Option.isSome(product) && product.value.value.tracking.serial
  yield* Effect.fromResult(checkSerials(line, quantity, tracked))
  const cells = yield* cellsOf(line.commitment.value, serials)
  return yield* Effect.fromResult(partsByCell(line.commitment.value, allocations, cells))
})

const checkSerials = (
  { commitment, serials = [] }: DispatchLine,
  quantity: number,
  tracked: boolean,
): Result.Result<void, TrackingRefused> => {
  const { sku } = commitment.value
  const refuse = (field: TrackingRefused["field"], reason: string) =>
    Result.fail(new TrackingRefused({ sku, field, reason }))
  if (!tracked) return refuse("serial", "this product is not tracked by serial number")
  if (serials.length !== quantity) return refuse("quantity", "each unit needs one serial number")
  if (new Set(serials).size < serials.length) return refuse("serial", "a serial is named twice")
  return Result.succeed(undefined)
}

/** The serials by the cell that each is in. */
const cellsOf = Effect.fnUntraced(function* (
  { sku }: Commitment,
  serials: ReadonlyArray<SerialNumber>,
): Effect.fn.Return<
  ReadonlyMap<CellId, ReadonlyArray<SerialNumber>>,
  SerialElsewhere | StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  const units = yield* store.getMany(
    StockSerials,
    serials.map((serial) => serialIdOf(sku, serial)),
  )
  const cells = new Map<CellId, ReadonlyArray<SerialNumber>>()
  for (const serial of serials) {
    const unit = units.get(serialIdOf(sku, serial))
    if (unit?.value.cell === undefined)
      return yield* new SerialElsewhere({
        sku,
        serial,
        ...(unit !== undefined && { location: unit.value.location }),
      })
    cells.set(unit.value.cell, [...(cells.get(unit.value.cell) ?? []), serial])
  }
  return cells
})

/** Serials leave from the allocations of their own cell only: a unit that is pinned to others does not move. */
const partsByCell = (
  { line, sku }: Commitment,
  allocations: ReadonlyArray<Stored<Allocation>>,
  cells: ReadonlyMap<CellId, ReadonlyArray<SerialNumber>>,
): Result.Result<ReadonlyArray<DispatchedPart>, NotAllocated> => {
  const parts: Array<DispatchedPart> = []
  for (const [cell, serials] of cells) {
    const there = allocations.filter(({ value }) => value.cell === cell)
    let taken = 0
    for (const part of firstUnits(there, serials.length)) {
      parts.push({ ...part, serials: serials.slice(taken, taken + part.quantity) })
      taken += part.quantity
    }
    if (taken < serials.length)
      return Result.fail(new NotAllocated({ line, sku, wanted: serials.length, allocated: taken }))
  }
  return Result.succeed(parts)
}
