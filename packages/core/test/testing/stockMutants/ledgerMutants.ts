import { Effect, Option } from "effect"
import { operations } from "../../../src/host/index.ts"
import {
  StockBalances,
  type StockMovement,
  StockMovements,
  StockPools,
  StockSerials,
  StockTransfers,
} from "../../../src/inventory/index.ts"
import {
  CurrentPartition,
  openPartition,
  type PartitionId,
  replace,
  Store,
} from "../../../src/store/index.ts"
import {
  adding,
  forgetting,
  over,
  type StockMutant,
  seeing,
  withBatch,
  withoutFloors,
} from "./tampered.ts"

const { adjustStock, changeCondition, correctMovement, moveStock, receiveStock } = operations
const { receiveTransfer, releaseCommitment, sendTransfer } = operations

/** Corrects, and then rewrites the movement that was wrong. */
const rewriting: typeof correctMovement = (input) =>
  Effect.tap(correctMovement(input), () =>
    Effect.gen(function* () {
      const store = yield* Store
      const wrong = yield* store.get(StockMovements, input.movement)
      if (Option.isSome(wrong))
        yield* Effect.ignore(
          store.commit([replace(wrong.value, { ...wrong.value.value, reason: "correction" })]),
        )
    }),
  )

/** Corrections of one movement that do not know of each other. */
const forgetful: typeof correctMovement = withBatch(
  over(correctMovement, (store) => {
    const find = store.find as (...asked: ReadonlyArray<unknown>) => Effect.Effect<object>
    const blind = (...asked: ReadonlyArray<unknown>) =>
      asked[1] === "correction" ? Effect.succeed({ items: [], next: undefined }) : find(...asked)
    return { find: blind as unknown as Store["Service"]["find"] }
  }),
  (batch) =>
    batch.map((entry) => {
      if (entry.kind !== "insert" || entry.collection !== StockMovements) return entry
      const { correction: _, ...movement } = entry.value as StockMovement
      return { ...entry, value: movement }
    }),
)

/** A receipt that does not ask where a serial number is. */
const trusting: typeof receiveStock = forgetting(
  seeing(receiveStock, StockSerials, () => undefined),
  StockSerials,
)

const visited: Array<PartitionId> = []

/** A release that looks for a commitment at every merchant that it has worked for lately. */
const roaming: typeof releaseCommitment = (input) =>
  Effect.gen(function* () {
    const { id } = yield* CurrentPartition
    if (visited.at(-1) !== id) visited.push(id)
    const others = visited.slice(-4).filter((other) => other !== id)
    return yield* others.reduce(
      (found, other) =>
        Effect.catchTag(found, "NotFound", () =>
          Effect.provideService(releaseCommitment(input), CurrentPartition, openPartition(other)),
        ),
      releaseCommitment(input),
    )
  })

/** Mutants of the operations on goods, for the laws of the ledger. */
export const ledgerMutants: ReadonlyArray<StockMutant> = [
  {
    name: "a transfer that arrives and stays under way",
    operations: { receiveTransfer: forgetting(receiveTransfer, StockTransfers) },
    breaks: ["L1"],
  },
  {
    name: "an adjustment that forgets the cell",
    operations: { adjustStock: forgetting(adjustStock, StockBalances) },
    breaks: ["L1", "L2"],
  },
  {
    name: "an adjustment that forgets the pool",
    operations: { adjustStock: forgetting(adjustStock, StockPools) },
    breaks: ["L2"],
  },
  {
    name: "a change of condition that leaves the units sellable in the pool",
    operations: {
      changeCondition: adding(changeCondition, StockPools, ({ deltas }) => ({
        deltas: { onHand: deltas["onHand"] ?? 0 },
      })),
    },
    breaks: ["L2"],
  },
  {
    name: "takers that read and then write without a floor",
    operations: {
      moveStock: withoutFloors(moveStock),
      adjustStock: withoutFloors(adjustStock),
      changeCondition: withoutFloors(changeCondition),
      sendTransfer: withoutFloors(sendTransfer),
    },
    breaks: ["L3"],
  },
  {
    name: "a correction that rewrites what it corrects",
    operations: { correctMovement: rewriting },
    breaks: ["L4"],
  },
  {
    name: "corrections that do not know of each other",
    operations: { correctMovement: forgetful },
    breaks: ["L4"],
  },
  {
    name: "a move that forgets which unit it moved",
    operations: { moveStock: forgetting(moveStock, StockSerials) },
    breaks: ["L5"],
  },
  {
    name: "a receipt that takes any serial number",
    operations: { receiveStock: trusting },
    breaks: ["L5"],
  },
  {
    name: "a release that finds other merchants' commitments",
    operations: { releaseCommitment: roaming },
    breaks: ["L6"],
  },
]
