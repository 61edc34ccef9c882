import { sendAgain } from "../laws/sendAgain.ts"
import { altered } from "./alterInput.ts"
import { physicalAims } from "./physicalAims.ts"
import { promiseAims } from "./promiseAims.ts"
import type { Aim, AimsOf, Sight } from "./Sight.ts"
import type { Acts } from "./StockAct.ts"
import type { PlannedAct } from "./StockPlan.ts"
import type { Sent } from "./StockTrace.ts"

const aims: AimsOf<Exclude<keyof Acts, "again">> = { ...physicalAims, ...promiseAims }

/**
 * The command that an act comes to, as things stand: or none, where there is nothing that it could be about. Its copies
 * are the same command under the same key.
 */
export const resolveAct = (planned: PlannedAct, sight: Sight, key: string): Sent | undefined => {
  const { act, copies, purpose } = planned
  if (act.do === "again") return sendAgain(act, copies, sight.sent, altered)
  const aim = (aims[act.do] as (act: never, sight: Sight) => Aim | undefined)(act as never, sight)
  if (aim === undefined) return undefined
  return {
    who: act.who,
    operation: aim.operation,
    input: { ...aim.input, key },
    copies,
    foreign: "foreign" in act && act.foreign,
    ...(purpose !== undefined && { purpose }),
  } as Sent
}
