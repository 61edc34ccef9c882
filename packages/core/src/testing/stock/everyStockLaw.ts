import { choiceLaws } from "./choiceLaws.ts"
import { countingLaws } from "./countingLaws.ts"
import { fitnessLaws } from "./fitnessLaws.ts"
import { journalLaws } from "./journalLaws.ts"
import { kitLaws } from "./kitLaws.ts"
import { onceLaws } from "./onceLaws.ts"
import { placeLaws } from "./placeLaws.ts"
import { promiseLaws } from "./promiseLaws.ts"
import { releaseLaws } from "./releaseLaws.ts"
import { repetitionLaws } from "./repetitionLaws.ts"
import type { StockLaw } from "./StockLaw.ts"

/** The laws of domain 3 that are about stock, in its order: L1 to L6, R1 to R11. */
export const everyStockLaw: ReadonlyArray<StockLaw> = [
  ...countingLaws,
  ...journalLaws,
  ...placeLaws,
  ...promiseLaws,
  ...releaseLaws,
  ...onceLaws,
  ...repetitionLaws,
  ...choiceLaws,
  ...fitnessLaws,
  ...kitLaws,
]
