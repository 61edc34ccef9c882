/** One sentence of the source that is made wrong, and the law that must notice. */
export interface LawMutant {
  /** By its number in `orderLaws`. */
  readonly law: string
  /** What the mutant does wrong, in words. */
  readonly wrong: string
  /** The file, from `src`. */
  readonly file: string
  readonly right: string
  readonly mutated: string
}

/** For each law of orders an engine that breaks it: `pnpm test:mutants` shows that each law can fail. */
export const lawMutants: ReadonlyArray<LawMutant> = [
  {
    law: "O1",
    wrong: "an older version of the channel amends the order",
    file: "order/importOrder.ts",
    right: "snapshot.externalVersion > (order.externalVersion ?? -1)",
    mutated: "snapshot.externalVersion !== (order.externalVersion ?? -1)",
  },
  {
    law: "O2",
    wrong: "units that move take the rest of their bucket away with them",
    file: "order/lineBuckets.ts",
    right: "[from]: (buckets[from] - units) as Units",
    mutated: "[from]: NO_UNITS",
  },
  {
    law: "O3",
    wrong: "a release leads to a state that the table does not name",
    file: "order/releaseOrder.ts",
    right: "{ ...order, shipBy, releasedAt: at }",
    mutated: '{ ...order, state: "archived", shipBy, releasedAt: at }',
  },
  {
    law: "O4",
    wrong: "a cancellation that came before its order is forgotten",
    file: "order/importOrder.ts",
    right:
      "const cancelled = external?.value.cancelled === true || isCancelled(snapshot)\n  const accepted",
    mutated: "const cancelled = isCancelled(snapshot)\n  const accepted",
  },
  {
    law: "O5",
    wrong: "a merge lifts every hold",
    file: "order/joinLines.ts",
    right: "holds: joinHolds(parent.holds, child.holds)",
    mutated: "holds: []",
  },
  {
    law: "O6",
    wrong: "the status of a whole order overlooks its holds",
    file: "order/orderStatus.ts",
    right: '({ lines, holds }: Pick<Order, "lines" | "holds">): OrderStatus => {',
    mutated:
      '(order: Pick<Order, "lines" | "holds">): OrderStatus => {\n  const { lines, holds } = "id" in order ? { ...order, holds: [] } : order',
  },
  {
    law: "O8",
    wrong: "the channel is not told of the first line that left",
    file: "order/dispatchOrder.ts",
    right: "{ ...aboutOrder(order), lines: shipped }",
    mutated: "{ ...aboutOrder(order), lines: shipped.slice(1) }",
  },
  {
    law: "R1",
    wrong: "an allocation does not tell the line of it",
    file: "order/allocateOrder.ts",
    right: 'moveUnits(line.buckets, "open", "allocated", units)',
    mutated: 'moveUnits(line.buckets, "open", "allocated", units - 1)',
  },
  {
    law: "R2",
    wrong: "who came last is served first",
    file: "order/fillBackorders.ts",
    right: "queue: queue.slice(0, limit)",
    mutated: "queue: queue.toReversed().slice(0, limit)",
  },
  {
    law: "R4",
    wrong: "a cancelled order keeps its stock",
    file: "order/cancelOrder.ts",
    right: "entries: yield* freeUnits(promised, next, at)",
    mutated: "entries: (yield* freeUnits(promised, next, at)).slice(0, 0)",
  },
  {
    law: "R7",
    wrong: "a command under a used key gets the answer of another one",
    file: "command/command.ts",
    right: "receipt.value.value.fingerprint !== print",
    mutated: 'receipt.value.value.fingerprint === ""',
  },
]
