import * as Schema from "effect/Schema"
import { ChannelSku } from "../catalogue/index.ts"
import { CountryCode, Currency, Money, Quantity, Timestamp, Units } from "../kernel/index.ts"
import { ConnectionId } from "../party/index.ts"
import { ExternalId, ExternalVersion, PaymentState, ServiceLevel } from "./Order.ts"
import { LineId } from "./OrderLine.ts"

/** One line as the channel has it. Two lines may have the same SKU. */
export const SnapshotLine = Schema.Struct({
  externalLineId: LineId,
  channelSku: ChannelSku,
  /** What the channel sold, in its own units. */
  quantity: Quantity,
  /** How much of it the channel has cancelled. */
  cancelled: Schema.optionalKey(Units),
  /** What the buyer pays for the line. */
  total: Money,
})
export type SnapshotLine = typeof SnapshotLine.Type

const Fields = Schema.Struct({
  connection: ConnectionId,
  externalId: ExternalId,
  externalVersion: ExternalVersion,
  orderedAt: Timestamp,
  country: CountryCode,
  currency: Currency,
  payment: PaymentState,
  serviceLevel: Schema.optionalKey(ServiceLevel),
  /** By when the channel promised that it leaves. */
  shipBy: Schema.optionalKey(Timestamp),
  lines: Schema.NonEmptyArray(SnapshotLine),
  /** The channel cancelled the whole order. */
  cancelled: Schema.optionalKey(Schema.Boolean),
})

/** An order as a channel has it at one version, without anything that names its buyer. */
export const OrderSnapshot = Fields.check(
  Schema.makeFilter((snapshot: typeof Fields.Type) => {
    const seen = new Set<string>()
    for (const [place, line] of snapshot.lines.entries()) {
      const at = (field: string, issue: string) => ({ path: ["lines", place, field], issue })
      if (seen.has(line.externalLineId)) return at("externalLineId", "each line once")
      seen.add(line.externalLineId)
      if (line.total.currency !== snapshot.currency) return at("total", "the order's currency")
      if ((line.cancelled ?? 0) > line.quantity)
        return at("cancelled", "no more than the line's quantity")
    }
    return undefined
  }),
)
export type OrderSnapshot = typeof OrderSnapshot.Type

/** Whether the channel cancelled everything: as a whole, or line by line. */
export const isCancelled = ({ cancelled, lines }: OrderSnapshot): boolean =>
  cancelled === true || lines.every(({ cancelled: gone = 0, quantity }) => gone >= quantity)
