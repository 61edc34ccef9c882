import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { CurrentActor } from "../access/index.ts"
import {
  CurrentPartition,
  type DueRecord,
  openPartition,
  openSweeper,
  type PartitionId,
  type StoreUnavailable,
  Sweeper,
} from "../store/index.ts"

/** Records of one partition that are worked on at once. */
const CHUNK = 200

const SWEEPER = { ref: { kind: "system", id: "sweeper" }, roles: ["system"] } as const

/** Told after each chunk of one partition: for a progress line. */
export type OnProgress = (partition: PartitionId, records: number) => void

/**
 * Works through what is due: in each partition, as the sweeper, with the ids of at most 200 of its records at a time.
 * An interruption loses the chunk in hand and nothing else.
 *
 * @returns what the work returned, chunk by chunk
 */
export const throughPartitions = <A, E, R, R2>(
  due: Stream.Stream<DueRecord, StoreUnavailable, R>,
  work: (
    ids: readonly [string, ...ReadonlyArray<string>],
    partition: PartitionId,
  ) => Effect.Effect<A, E, R2>,
  onProgress: OnProgress = () => {},
): Effect.Effect<
  ReadonlyArray<A>,
  E | StoreUnavailable,
  Exclude<R, Sweeper> | Exclude<R2, CurrentPartition | CurrentActor>
> =>
  due.pipe(
    Stream.provideService(Sweeper, openSweeper()),
    Stream.grouped(CHUNK),
    Stream.mapEffect((chunk) =>
      Effect.forEach(
        Map.groupBy(chunk, ({ partition }) => partition),
        ([partition, records]) => {
          const ids = records.map(({ id }) => id) as [string, ...Array<string>]
          return work(ids, partition).pipe(
            Effect.provideService(CurrentPartition, openPartition(partition)),
            Effect.provideService(CurrentActor, SWEEPER),
            Effect.tap(() => Effect.sync(() => onProgress(partition, ids.length))),
          )
        },
      ),
    ),
    Stream.runFold(
      (): ReadonlyArray<A> => [],
      (all, some) => [...all, ...some],
    ),
  ) as Effect.Effect<
    ReadonlyArray<A>,
    E | StoreUnavailable,
    Exclude<R, Sweeper> | Exclude<R2, CurrentPartition | CurrentActor>
  >
