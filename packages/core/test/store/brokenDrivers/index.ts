import { batches } from "./batches.ts"
import { counters } from "./counters.ts"
import { encodings } from "./encodings.ts"
import type { BrokenDriver } from "./faulty.ts"
import { finds } from "./finds.ts"
import { guards } from "./guards.ts"
import { leaks } from "./leaks.ts"
import { many } from "./many.ts"
import { pages } from "./pages.ts"
import { sweeps } from "./sweeps.ts"
import { uniques } from "./uniques.ts"

/** Every driver that is broken on purpose, with the clauses that must catch it. */
export const brokenDrivers: ReadonlyArray<BrokenDriver> = [
  ...batches,
  ...counters,
  ...encodings,
  ...finds,
  ...guards,
  ...leaks,
  ...many,
  ...pages,
  ...sweeps,
  ...uniques,
]
