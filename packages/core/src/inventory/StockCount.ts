import * as Schema from "effect/Schema"
import { ActorRef } from "../audit/index.ts"
import { SignedUnits, Sku, Timestamp, Units, Uuid } from "../kernel/index.ts"
import { Collection, index } from "../store/index.ts"
import { BinCode, CellId, Condition, LotCode, PackageCode, WarehouseId } from "./Cell.ts"
import { MovementId, type StockMovement } from "./StockMovement.ts"

export const CountId = Uuid.pipe(Schema.brand("CountId"))
export type CountId = typeof CountId.Type

/** `recorded` waits for somebody to judge it. The others are final. */
export const CountState = Schema.Literals(["recorded", "approved", "rejected"])
export type CountState = typeof CountState.Type

/**
 * An observation: somebody looked into a cell and counted (domain 1.6). It changes no stock. Approving it posts one
 * movement of the difference to what the books held at that instant.
 */
export const StockCount = Schema.Struct({
  id: CountId,
  cell: CellId,
  warehouse: WarehouseId,
  bin: BinCode,
  package: Schema.optionalKey(PackageCode),
  sku: Sku,
  lot: Schema.optionalKey(LotCode),
  condition: Condition,
  /** Expiry seen on units of a lot that may be new. */
  expiresAt: Schema.optionalKey(Timestamp),
  counted: Units,
  countedAt: Timestamp,
  counter: ActorRef,
  /** Whether the counter did not see what the books expect. */
  blind: Schema.Boolean,
  state: CountState,
  recordedAt: Timestamp,
  resolvedAt: Schema.optionalKey(Timestamp),
  /** Once approved: counted less what the books held at `countedAt`, and the movement of it, unless it is 0. */
  variance: Schema.optionalKey(SignedUnits),
  movement: Schema.optionalKey(MovementId),
})
export type StockCount = typeof StockCount.Type

export const StockCounts = Collection.make("stock_counts", {
  schema: StockCount,
  key: (count) => count.id,
  indexes: { state: index("state", "countedAt"), cell: index("cell", "state", "countedAt") },
})

/** The count was judged before. */
export class CountResolved extends Schema.TaggedError<CountResolved>()("CountResolved", {
  count: CountId,
  state: CountState,
}) {}

/** A later count of the cell was approved already, and found what this one did. Reject this one. */
export class CountSuperseded extends Schema.TaggedError<CountSuperseded>()("CountSuperseded", {
  count: CountId,
  by: CountId,
}) {}

type Passed = Pick<StockMovement, "fromCell" | "toCell" | "quantity" | "occurredAt">

/**
 * What the books hold of a cell at a past instant: what they hold now, less what happened since. A movement counts
 * as before when it happened before, however late it was written down: the counter saw its effect.
 *
 * @param onHand what the books hold now
 * @param later movements of the cell; those that happened up to `at` are passed over
 */
export const onHandAt = (
  cell: CellId,
  at: Timestamp,
  onHand: number,
  later: Iterable<Passed>,
): number => {
  let units = onHand
  for (const { fromCell, toCell, quantity, occurredAt } of later) {
    if (occurredAt <= at) continue
    if (toCell === cell) units -= quantity
    if (fromCell === cell) units += quantity
  }
  return units
}

/** The difference that a count found: `counted - onHandAt(countedAt)`, never `counted - onHandNow` (domain 1.6). */
export const varianceOf = (
  count: Pick<StockCount, "cell" | "counted" | "countedAt">,
  onHand: number,
  later: Iterable<Passed>,
): SignedUnits =>
  (count.counted - onHandAt(count.cell, count.countedAt, onHand, later)) as SignedUnits
