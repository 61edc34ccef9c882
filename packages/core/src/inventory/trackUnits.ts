import * as Result from "effect/Result"
import type { TrackingPolicy } from "../catalogue/index.ts"
import { isArrival, isSellable, type NewMovement } from "./NewMovement.ts"
import type { StockLot } from "./StockLot.ts"
import { LotRefused, TrackingRefused } from "./stockErrors.ts"

/** The refusal of one field of a movement. */
export const refuseTracking = (
  { sku }: NewMovement,
  field: TrackingRefused["field"],
  reason: string,
): Result.Result<never, TrackingRefused> => Result.fail(new TrackingRefused({ sku, field, reason }))

/**
 * Whether a movement says what its product's policy wants of it. The policy holds for units that arrive from outside:
 * they bring lot, expiry and serial. Units that are here keep what they came with, also when the policy changed since.
 */
export const checkTracking = (
  movement: NewMovement,
  tracking: TrackingPolicy,
): Result.Result<void, TrackingRefused> => {
  if (movement.serial !== undefined && movement.quantity !== 1)
    return refuseTracking(movement, "quantity", "a serial number is one unit")
  return isArrival(movement) && movement.corrects === undefined
    ? checkArrival(movement, tracking)
    : Result.succeed(undefined)
}

const checkArrival = (
  movement: NewMovement,
  tracking: TrackingPolicy,
): Result.Result<void, TrackingRefused> => {
  const { lot, serial, expiresAt } = movement
  if (tracking.serial && serial === undefined)
    return refuseTracking(
      movement,
      "serial",
      "units of this product arrive with their serial numbers",
    )
  if (!tracking.serial && serial !== undefined)
    return refuseTracking(movement, "serial", "this product is not tracked by serial number")
  if (tracking.lot && lot === undefined)
    return refuseTracking(movement, "lot", "units of this product arrive with their lot")
  if (!tracking.lot && lot !== undefined)
    return refuseTracking(movement, "lot", "this product is not tracked by lot")
  if (!tracking.expiry && expiresAt !== undefined)
    return refuseTracking(movement, "expiresAt", "this product is not tracked by expiry")
  return Result.succeed(undefined)
}

/**
 * Whether units may arrive in a lot with the expiry that they bring: the first arrival decides it for the lot, and
 * later ones agree with it or say nothing.
 *
 * @param lot the lot as recorded, or undefined before its first arrival
 */
export const checkExpiry = (
  movement: NewMovement,
  tracking: TrackingPolicy,
  lot: Pick<StockLot, "expiresAt"> | undefined,
): Result.Result<void, TrackingRefused> => {
  if (movement.corrects !== undefined) return Result.succeed(undefined)
  if (lot === undefined)
    return tracking.expiry && movement.expiresAt === undefined
      ? refuseTracking(movement, "expiresAt", "the first units of a lot arrive with their expiry")
      : Result.succeed(undefined)
  return movement.expiresAt !== undefined && movement.expiresAt !== lot.expiresAt
    ? refuseTracking(movement, "expiresAt", "the lot is recorded with another expiry")
    : Result.succeed(undefined)
}

/** Whether the movement turns units into sellable ones that were not. */
export const makesSellable = ({ from, to }: Pick<NewMovement, "from" | "to">): boolean =>
  isSellable(to) && !isSellable(from)

/** Whether units of the lot may become sellable at this instant. Expired means `expiresAt <= at` (T2). */
export const checkLot = (
  lot: Pick<StockLot, "sku" | "lot" | "expiresAt" | "recalledAt">,
  at: number,
): Result.Result<void, LotRefused> => {
  const { sku, lot: code } = lot
  if (lot.recalledAt !== undefined)
    return Result.fail(new LotRefused({ sku, lot: code, reason: "recalled" }))
  return lot.expiresAt !== undefined && lot.expiresAt <= at
    ? Result.fail(new LotRefused({ sku, lot: code, reason: "expired" }))
    : Result.succeed(undefined)
}
