import type { ObjectRef } from "../audit/index.ts"
import type { Quantity, Sku, Timestamp } from "../kernel/index.ts"
import {
  type CellContent,
  type CellId,
  cellIdOf,
  type Location,
  type LotCode,
  type SerialNumber,
} from "./Cell.ts"
import type { MovementId, ReasonCode } from "./StockMovement.ts"

/** Units that are to move: what an operation asks of `draftMovements`. */
export interface NewMovement {
  readonly sku: Sku
  readonly lot?: LotCode | undefined
  /** Of a serial-tracked product: one unit, so one movement for each serial. `eachUnit` writes them out. */
  readonly serial?: SerialNumber | undefined
  readonly from: Location
  readonly to: Location
  readonly quantity: Quantity
  readonly reason: ReasonCode
  readonly document?: ObjectRef | undefined
  readonly corrects?: MovementId | undefined
  readonly correction?: number | undefined
  /** When it happened, as told; the present when left out. A future instant is clamped to the present (T4). */
  readonly occurredAt?: Timestamp | undefined
  /**
   * Which units of the bin it takes. `unallocated`, when left out, never touches units that are pinned to
   * documents. `allocated` takes pinned units, for a pick or a dispatch: the balance's `allocated` falls with them,
   * and the operation resolves the allocations and commitments themselves in the same batch.
   */
  readonly takes?: "unallocated" | "allocated" | undefined
  /** How the units arrive in a bin: `unallocated`, when left out, or still pinned, as a picked unit in its tote. */
  readonly lands?: "unallocated" | "allocated" | undefined
  /**
   * The units leave for the commitment that promised them: the pool's `committed` falls as its `sellable` does,
   * so `uncommitted` stays. `draftMovements` writes that to the pool; the operation must not do it again.
   */
  readonly posts?: boolean | undefined
  /** The expiry printed on goods that come in. It must agree with the lot's recorded one. */
  readonly expiresAt?: Timestamp | undefined
  /** When the units were received, where the place that they leave does not know; `occurredAt` when left out. */
  readonly receivedAt?: Timestamp | undefined
  /** Walking rank of the bin that they go to; what is known of that bin, else of the bin they leave, otherwise. */
  readonly pickSequence?: number | undefined
}

/** A movement written out for each serial, or as it is where no serial is named. */
export const eachUnit = (
  movement: NewMovement,
  serials: ReadonlyArray<SerialNumber> | undefined,
): ReadonlyArray<NewMovement> =>
  serials === undefined || serials.length === 0
    ? [movement]
    : serials.map((serial) => ({ ...movement, serial, quantity: 1 as Quantity }))

/** The cell on one side of a movement, where that side is a bin. */
export const cellOf = (location: Location, content: CellContent): CellId | undefined =>
  location._tag === "Bin" ? cellIdOf(location, content) : undefined

/** A place as one string: equal exactly for equal places. */
export const placeOf = (location: Location): string => {
  switch (location._tag) {
    case "Bin":
      return `Bin/${location.warehouse}/${location.bin}/${location.package ?? ""}/${location.condition}`
    case "Transit":
      return `Transit/${location.transfer}`
    default:
      return location._tag
  }
}

/** Whether units in this place may be sold. */
export const isSellable = (location: Location): boolean =>
  location._tag === "Bin" && location.condition === "sellable"

/** Whether the units come from outside of all known places: such units bring lot, expiry and serial with them. */
export const isArrival = ({ from, to }: Pick<NewMovement, "from" | "to">): boolean =>
  to._tag === "Bin" && from._tag !== "Bin" && from._tag !== "Transit"
