import * as Schema from "effect/Schema"
import type { Commitment } from "./Commitment.ts"
import { cellOf, placeOf } from "./NewMovement.ts"
import type { StockBalance } from "./StockBalance.ts"
import type { StockMovement } from "./StockMovement.ts"
import type { StockPool } from "./StockPool.ts"
import type { StockSerial } from "./StockSerial.ts"

/** Which kind of record says something else than what it is made from. */
export const LedgerKind = Schema.Literals(["movement", "balance", "pool", "commitment", "serial"])
export type LedgerKind = typeof LedgerKind.Type

const Figure = Schema.NullOr(Schema.Union([Schema.Int, Schema.String]))

/** One field that says something else than what it is made from. `null`: nothing at all. */
export const LedgerDrift = Schema.Struct({
  kind: LedgerKind,
  id: Schema.String,
  field: Schema.String,
  stored: Figure,
  derived: Figure,
})
export type LedgerDrift = typeof LedgerDrift.Type

/** What a balance must say, from movements, live allocations and its lot. */
export type BalanceFigures = Pick<StockBalance, "onHand" | "allocated" | "unallocated"> & {
  readonly expiresAt?: number | undefined
}

/** What a pool must say, from movements and pending commitments. */
export type PoolFigures = Pick<StockPool, "onHand" | "sellable" | "committed" | "uncommitted">

/** What a commitment must say, from its live allocations. */
export type CommitmentFigures = Pick<Commitment, "allocated" | "unallocated">

interface Figures {
  readonly [field: string]: number | string | undefined
}

/** Only this counter may be in debt: promised stock that is gone (domain 1.3). */
const MAY_BE_NEGATIVE = "uncommitted"

/**
 * Where a record and what it is made from differ, and where they agree on less than nothing (L3). A missing record
 * says 0 of everything.
 */
export const driftsOf = <F extends object>(
  kind: LedgerKind,
  id: string,
  stored: NoInfer<F> | undefined,
  derived: F,
): ReadonlyArray<LedgerDrift> =>
  Object.entries(derived as Figures).flatMap(([field, value]) => {
    const before = figureOf(stored as Figures | undefined, field)
    const after = value ?? (field === "expiresAt" ? null : 0)
    // An expiry is no counter: a record that is not there has none to differ.
    if (stored === undefined && field === "expiresAt") return []
    if (before !== after) return [{ kind, id, field, stored: before, derived: after }]
    const belowZero = typeof after === "number" && after < 0 && field !== MAY_BE_NEGATIVE
    return belowZero ? [{ kind, id, field, stored: before, derived: 0 }] : []
  })

const figureOf = (stored: Figures | undefined, field: string) =>
  stored?.[field] ?? (field === "expiresAt" ? null : 0)

/** The part of a commitment that is pinned must be what its live allocations pin (R1); one that ended holds nothing. */
export const commitmentFigures = (commitment: Commitment, live: number): CommitmentFigures =>
  ({
    allocated: live,
    unallocated:
      commitment.state === "pending" ? commitment.quantity - commitment.posted - live : 0,
  }) as CommitmentFigures

/** A movement must have two sides that differ, its cells right, and one unit where it names a serial (L1, L5). */
export const driftsOfMovement = (movement: StockMovement): ReadonlyArray<LedgerDrift> => {
  const { id, from, to, fromCell, toCell, serial, quantity, occurredAt, recordedAt } = movement
  const drifts: Array<LedgerDrift> = []
  const compare = (field: string, stored: string | number | undefined, derived: typeof stored) => {
    if (stored !== derived)
      drifts.push({ kind: "movement", id, field, stored: stored ?? null, derived: derived ?? null })
  }
  compare("fromCell", fromCell, cellOf(from, movement))
  compare("toCell", toCell, cellOf(to, movement))
  if (placeOf(from) === placeOf(to)) compare("to", placeOf(to), undefined)
  if (serial !== undefined) compare("quantity", quantity, 1)
  if (occurredAt > recordedAt) compare("occurredAt", occurredAt, recordedAt)
  return drifts
}

/** A correction goes the other way, and all of them together take back no more than there was (L4). */
export const driftsOfCorrections = (
  original: StockMovement | undefined,
  { id, quantity }: { readonly id: string; readonly quantity: number },
): ReadonlyArray<LedgerDrift> => {
  const limit = original?.quantity ?? 0
  return quantity <= limit
    ? []
    : [{ kind: "movement", id, field: "corrected", stored: quantity, derived: limit }]
}

/**
 * A serial must lie in the one place with more arrivals than departures (L5). One that came back to where it first
 * came from has none, and lies outside of all bins.
 */
export const driftsOfSerial = (
  id: string,
  stored: StockSerial | undefined,
  places: ReadonlyMap<string, number>,
): ReadonlyArray<LedgerDrift> => {
  const held = [...places].flatMap(([place, units]) => (units > 0 ? [place] : []))
  const said = stored && placeOf(stored.location)
  const right =
    held.length === 0
      ? said !== undefined && stored?.cell === undefined
      : said !== undefined && held.length === 1 && held[0] === said && places.get(said) === 1
  return right
    ? []
    : [
        {
          kind: "serial",
          id,
          field: "location",
          stored: said ?? null,
          derived: held.length === 0 ? null : held.join(" and "),
        },
      ]
}
