import type { BySku, Kit } from "../catalogue/index.ts"
import type { Commitment, CommitmentTake, MissingUnits } from "../inventory/index.ts"
import type { Quantity, Sku, Units } from "../kernel/index.ts"
import type { Stored } from "../store/index.ts"
import { repinUnits } from "./lineBuckets.ts"
import { type LineId, type OrderLine, withBuckets } from "./OrderLine.ts"

/** The live commitments of one line for one stocked SKU: its own, or a component of its virtual kit. */
interface Part {
  readonly sku: Sku
  /** Units of the stocked SKU for each unit of the line. */
  readonly ratio: number
  /** Oldest first. */
  readonly commitments: ReadonlyArray<Stored<Commitment>>
}

/** The live commitments of an order by line, each a list of its parts. */
export type LinePromises = ReadonlyMap<LineId, ReadonlyArray<Part>>

/** The live commitments of an order by line and stocked SKU. */
export const groupPromises = (
  commitments: ReadonlyArray<Stored<Commitment>>,
  kits: BySku<Kit>,
): LinePromises => {
  const lines = new Map<LineId, ReadonlyArray<Part>>()
  for (const [line, ofLine] of Map.groupBy(commitments, ({ value }) => value.line as LineId)) {
    const kit = ofLine[0]?.value.kit && kits.get(ofLine[0].value.kit.sku)?.value
    const ofSku = (sku: Sku) => ofLine.filter(({ value }) => value.sku === sku).toSorted(byAge)
    const parts =
      kit?.components.map(({ sku, quantity }) => ({
        sku,
        ratio: quantity,
        commitments: ofSku(sku),
      })) ??
      [...Map.groupBy(ofLine, ({ value }) => value.sku)].map(([sku, commitments]) => ({
        sku,
        ratio: 1,
        commitments: commitments.toSorted(byAge),
      }))
    lines.set(line, parts)
  }
  return lines
}

/** Ids sort by the order in which they were made. */
const byAge = ({ value: a }: Stored<Commitment>, { value: b }: Stored<Commitment>): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)

/** Units of the line that every one of its parts has enough of. */
const wholeUnits = (
  parts: ReadonlyArray<Part> | undefined,
  unitsOf: (commitment: Commitment) => number,
): number =>
  parts === undefined
    ? 0
    : Math.min(
        ...parts.map(({ ratio, commitments }) =>
          Math.floor(commitments.reduce((sum, { value }) => sum + unitsOf(value), 0) / ratio),
        ),
      )

/** The line with what its commitments say. Units that a recall or a hand took from their cell are open again. */
export const asPromised = (line: OrderLine, promises: LinePromises): OrderLine => {
  const parts = promises.get(line.id)
  const pinned = wholeUnits(parts, ({ allocated }) => allocated)
  const committed = wholeUnits(parts, ({ quantity }) => quantity) as Units
  const now = committed === line.committed ? line : { ...line, committed }
  return withBuckets(now, repinUnits(line.buckets, pinned))
}

/** The commitments from which units of a line are taken, those that are not pinned before pinned ones. */
export const takesOf = (
  promises: LinePromises,
  line: LineId,
  units: number,
): ReadonlyArray<CommitmentTake> =>
  units === 0
    ? []
    : (promises.get(line) ?? []).flatMap(({ ratio, commitments }) => {
        const loose = share(commitments, ratio * units, ({ unallocated }) => unallocated)
        const pinned = share(commitments, ratio * units - sum(loose), ({ allocated }) => allocated)
        return [...loose, ...pinned]
      })

/** The commitments whose loose units can be pinned, up to a number of units of the line. */
export const looseOf = (
  promises: LinePromises,
  line: LineId,
  units: number,
): ReadonlyArray<CommitmentTake> =>
  (promises.get(line) ?? []).flatMap(({ ratio, commitments }) =>
    share(commitments, ratio * units, ({ unallocated }) => unallocated),
  )

/** The commitments whose pinned units can leave, up to a number of units of the line. */
export const pinnedOf = (
  promises: LinePromises,
  line: LineId,
  units: number,
): ReadonlyArray<CommitmentTake> =>
  (promises.get(line) ?? []).flatMap(({ ratio, commitments }) =>
    share(commitments, ratio * units, ({ allocated }) => allocated),
  )

/** Whether the line is promised as the components of a virtual kit. */
export const isKit = (promises: LinePromises, line: LineId): boolean =>
  (promises.get(line) ?? []).some(({ commitments }) =>
    commitments.some(({ value }) => value.kit !== undefined),
  )

/**
 * The whole units of a line that were pinned, when `want` units of it were to be.
 *
 * @param short what was missing, in units of the stocked SKUs
 */
export const pinnedUnits = (
  promises: LinePromises,
  want: { readonly line: LineId; readonly quantity: number },
  short: ReadonlyArray<MissingUnits>,
): number => {
  const missing = (sku: Sku) =>
    short.reduce(
      (units, each) => (each.line === want.line && each.sku === sku ? units + each.missing : units),
      0,
    )
  const parts = promises.get(want.line) ?? []
  return Math.min(
    want.quantity,
    ...parts.map(({ sku, ratio }) => Math.floor((ratio * want.quantity - missing(sku)) / ratio)),
  )
}

/** Takes the first units of a list of commitments. */
const share = (
  commitments: ReadonlyArray<Stored<Commitment>>,
  units: number,
  unitsOf: (commitment: Commitment) => number,
): ReadonlyArray<{ readonly commitment: Stored<Commitment>; readonly quantity: Quantity }> => {
  const takes: Array<{ readonly commitment: Stored<Commitment>; readonly quantity: Quantity }> = []
  let left = units
  for (const commitment of commitments) {
    const step = Math.min(left, unitsOf(commitment.value))
    if (step <= 0) continue
    takes.push({ commitment, quantity: step as Quantity })
    left -= step
  }
  return takes
}

const sum = (takes: ReadonlyArray<{ readonly quantity: number }>): number =>
  takes.reduce((units, { quantity }) => units + quantity, 0)
