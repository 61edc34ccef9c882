import { Driver } from "../../store/index.ts"
import type { Contract } from "../Contract.ts"
import type { LawTrials, Study } from "../laws/exploreStudy.ts"
import { studyClausesOver } from "../laws/studyClauses.ts"
import { erasureLaws } from "./erasureLaws.ts"
import { holdingLaws } from "./holdingLaws.ts"
import { liveRetention } from "./liveRetention.ts"
import type { RetentionPorts } from "./RetentionDesk.ts"
import { type RetentionEngine, retentionEngine } from "./RetentionEngine.ts"
import { anyRetentionHistory, type RetentionHistory } from "./RetentionHistory.ts"
import type { LivedRetention } from "./RetentionTrace.ts"
import { revealLaws } from "./revealLaws.ts"

export type { RetentionPorts } from "./RetentionDesk.ts"
export type { RetentionEngine } from "./RetentionEngine.ts"

/**
 * The laws of retention as a contract that a host runs on its own ports: I1 to I10, I12, I14 and I15 of rules 9, with
 * what R41, R45 and T6 say of deletion, cancellation and clocks; one clause each.
 *
 * The contract composes the engine itself, from the store, the key ring and the erasure ledger that it is given: those
 * are under proof. The sales channel alone is the contract's own, so that every value of a buyer is known and can be
 * searched for. Histories are generated: orders of two merchants that are imported, released, fetched, shown, held,
 * restricted, tampered with, sent in parts, cancelled, split, merged, deleted and restored; channels and merchants that
 * go; backups that come back; sweeps, by one or two at once, that crash at any call of the store; key rings that are out;
 * clocks that disagree; on days that stop a millisecond before, at and after each limit. A plain model says what must be
 * left, from what was done to the goods.
 *
 * Each history lives in partitions of its own and sweeps and replays nothing else, so it may run on a store and a ledger
 * in use; it takes its records away in the end, and leaves its entries in the ledger. The store's clock is not asked, as
 * histories have a time of their own; `storeContract` is about that.
 *
 * Not here: the seals of the audit log (I11, `auditLaws`), cases and incidents (I13) and sessions (of I12), which do not
 * exist yet, and metrics (of I6).
 *
 * All clauses share their histories: build the layer once (`share`), and the first clause takes nearly all the time. A
 * law fails, too, when the histories did not bring it into play often enough. A failure prints its seed and path, and
 * the smallest row of commands that breaks the law.
 *
 * ```ts
 * import { memoryPorts, storeDriver } from "@oto-fulfilment/core/memory"
 * import { retentionLaws, runContract } from "@oto-fulfilment/core/testing"
 * import { Layer } from "effect"
 * import { afterAll, describe, it } from "vitest"
 *
 * const ports = Layer.merge(storeDriver, memoryPorts) // or your own driver, key ring and ledger
 * const slowly = (name: string, body: () => Promise<void>) => it(name, body, 300_000)
 * runContract({ describe, it: slowly, afterAll }, retentionLaws({ runs: 500 }), ports, { share: true })
 * ```
 *
 * @param trials.runs how many histories: 500 in some twenty seconds on the embedded store
 * @param trials.seed from which seed; a new one for each layer when left out
 * @param trials.path the path that a failure printed: lives that history only
 * @param trials.engine parts in place of the engine's own, such as wrapped operations
 */
export const retentionLaws = (
  trials: LawTrials & { readonly engine?: Partial<RetentionEngine> },
): Contract<RetentionPorts> => ({
  name: "laws of retention",
  clauses: studyClausesOver(Driver, studyOf(retentionEngine(trials.engine)), trials),
})

const studyOf = (
  engine: RetentionEngine,
): Study<RetentionHistory, LivedRetention, RetentionPorts> => ({
  contract: "retentionLaws",
  source: "rules 9",
  laws: [...revealLaws, ...erasureLaws, ...holdingLaws],
  histories: anyRetentionHistory,
  live: (history) => liveRetention(engine, history),
  describe: describeRetention,
})

const describeRetention = ({ steps }: LivedRetention): string =>
  steps
    .map(({ at, call }, place) => {
      const since = at - (steps[0]?.at ?? at)
      const ends = call.endings.map((each) => (each.end === "refused" ? each.tag : each.end))
      const who = call.who === undefined ? "" : `${call.who === 0 ? "A" : "B"} `
      return `  ${String(place).padStart(3)} +${since} ms  ${who}${call.operation} ${JSON.stringify(call.input)} -> ${ends.join()}`
    })
    .join("\n")
