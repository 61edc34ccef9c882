import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Entry } from "../store/index.ts"
import { confirmDrift } from "./confirmDrift.ts"
import { LedgerDrift } from "./LedgerDrift.ts"
import { scanLedger } from "./scanLedger.ts"
import { stockCommand } from "./stockCommand.ts"
import { UNTIL_CLOSED } from "./stockStandings.ts"

/** Records that one call repairs. */
const MAX_REPAIRED = 500

/**
 * Repairs balances, pools and the pinned part of commitments from movements, commitments and allocations: what
 * drifted is derived anew and written, held to the version that was read. Nobody types a figure. Repeating it does no
 * harm; it is safe while others write: a record that moves meanwhile makes it look again.
 *
 * What a derived figure cannot mend stays in `unrepaired`: the journal itself, a serial, or movements that come to
 * less than nothing. Those need a count or a correction.
 *
 * @param input.limit records to repair in this call: 1 to 500, 500 when left out; call again while `left` is not 0
 */
export const rebuildBalances = stockCommand({
  action: "rebuildBalances",
  input: Schema.Struct({
    limit: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MAX_REPAIRED })).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed(MAX_REPAIRED)),
    ),
  }),
  answer: Schema.Struct({
    repaired: Schema.Array(LedgerDrift),
    unrepaired: Schema.Array(LedgerDrift),
    /** Records that looked wrong and were not looked at again, or that others kept writing to. */
    left: Schema.Int,
  }),
  standings: UNTIL_CLOSED,
  decide: Effect.fnUntraced(function* ({ limit }) {
    const scan = yield* scanLedger
    const entries: Array<Entry> = []
    const repaired: Array<LedgerDrift> = []
    const unrepaired: Array<LedgerDrift> = [...scan.drifts]
    let left = 0
    for (const suspect of scan.suspects) {
      const confirmed = entries.length < limit ? yield* confirmDrift(suspect) : Option.none()
      if (Option.isNone(confirmed)) {
        left += 1
        continue
      }
      const { drifts, repair } = confirmed.value
      if (repair !== undefined) entries.push(repair)
      const kept = repair === undefined ? unrepaired : repaired
      kept.push(...drifts)
    }
    return {
      about: { kind: "ledger", id: "balances" },
      entries,
      answer: { repaired, unrepaired, left },
    }
  }),
})
