import * as Result from "effect/Result"
import { clampToPresent, MAX_UNITS, type Quantity, type Timestamp } from "../kernel/index.ts"
import { cancelUnits, everyActiveUnit } from "./cancelUnits.ts"
import { fitLine, newLine, resolveLine } from "./fitLine.ts"
import { withImportHolds } from "./importHolds.ts"
import type { Order, OrderId } from "./Order.ts"
import { isFinished } from "./Order.ts"
import type { LineId, OrderLine } from "./OrderLine.ts"
import type { OrderSettings } from "./OrderSettings.ts"
import type { OrderSnapshot, SnapshotLine } from "./OrderSnapshot.ts"
import type { Resolutions } from "./resolveSkus.ts"
import type { LineUnits } from "./takeUnits.ts"

/** What a snapshot is read with. */
export interface SnapshotContext {
  readonly resolutions: Resolutions
  readonly settings: Pick<OrderSettings, "holdUnpaid">
  readonly at: Timestamp
}

/** The order that a channel's snapshot stands for, when it is seen for the first time. */
export const orderFrom = (
  id: OrderId,
  snapshot: OrderSnapshot,
  context: SnapshotContext,
): Order => {
  const [first, ...rest] = snapshot.lines
  const lineFrom = (line: SnapshotLine) => fitLine(freshLine(line, context), line).line
  return withImportHolds(
    mirrored(
      {
        id,
        connection: snapshot.connection,
        externalId: snapshot.externalId,
        orderedAt: snapshot.orderedAt,
        importedAt: context.at,
        country: snapshot.country,
        currency: snapshot.currency,
        state: "accepted",
        payment: snapshot.payment,
        lines: [lineFrom(first), ...rest.map(lineFrom)],
        holds: [],
        children: [],
        pii: { _tag: "NotFetched" },
      },
      snapshot,
      context.at,
    ),
    context,
  )
}

/** An order after a newer snapshot of it. */
export interface Amended {
  readonly order: Order
  /** Units of which the snapshot wants fewer or more than can be any more, by line. */
  readonly refused: ReadonlyArray<LineUnits>
}

/**
 * The order as a newer snapshot wants it, as far as that can be: a unit that is packed or shipped stays, and so does
 * what was split off. An order that has ended keeps its lines; only what the channel says of it is mirrored.
 */
export const amendFrom = (
  order: Order,
  snapshot: OrderSnapshot,
  context: SnapshotContext,
): Amended => {
  const now = mirrored(order, snapshot, context.at)
  const { lines, refused } = fitLines(order, snapshot, context)
  return isFinished(order)
    ? { order: now, refused: changedLines(order, lines) }
    : { order: withImportHolds({ ...now, lines }, context, refused.length > 0), refused }
}

/** The child of a split with what a newer snapshot says of the whole order: not its lines. */
export const mirrorChild = (
  child: Order,
  snapshot: OrderSnapshot,
  context: SnapshotContext,
): Order => {
  const { externalVersion: _, ...mirror } = mirrored(child, snapshot, context.at)
  return withImportHolds(mirror, context)
}

/** The order with every unit that is still to leave cancelled, as its channel wants it. */
export const cancelledByChannel = (order: Order): Order =>
  Result.getOrThrow(cancelUnits(order, everyActiveUnit(order), "channel"))

/** The lines whose units would pass what a line may hold, by their place in the snapshot. */
export const oversizedLine = (
  snapshot: OrderSnapshot,
  resolutions: Resolutions,
): number | undefined => {
  const place = snapshot.lines.findIndex(
    ({ channelSku, quantity }) =>
      quantity * (resolutions.get(channelSku)?.multiple ?? 1) > MAX_UNITS,
  )
  return place < 0 ? undefined : place
}

const freshLine = (
  { externalLineId, channelSku, quantity, total }: SnapshotLine,
  { resolutions }: Pick<SnapshotContext, "resolutions">,
): OrderLine =>
  newLine({
    id: externalLineId,
    channelSku,
    quantity,
    total,
    resolution: resolutions.get(channelSku),
  })

const mirrored = (order: Order, snapshot: OrderSnapshot, at: Timestamp): Order => {
  const { serviceLevel: _, shipBy, ...rest } = order
  // A release says by when the order leaves; until then the channel does.
  const leaves = snapshot.shipBy ?? (order.releasedAt === undefined ? undefined : shipBy)
  return {
    ...rest,
    externalVersion: snapshot.externalVersion,
    orderedAt: clampToPresent(snapshot.orderedAt, at),
    country: snapshot.country,
    payment: snapshot.payment,
    ...(snapshot.serviceLevel !== undefined && { serviceLevel: snapshot.serviceLevel }),
    ...(leaves !== undefined && { shipBy: leaves }),
  }
}

const fitLines = (
  order: Order,
  snapshot: OrderSnapshot,
  context: SnapshotContext,
): { readonly lines: Order["lines"]; readonly refused: ReadonlyArray<LineUnits> } => {
  const known = new Map(order.lines.map((line) => [line.id, line]))
  const lines: Array<OrderLine> = []
  const refused: Array<LineUnits> = []
  const refuse = (line: LineId, units: number) => {
    if (units > 0) refused.push({ line, quantity: units as Quantity })
  }
  for (const wanted of snapshot.lines) {
    const line = known.get(wanted.externalLineId)
    known.delete(wanted.externalLineId)
    const meant = line === undefined ? freshLine(wanted, context) : sameLine(line, wanted, context)
    if (meant === undefined) {
      refuse(wanted.externalLineId, wanted.quantity)
      if (line !== undefined) lines.push(line)
      continue
    }
    const fitted = fitLine(meant, wanted)
    lines.push(fitted.line)
    refuse(meant.id, fitted.refused)
  }
  for (const line of known.values()) {
    const fitted = fitLine(line, { quantity: 0, total: line.total })
    refuse(line.id, fitted.refused)
    if (fitted.line.buckets.ordered > 0 || line.splitOff !== undefined)
      lines.push({ ...fitted.line, total: line.total })
  }
  // A snapshot has a line, and it became one of these.
  return { lines: lines as unknown as Order["lines"], refused }
}

/** The line that the snapshot means: begun anew where it now sells another thing, unless units have gone too far. */
const sameLine = (
  line: OrderLine,
  wanted: SnapshotLine,
  context: SnapshotContext,
): OrderLine | undefined => {
  if (line.channelSku !== wanted.channelSku) {
    const { picked, packed, shipped } = line.buckets
    const gone = picked + packed + shipped > 0 || line.splitOff !== undefined
    return gone ? undefined : freshLine(wanted, context)
  }
  const resolution = context.resolutions.get(line.channelSku)
  return line.sku === undefined && resolution !== undefined ? resolveLine(line, resolution) : line
}

/** How far the lines that a snapshot wants are from those of an order that has ended. */
const changedLines = (order: Order, wanted: Order["lines"]): ReadonlyArray<LineUnits> => {
  const live = new Map(order.lines.map((line) => [line.id, liveUnits(line)]))
  return wanted.flatMap((line) => {
    const units = Math.abs(liveUnits(line) - (live.get(line.id) ?? 0))
    return units === 0 ? [] : [{ line: line.id, quantity: units as Quantity }]
  })
}

const liveUnits = ({ buckets }: OrderLine): number => buckets.ordered - buckets.cancelled
