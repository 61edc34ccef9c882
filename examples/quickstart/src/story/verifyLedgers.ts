import { enterPartition, verifyLedger } from "@oto-fulfilment/core"
import { Effect } from "effect"
import type { Premises } from "./openShops.ts"

/** Checks the stock of every merchant against its journal. */
export const verifyLedgers = Effect.fn("verifyLedgers")(function* (
  { floor, shops }: Premises,
  onEach: () => void = () => {},
) {
  const reports = yield* Effect.forEach(shops, ({ merchant }) =>
    Effect.tap(enterPartition(floor, merchant)(verifyLedger({})), () => Effect.sync(onEach)),
  )
  return {
    movements: reports.reduce((sum, { movements }) => sum + movements, 0),
    cells: reports.reduce((sum, { cells }) => sum + cells, 0),
    drifts: reports.flatMap(({ drifts }) => drifts),
    /** Records of which nothing certain could be said. */
    unproved: reports.reduce((sum, each) => sum + each.unsettled.length + each.unexamined, 0),
  }
})
