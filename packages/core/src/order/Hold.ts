import * as Schema from "effect/Schema"
import { Timestamp } from "../kernel/index.ts"

/** Why an order is held back: a closed list (domain 2.1). */
export const HoldCode = Schema.Literals([
  "payment",
  "fraud",
  "address",
  "operator",
  "client",
  "stock",
  "batch_recall",
  "customs",
  "out_of_hours",
])
export type HoldCode = typeof HoldCode.Type

/** Who set a hold, as a handle: it tells several holds of one code apart. `import` is the import's own. */
export const HoldSource = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][a-z0-9._:-]{0,63}$/u),
).pipe(Schema.brand("HoldSource"))
export type HoldSource = typeof HoldSource.Type

/** More about a hold, as a code of whoever set it: no free text comes into an order. */
export const HoldReason = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9_]{0,63}$/u)).pipe(
  Schema.brand("HoldReason"),
)
export type HoldReason = typeof HoldReason.Type

/** Something that must be cleared before the order goes on. Its code and source name it. */
export const Hold = Schema.Struct({
  code: HoldCode,
  source: HoldSource,
  reason: Schema.optionalKey(HoldReason),
  heldAt: Timestamp,
})
export type Hold = typeof Hold.Type

/** The source of the holds that importing sets and lifts by itself. */
export const IMPORT_SOURCE = "import" as HoldSource

type HoldName = Pick<Hold, "code" | "source">

/** Whether two holds are the same one. */
export const isSameHold = (left: HoldName, right: HoldName): boolean =>
  left.code === right.code && left.source === right.source

/** The holds of both lists, each once; of a hold in both the first one stays, with its instant. */
export const joinHolds = (
  first: ReadonlyArray<Hold>,
  second: ReadonlyArray<Hold>,
): ReadonlyArray<Hold> => [
  ...first,
  ...second.filter((hold) => !first.some((other) => isSameHold(hold, other))),
]
