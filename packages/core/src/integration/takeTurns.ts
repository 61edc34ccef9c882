import type { DueRecord, PartitionId } from "../store/index.ts"

/** The ids that each partition may have worked on in one round, earliest first. */
export type Turns = ReadonlyMap<PartitionId, ReadonlyArray<string>>

/** How many ids one partition may have in a round: as many as are worked on before others get their next turn. */
export const TURN = 100

/** Adds what is due to its partition's turn, unless that is full: then it waits for the next round. */
export const joinTurn = (
  turns: Map<PartitionId, Array<string>>,
  { partition, id }: DueRecord,
): Map<PartitionId, Array<string>> => {
  const turn = turns.get(partition)
  if (turn === undefined) turns.set(partition, [id])
  else if (turn.length < TURN) turn.push(id)
  return turns
}

/**
 * The order of a round: the first of each partition, then the second of each, and so on. So the partitions share the
 * workers evenly, however much is due in one of them.
 *
 * @param start where the round begins, so that several workers do not all begin with the same record
 */
export const takeTurns = (
  turns: Turns,
  start: number,
): ReadonlyArray<readonly [PartitionId, string]> => {
  const each = rotate([...turns], start).map(
    ([partition, ids]) => [partition, rotate(ids, start)] as const,
  )
  const longest = Math.max(0, ...each.map(([, ids]) => ids.length))
  return Array.from({ length: longest }, (_, place) =>
    each.flatMap(([partition, ids]) => {
      const id = ids[place]
      return id === undefined ? [] : [[partition, id] as const]
    }),
  ).flat()
}

const rotate = <A>(list: ReadonlyArray<A>, by: number): ReadonlyArray<A> => {
  const start = list.length === 0 ? 0 : by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}
