import * as Effect from "effect/Effect"
import type { BySku, Product } from "../catalogue/index.ts"
import type { Timestamp } from "../kernel/index.ts"
import {
  type CurrentPartition,
  check,
  type Entry,
  insert,
  MAX_PAGE,
  readEveryPage,
  replace,
  Store,
  type Stored,
  type StoreUnavailable,
} from "../store/index.ts"
import type { CellId } from "./Cell.ts"
import { cellOf, isArrival, type NewMovement, placeOf } from "./NewMovement.ts"
import { StockBalances } from "./StockBalance.ts"
import { type SerialId, type StockSerial, StockSerials, serialIdOf } from "./StockSerial.ts"
import { SerialElsewhere, type TrackingRefused } from "./stockErrors.ts"
import { refuseTracking } from "./trackUnits.ts"

type Moved = NewMovement & { readonly occurredAt: Timestamp }

/** What movements do to tracked units. */
export const draftSerials = Effect.fnUntraced(function* (
  movements: ReadonlyArray<Moved>,
  products: BySku<Product>,
): Effect.fn.Return<
  ReadonlyArray<Entry>,
  SerialElsewhere | TrackingRefused | StoreUnavailable,
  Store | CurrentPartition
> {
  const named = yield* moveNamed(movements)
  const nameless = yield* holdNameless(
    movements.filter(({ sku }) => products.get(sku)?.value.tracking.serial === true),
  )
  return [...named, ...nameless]
})

/**
 * Where serial-tracked units are after the movements: each from the one place where it is (L5), one after the
 * other. Only an arrival from outside may bring a serial that was never seen.
 */
const moveNamed = Effect.fnUntraced(function* (
  movements: ReadonlyArray<Moved>,
): Effect.fn.Return<
  ReadonlyArray<Entry>,
  SerialElsewhere | StoreUnavailable,
  Store | CurrentPartition
> {
  const stored = yield* readSerials(movements)
  const now = new Map<SerialId, StockSerial>([...stored].map(([id, { value }]) => [id, value]))
  const touched = new Set<SerialId>()
  for (const movement of movements) {
    const { sku, lot, serial, to } = movement
    if (serial === undefined) continue
    const id = serialIdOf(sku, serial)
    const known = now.get(id)
    if (!isThere(known, movement))
      return yield* new SerialElsewhere({
        sku,
        serial,
        ...(known !== undefined && { location: known.location }),
      })
    const cell = cellOf(to, { sku, lot })
    now.set(id, {
      id,
      sku,
      serial,
      ...(lot !== undefined && { lot }),
      location: to,
      ...(cell !== undefined && { cell }),
      movedAt: movement.occurredAt,
    })
    touched.add(id)
  }
  return [...touched].flatMap((id) => {
    const next = now.get(id)
    const before = stored.get(id)
    if (next === undefined) return []
    return [before === undefined ? insert(StockSerials, next) : replace(before, next)]
  })
})

/**
 * A tracked unit leaves its cell by name. Units without one, from before the product was tracked, may leave as long as
 * the cell has so many of them: the cell is held, so that nobody else takes the same ones.
 */
const holdNameless = Effect.fnUntraced(function* (
  movements: ReadonlyArray<Moved>,
): Effect.fn.Return<
  ReadonlyArray<Entry>,
  TrackingRefused | StoreUnavailable,
  Store | CurrentPartition
> {
  const store = yield* Store
  const leaving = new Map<CellId, { readonly movement: Moved; readonly units: number }>()
  for (const movement of movements) {
    const cell = movement.serial === undefined ? cellOf(movement.from, movement) : undefined
    if (cell === undefined) continue
    leaving.set(cell, { movement, units: (leaving.get(cell)?.units ?? 0) + movement.quantity })
  }
  const entries: Array<Entry> = []
  const balances = yield* store.getMany(StockBalances, leaving.keys())
  for (const [cell, { movement, units }] of leaving) {
    const balance = balances.get(cell)
    if (balance === undefined) continue
    const named = yield* readEveryPage((after) =>
      store.find(StockSerials, "cell", { equals: { cell }, after, limit: MAX_PAGE }),
    )
    if (units <= balance.value.onHand && units > balance.value.onHand - named.length)
      return yield* Effect.fromResult(
        refuseTracking(movement, "serial", "units with serial numbers move by their numbers"),
      )
    entries.push(check(balance))
  }
  return entries
})

const isThere = (
  known: StockSerial | undefined,
  movement: Pick<NewMovement, "from" | "to" | "lot">,
): boolean =>
  known === undefined
    ? isArrival(movement)
    : placeOf(known.location) === placeOf(movement.from) && known.lot === movement.lot

const readSerials = Effect.fnUntraced(function* (
  movements: ReadonlyArray<Moved>,
): Effect.fn.Return<
  ReadonlyMap<SerialId, Stored<StockSerial>>,
  StoreUnavailable,
  Store | CurrentPartition
> {
  const wanted = movements.flatMap(({ sku, serial }) =>
    serial === undefined ? [] : [serialIdOf(sku, serial)],
  )
  return yield* (yield* Store).getMany(StockSerials, wanted)
})
