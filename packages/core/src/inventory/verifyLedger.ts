import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { noInput, query } from "../command/index.ts"
import { confirmDrift } from "./confirmDrift.ts"
import { type LedgerDrift, LedgerKind } from "./LedgerDrift.ts"
import { scanLedger } from "./scanLedger.ts"

/** Records that are looked at a second time in one call. */
const MAX_SUSPECTS = 1000

/** A record, by kind and id. */
export const LedgerRecord = Schema.Struct({ kind: LedgerKind, id: Schema.String })
export type LedgerRecord = typeof LedgerRecord.Type

/** What a check of the whole ledger found. */
export interface LedgerReport {
  /** Journal lines, and cells that they ever touched. */
  readonly movements: number
  readonly cells: number
  readonly drifts: ReadonlyArray<LedgerDrift>
  /** Records that others kept writing to, so that nothing certain can be said of them. */
  readonly unsettled: ReadonlyArray<LedgerRecord>
  /** Records beyond the first 1,000 that looked wrong. */
  readonly unexamined: number
}

/**
 * Checks all stock of the merchant against its journal: each movement has two sides (L1) and is corrected at most
 * once over (L4); balances and pools are what the movements come to (L2), nothing is below zero (L3), and a serial
 * is in one place (L5); `committed` is the sum of pending commitments, `allocated` the sum of live allocations, in
 * pools, cells and commitments (R1); the identities of domain 1.3 hold. It reports drift and changes nothing.
 *
 * It may run while others write. It walks over everything once, then looks at each record that seemed wrong until
 * nothing moves meanwhile, so every drift that it names was there at one instant: there is no false alarm. A
 * record that is broken while the walk passes it may be missed, and is found by the next run. With no writers the
 * report is complete.
 */
export const verifyLedger = query({
  action: "verifyLedger",
  input: noInput,
  read: Effect.fnUntraced(function* () {
    const scan = yield* scanLedger
    const drifts: Array<LedgerDrift> = [...scan.drifts]
    const unsettled: Array<LedgerRecord> = []
    for (const suspect of scan.suspects.slice(0, MAX_SUSPECTS)) {
      const confirmed = yield* confirmDrift(suspect)
      if (Option.isSome(confirmed)) drifts.push(...confirmed.value.drifts)
      else unsettled.push({ kind: suspect.kind, id: suspect.id })
    }
    const report: LedgerReport = {
      movements: scan.movements,
      cells: scan.cells,
      drifts,
      unsettled,
      unexamined: Math.max(0, scan.suspects.length - MAX_SUSPECTS),
    }
    return report
  }),
})
