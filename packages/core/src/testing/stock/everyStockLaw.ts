import { choiceLaws } from "./choiceLaws.ts"
import { countingLaws } from "./countingLaws.ts"
import { journalLaws } from "./journalLaws.ts"
import { kitLaws } from "./kitLaws.ts"
import { promiseLaws } from "./promiseLaws.ts"
import { repetitionLaws } from "./repetitionLaws.ts"
import { resolutionLaws } from "./resolutionLaws.ts"
import type { StockLaw } from "./StockLaw.ts"

/** The laws of domain 3 that are about stock, in its order: L1 to L6, R1 to R11. */
export const everyStockLaw: ReadonlyArray<StockLaw> = [
  ...countingLaws,
  ...journalLaws,
  ...promiseLaws,
  ...resolutionLaws,
  ...repetitionLaws,
  ...choiceLaws,
  ...kitLaws,
]
