import type { Step } from "./StockLaw.ts"
import { sumBy } from "./StockLedger.ts"
import type { CallOf } from "./StockTrace.ts"

/** Units that an allocation is to pin, by pool; undefined where there is nothing to pin, or it is over. */
export const wantedBy = (
  { before, at }: Step,
  { input }: CallOf<"allocateStock">,
): ReadonlyMap<string, number> | undefined => {
  const pending = before.commitments.filter(
    ({ state, documentId }) => state === "pending" && documentId === input.document?.id,
  )
  return pending.length === 0 || pending.some(({ expiresAt }) => (expiresAt ?? at + 1) <= at)
    ? undefined
    : sumBy(
        pending,
        ({ pool }) => pool,
        ({ unallocated }) => unallocated,
      )
}
