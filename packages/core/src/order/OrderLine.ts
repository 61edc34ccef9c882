import * as Schema from "effect/Schema"
import { ChannelSku } from "../catalogue/index.ts"
import { WarehouseId } from "../inventory/index.ts"
import { Money, Quantity, Sku, Units } from "../kernel/index.ts"
import { ACTIVE, areBalanced, COMMITTABLE, LineBuckets, PINNED, unitsIn } from "./lineBuckets.ts"

/** The channel's id of a line, which stays the same whatever becomes of the line: 1 to 128 printable characters. */
export const LineId = Schema.String.check(Schema.isPattern(/^[!-~]{1,128}$/u)).pipe(
  Schema.brand("LineId"),
)
export type LineId = typeof LineId.Type

const Line = Schema.Struct({
  id: LineId,
  channelSku: ChannelSku,
  /** What is shipped for it: a product or a virtual kit. Absent while nothing in the catalogue answers to the channel SKU. */
  sku: Schema.optionalKey(Sku),
  /** Units of `sku` for each unit that the channel sells. */
  multiple: Quantity,
  /** All in units of `sku`; while it is unresolved, in the channel's units. */
  buckets: LineBuckets,
  /** Units under live commitments: all that are pinned to cells, and those of the open ones that stock is promised to. */
  committed: Units,
  /** Units ordered beside what the channel's line says. */
  addedHere: Units,
  /** Cancelled units that the channel need not know of: no newer snapshot brings them back. */
  cancelledHere: Units,
  /** What left for child orders, and its share of the total. */
  splitOff: Schema.optionalKey(Schema.Struct({ units: Quantity, total: Money })),
  /** Where it is served from, once an order was brokered. To serve a line from two warehouses, split the order. */
  warehouse: Schema.optionalKey(WarehouseId),
  /** What the buyer pays for the line. */
  total: Money,
})

/** One thing ordered. Its buckets balance and its commitments lie within them in every record (O2). */
export const OrderLine = Line.check(
  Schema.makeFilter((line: typeof Line.Type) => {
    const issue = faultOf(line)
    return issue === undefined ? undefined : { path: ["buckets"], issue }
  }),
)
export type OrderLine = typeof OrderLine.Type

const faultOf = ({ buckets, committed, sku }: typeof Line.Type): string | undefined => {
  if (!areBalanced(buckets)) return "units that sum to what was ordered"
  if (committed > unitsIn(buckets, COMMITTABLE)) return "commitments within the units to leave"
  if (committed < unitsIn(buckets, PINNED)) return "a commitment behind each pinned unit"
  if (sku === undefined && (committed > 0 || buckets.shipped > 0)) return "no unit of no SKU"
  return undefined
}

/** Units that are still to leave. */
export const activeUnits = ({ buckets }: OrderLine): number => unitsIn(buckets, ACTIVE)

/** Open units that no stock is promised to. */
export const uncommittedUnits = ({ buckets, committed }: OrderLine): number =>
  unitsIn(buckets, COMMITTABLE) - committed

/** Open units with stock promised to them: what can be allocated. */
export const allocatableUnits = ({ buckets, committed }: OrderLine): number =>
  committed - unitsIn(buckets, PINNED)

/**
 * The line with other buckets. Where they hold fewer units that a commitment may stand behind, the rest of the
 * commitment falls away: units without one go first.
 */
export const withBuckets = (line: OrderLine, buckets: LineBuckets): OrderLine => {
  const committed = Math.min(line.committed, unitsIn(buckets, COMMITTABLE)) as Units
  return buckets === line.buckets && committed === line.committed
    ? line
    : { ...line, buckets, committed }
}

/** The line with stock promised to more of its units. */
export const withCommitted = (line: OrderLine, units: number): OrderLine => ({
  ...line,
  committed: (line.committed + units) as Units,
})
