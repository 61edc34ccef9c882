import { choiceMutants } from "./choiceMutants.ts"
import { ledgerMutants } from "./ledgerMutants.ts"
import { promiseMutants } from "./promiseMutants.ts"
import type { StockMutant } from "./tampered.ts"

/** Every set of operations that is wrong on purpose, with the laws that must say so. */
export const stockMutants: ReadonlyArray<StockMutant> = [
  ...ledgerMutants,
  ...promiseMutants,
  ...choiceMutants,
]
