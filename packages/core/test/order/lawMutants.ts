/** One sentence of the source that is made wrong, and the law that must notice. */
export interface LawMutant {
  readonly law: string
  /** What the mutant does wrong, in words. */
  readonly wrong: string
  /** The file, from `src/order`. */
  readonly file: string
  readonly right: string
  readonly mutated: string
  /** The test file, from `test/order`. */
  readonly test: string
}

/** For each law of orders an operation that breaks it: `pnpm test:mutants` shows that each law can fail. */
export const lawMutants: ReadonlyArray<LawMutant> = [
  {
    law: "O1",
    wrong: "an older version of the channel amends the order",
    file: "importOrder.ts",
    right: "snapshot.externalVersion > (order.externalVersion ?? -1)",
    mutated: "snapshot.externalVersion !== (order.externalVersion ?? -1)",
    test: "importOrder.law.test.ts",
  },
  {
    law: "O2",
    wrong: "units that move take the rest of their bucket away with them",
    file: "lineBuckets.ts",
    right: "[from]: (buckets[from] - units) as Units",
    mutated: "[from]: NO_UNITS",
    test: "order.law.test.ts",
  },
  {
    law: "O3",
    wrong: "a release leads to a state that the table does not name",
    file: "releaseOrder.ts",
    right: "replace(stored, { ...order, shipBy, releasedAt: at })",
    mutated: 'replace(stored, { ...order, state: "archived", shipBy, releasedAt: at })',
    test: "order.law.test.ts",
  },
  {
    law: "O4",
    wrong: "a cancellation that came before its order is forgotten",
    file: "importOrder.ts",
    right:
      "const cancelled = external?.value.cancelled === true || isCancelled(snapshot)\n  const accepted",
    mutated: "const cancelled = isCancelled(snapshot)\n  const accepted",
    test: "importOrder.law.test.ts",
  },
  {
    law: "O5",
    wrong: "a merge lifts every hold",
    file: "joinLines.ts",
    right: "holds: joinHolds(parent.holds, child.holds)",
    mutated: "holds: []",
    test: "splitOrder.law.test.ts",
  },
  {
    law: "O6",
    wrong: "the status of a whole order overlooks its holds",
    file: "orderStatus.ts",
    right: '({ lines, holds }: Pick<Order, "lines" | "holds">): OrderStatus => {',
    mutated:
      '(order: Pick<Order, "lines" | "holds">): OrderStatus => {\n  const { lines, holds } = "id" in order ? { ...order, holds: [] } : order',
    test: "order.law.test.ts",
  },
]
