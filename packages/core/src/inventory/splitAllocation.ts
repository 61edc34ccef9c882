import * as Effect from "effect/Effect"
import { type Ids, nextId, type Quantity, type Timestamp } from "../kernel/index.ts"
import { type Entry, insert, replace, type Stored } from "../store/index.ts"
import { type Allocation, AllocationId, Allocations } from "./Allocation.ts"

/** Units of one live allocation. */
export interface AllocationPart {
  readonly allocation: Stored<Allocation>
  readonly quantity: number
}

/** The first units of a list of allocations, up to a number: whole ones, and a part of the last. */
export const firstUnits = (
  allocations: ReadonlyArray<Stored<Allocation>>,
  quantity: number,
): ReadonlyArray<AllocationPart> => {
  const parts: Array<AllocationPart> = []
  let left = quantity
  for (const allocation of allocations) {
    if (left === 0) break
    const units = Math.min(left, allocation.value.quantity)
    parts.push({ allocation, quantity: units })
    left -= units
  }
  return parts
}

/** What an allocation, or a part of one, becomes. */
export type Resolution = Pick<Allocation, "state" | "resolvedAt">

/** Live units given back, as of an instant. */
export const releasedAt = (at: Timestamp): Resolution => ({ state: "released", resolvedAt: at })

/** Live units that left, as of an instant. */
export const postedAt = (at: Timestamp): Resolution => ({ state: "posted", resolvedAt: at })

/**
 * Resolves units of a live allocation. All of them: the allocation ends. Some of them: a new allocation records
 * what ended, and the old one keeps its id and the other units.
 *
 * @param rest what else becomes of the other units; they stay live as they are, when left out
 */
export const splitAllocation = Effect.fnUntraced(function* (
  { allocation, quantity }: AllocationPart,
  resolution: Resolution,
  rest: Partial<Allocation> = {},
): Effect.fn.Return<
  { readonly entries: ReadonlyArray<Entry>; readonly resolved: Allocation },
  never,
  Ids
> {
  const whole = allocation.value
  if (quantity === whole.quantity) {
    const resolved: Allocation = { ...whole, ...resolution }
    return { entries: [replace(allocation, resolved)], resolved }
  }
  const resolved: Allocation = {
    ...whole,
    ...resolution,
    id: yield* nextId(AllocationId),
    quantity: quantity as Quantity,
  }
  const left = (whole.quantity - quantity) as Quantity
  return {
    entries: [
      replace(allocation, { ...whole, ...rest, quantity: left }),
      insert(Allocations, resolved),
    ],
    resolved,
  }
})
