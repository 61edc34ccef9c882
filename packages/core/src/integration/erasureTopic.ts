import * as Schema from "effect/Schema"
import { Erasure } from "../privacy/index.ts"
import { topic } from "./Outbox.ts"

/** Something is gone for good: the erasure ledger is to have it, also when the host stopped right after (I9). */
export const ErasureRecorded = topic(
  "erasure.recorded",
  Schema.Struct({ erasures: Schema.Array(Erasure) }),
)
