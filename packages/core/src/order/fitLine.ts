import type { ChannelSku } from "../catalogue/index.ts"
import { type Money, NO_UNITS, type Quantity, type Units } from "../kernel/index.ts"
import { type Bucket, gatherUnits, NO_BUCKETS, orderUnits } from "./lineBuckets.ts"
import { type LineId, type OrderLine, withBuckets } from "./OrderLine.ts"
import type { SnapshotLine } from "./OrderSnapshot.ts"
import type { Resolution } from "./resolveSkus.ts"

/** The buckets that an amendment may take from: only units that are not packed yet (domain 2.2). */
export const AMENDABLE: ReadonlyArray<Bucket> = ["backordered", "open", "allocated", "picked"]

/** A new line, all of whose units are open. */
export const newLine = (line: {
  readonly id: LineId
  readonly channelSku: ChannelSku
  readonly quantity: number
  readonly total: Money
  readonly resolution: Resolution | undefined
}): OrderLine => {
  const multiple = line.resolution?.multiple ?? (1 as Quantity)
  return {
    id: line.id,
    channelSku: line.channelSku,
    ...(line.resolution !== undefined && { sku: line.resolution.sku }),
    multiple,
    buckets: orderUnits(NO_BUCKETS, "open", line.quantity * multiple),
    committed: NO_UNITS,
    addedHere: NO_UNITS,
    cancelledHere: NO_UNITS,
    total: line.total,
  }
}

/** A line of an unknown SKU, now that the SKU is known: its units are counted in units of it. */
export const resolveLine = (line: OrderLine, { sku, multiple }: Resolution): OrderLine => {
  const scale = (units: number): Units => (units * multiple) as Units
  const { ordered, cancelled, open } = line.buckets
  return {
    ...line,
    sku,
    multiple,
    buckets: {
      ...line.buckets,
      ordered: scale(ordered),
      cancelled: scale(cancelled),
      open: scale(open),
    },
    addedHere: scale(line.addedHere),
    cancelledHere: scale(line.cancelledHere),
  }
}

/** A line as a newer snapshot wants it, as far as that can be. */
export interface Fitted {
  readonly line: OrderLine
  /** Units that the snapshot takes away, but that are packed, shipped or split off already. */
  readonly refused: number
}

/**
 * Fits a line to what the channel now says of it. More units are open ones; fewer are taken from those that are
 * least advanced, never from packed or shipped ones. What was added or cancelled here stays so.
 *
 * @param wanted in the channel's units; nothing of a line that it has no more
 */
export const fitLine = (
  line: OrderLine,
  wanted: Pick<SnapshotLine, "cancelled" | "total"> & { readonly quantity: number },
): Fitted => {
  const asked = wanted.quantity * line.multiple + line.addedHere - (line.splitOff?.units ?? 0)
  const gone = Math.max((wanted.cancelled ?? 0) * line.multiple, line.cancelledHere)
  const fixed = line.buckets.packed + line.buckets.shipped
  const live = Math.max(0, Math.max(0, asked) - gone)
  const kept = Math.max(live, fixed)
  const ordered = Math.max(asked, kept)
  const more = kept - (line.buckets.ordered - line.buckets.cancelled)
  const buckets = gatherUnits(line.buckets, AMENDABLE, "cancelled", Math.max(0, -more))
  return {
    line: withBuckets(
      { ...line, total: lessSplit(wanted.total, line) },
      {
        ...buckets,
        ordered: ordered as Units,
        cancelled: (ordered - kept) as Units,
        open: (buckets.open + Math.max(0, more)) as Units,
      },
    ),
    refused: kept - live + Math.max(0, -asked),
  }
}

const lessSplit = (total: Money, { splitOff }: OrderLine): Money =>
  splitOff === undefined ? total : { ...total, minor: total.minor - splitOff.total.minor }
