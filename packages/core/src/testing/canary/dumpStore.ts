import * as Effect from "effect/Effect"
import { collections } from "../../host/index.ts"
import {
  type CollectionShape,
  Driver,
  type PartitionId,
  type RawRecord,
  type StoreUnavailable,
} from "../../store/index.ts"
import type { Haystack } from "./findCanaries.ts"

const PAGE = 1000

/**
 * Every record of partitions as the driver keeps it, with its id, for `findCanaries`. What an engine keeps beside its
 * records (indexes, an oplog, backups) is made from them, and is the engine's own to dump.
 *
 * @param partitions whose records
 * @param shapes which collections: the engine's own when left out; add those of the host
 */
export const dumpStore = Effect.fn("dumpStore")(function* (
  partitions: ReadonlyArray<PartitionId>,
  shapes: ReadonlyArray<CollectionShape> = collections,
): Effect.fn.Return<ReadonlyArray<Haystack>, StoreUnavailable, Driver> {
  const driver = yield* Driver
  const found: Array<Haystack> = []
  for (const shape of shapes)
    for (const partition of partitions) {
      let page: ReadonlyArray<RawRecord> = []
      do {
        page = yield* driver.scan(shape, partition, page.at(-1)?.id, PAGE)
        for (const { id, body } of page)
          found.push({ place: `store ${shape.name}`, content: JSON.stringify([id, body]) })
      } while (page.length === PAGE)
    }
  return found
})
