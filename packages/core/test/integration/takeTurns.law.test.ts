import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { joinTurn, TURN, takeTurns } from "../../src/integration/takeTurns.ts"
import type { DueRecord, PartitionId } from "../../src/store/index.ts"

const anyDue = fc.array(
  fc.record({ partition: fc.constantFrom("a", "b", "c", "d"), count: fc.nat({ max: 2 * TURN }) }),
  { maxLength: 6 },
)

const recordsOf = (groups: ReadonlyArray<{ partition: string; count: number }>) =>
  groups.flatMap(({ partition, count }, group) =>
    Array.from(
      { length: count },
      (_, n): DueRecord => ({
        partition: partition as PartitionId,
        id: `${group}-${n}`,
        at: group,
      }),
    ),
  )

describe("a round", () => {
  it("has the earliest of each partition, at most a turn of each, every one once", () => {
    fc.assert(
      fc.property(anyDue, fc.nat(), (groups, start) => {
        const due = recordsOf(groups)
        const round = takeTurns(due.reduce(joinTurn, new Map()), start)
        const earliest = [...Map.groupBy(due, ({ partition }) => partition)].flatMap(
          ([partition, records]) => records.slice(0, TURN).map(({ id }) => `${partition} ${id}`),
        )
        expect(round.map((each) => each.join(" ")).sort()).toEqual(earliest.sort())
      }),
      { numRuns: 300 },
    )
  })

  it("lets no partition have its next before every other had as many", () => {
    fc.assert(
      fc.property(anyDue, fc.nat(), (groups, start) => {
        const due = recordsOf(groups)
        const round = takeTurns(due.reduce(joinTurn, new Map()), start)
        const total = Map.groupBy(round, ([partition]) => partition)
        const had = new Map<string, number>()
        for (const [partition] of round) {
          const mine = had.get(partition) ?? 0
          for (const [other, all] of total)
            expect(had.get(other) ?? 0).toBeGreaterThanOrEqual(Math.min(mine, all.length))
          had.set(partition, mine + 1)
        }
      }),
      { numRuns: 100 },
    )
  })
})
