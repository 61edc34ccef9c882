import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type PlaceUnavailable, PurgeRegistry } from "../../privacy/index.ts"
import { CurrentPartition, openPartition, type PartitionId } from "../../store/index.ts"
import type { Haystack } from "./findCanaries.ts"

/**
 * All that the registered places of a composition hold of partitions, for `findCanaries` (I2).
 *
 * @param partitions whose
 */
export const dumpPlaces = Effect.fn("dumpPlaces")(function* (
  partitions: ReadonlyArray<PartitionId>,
): Effect.fn.Return<ReadonlyArray<Haystack>, PlaceUnavailable, PurgeRegistry> {
  const { scan } = yield* PurgeRegistry
  const items = scan.pipe(
    Stream.flatMap(({ place, id, content }) =>
      Stream.fromIterable([
        { place: `place ${place}`, content: id },
        { place: `place ${place}`, content },
      ]),
    ),
    Stream.runCollect,
  )
  const found = yield* Effect.forEach(partitions, (partition) =>
    Effect.provideService(items, CurrentPartition, openPartition(partition)),
  )
  return found.flat()
})
