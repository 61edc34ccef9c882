import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { NotFound } from "../access/index.ts"
import { lookUpProduct } from "../catalogue/index.ts"
import { query } from "../command/index.ts"
import { Sku, sumUnits, type Units } from "../kernel/index.ts"
import { MAX_PAGE, readEveryPage, Store } from "../store/index.ts"
import { WarehouseId } from "./Cell.ts"
import { type StockBalance, StockBalances } from "./StockBalance.ts"
import { quantitiesOf, type StockPool, StockPools, type StockQuantities } from "./StockPool.ts"
import { inTransitOf, StockTransfers } from "./StockTransfer.ts"

/** The quantities of domain 1.3, with the part of `committed` that is pinned to cells. */
export interface StockFigures extends StockQuantities {
  readonly allocated: Units
}

/** What lies in one warehouse; its cells that are not empty, where they were asked for. */
export interface WarehouseStock extends StockFigures {
  readonly warehouse: WarehouseId
  readonly cells: ReadonlyArray<StockBalance>
}

/** What a merchant has of one SKU. */
export interface StockReport {
  readonly sku: Sku
  readonly warehouses: ReadonlyArray<WarehouseStock>
  /**
   * Sums over the warehouses. `available` and `shortfall` are summed each on their own: what is missing in one
   * warehouse does not lower what another can sell.
   */
  readonly total: StockFigures
  /** Units between own warehouses, in no warehouse's `onHand`. */
  readonly inTransit: Units
}

/** Sums figures, each on its own. */
export const totalOf = (figures: ReadonlyArray<StockFigures>): StockFigures => ({
  onHand: sumUnits(figures.map(({ onHand }) => onHand)),
  unsellable: sumUnits(figures.map(({ unsellable }) => unsellable)),
  sellable: sumUnits(figures.map(({ sellable }) => sellable)),
  committed: sumUnits(figures.map(({ committed }) => committed)),
  available: sumUnits(figures.map(({ available }) => available)),
  shortfall: sumUnits(figures.map(({ shortfall }) => shortfall)),
  allocated: sumUnits(figures.map(({ allocated }) => allocated)),
})

/**
 * How many units of a SKU there are, for each warehouse and in all. A SKU that was never received has no warehouse.
 * The figures are read one after the other: while others work, they may stem from different instants.
 *
 * @param input.warehouse only this warehouse
 * @param input.cells whether to list the cells that hold units
 * @returns fails with `NotFound` for a SKU that is no product
 */
export const readStock = query({
  action: "readStock",
  input: Schema.Struct({
    sku: Sku,
    warehouse: Schema.optionalKey(WarehouseId),
    cells: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  }),
  read: Effect.fnUntraced(function* ({ sku, warehouse, cells }) {
    if (Option.isNone(yield* lookUpProduct(sku)))
      return yield* new NotFound({ kind: "product", id: sku })
    const store = yield* Store
    const pools = yield* readEveryPage((after) =>
      store.find(StockPools, "sku", {
        equals: warehouse === undefined ? { sku } : { sku, warehouse },
        after,
        limit: MAX_PAGE,
      }),
    )
    const warehouses = yield* Effect.forEach(pools, ({ value }) => readWarehouse(value, cells))
    const report: StockReport = {
      sku,
      warehouses,
      total: totalOf(warehouses),
      inTransit: yield* readInTransit(sku),
    }
    return report
  }),
})

const readWarehouse = Effect.fnUntraced(function* (pool: StockPool, withCells: boolean) {
  const store = yield* Store
  const { warehouse, sku } = pool
  const stored = yield* readEveryPage((after) =>
    store.find(StockBalances, "sku", { equals: { warehouse, sku }, after, limit: MAX_PAGE }),
  )
  const cells = stored.flatMap(({ value }) => (value.onHand > 0 ? [value] : []))
  const figures: WarehouseStock = {
    warehouse,
    ...quantitiesOf(pool),
    allocated: sumUnits(cells.map(({ allocated }) => allocated)),
    cells: withCells ? cells : [],
  }
  return figures
})

const readInTransit = Effect.fnUntraced(function* (sku: Sku) {
  const store = yield* Store
  const open = yield* readEveryPage((after) =>
    store.find(StockTransfers, "state", {
      equals: { state: "in_transit" },
      after,
      limit: MAX_PAGE,
    }),
  )
  const lines = open.flatMap(({ value }) => value.lines.filter((line) => line.sku === sku))
  return sumUnits(lines.map(inTransitOf))
})
