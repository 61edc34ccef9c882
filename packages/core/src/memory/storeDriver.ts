import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import {
  type CollectionShape,
  type CommitRefused,
  Driver,
  type PartitionId,
  type RawEntry,
} from "../store/index.ts"
import { Table, type Undo } from "./Table.ts"

/**
 * The embedded store: everything in this process's memory, gone with it. A full driver, not a mock: it keeps every
 * clause of `storeContract`, and the laws use it as their model.
 */
export const storeDriver: Layer.Layer<Driver> = Layer.sync(Driver, () => {
  const tables = new Map<string, Table>()
  const tableOf = (shape: CollectionShape): Table => {
    const known = tables.get(shape.name)
    if (known !== undefined) return known
    const table = new Table(shape)
    tables.set(shape.name, table)
    return table
  }

  // One synchronous pass: nothing else runs between its first write and its last.
  const commit = (
    partition: PartitionId,
    entries: ReadonlyArray<RawEntry>,
  ): Effect.Effect<void, CommitRefused> => {
    const undos: Array<Undo> = []
    for (const entry of entries) {
      const outcome = apply(tableOf(entry.collection), partition, entry)
      if (typeof outcome !== "function") {
        for (const undo of undos.reverse()) undo()
        return Effect.fail(outcome)
      }
      undos.push(outcome)
    }
    return Effect.void
  }

  return Driver.of({
    name: "memory",
    clock: Clock.currentTimeMillis,
    prepare: (collections) => Effect.sync(() => collections.forEach(tableOf)),
    get: (collection, partition, id) => Effect.sync(() => tableOf(collection).get(partition, id)),
    getMany: (collection, partition, ids) =>
      Effect.sync(() => tableOf(collection).getMany(partition, ids)),
    find: (collection, partition, query) =>
      Effect.sync(() => tableOf(collection).find(partition, query)),
    commit: (partition, entries) => Effect.suspend(() => commit(partition, entries)),
    due: (collection, { index, until, after, limit }) =>
      Effect.sync(() => tableOf(collection).due(index, until, after, limit)),
    scan: (collection, partition, after, limit) =>
      Effect.sync(() => tableOf(collection).scan(partition, after, limit)),
  })
})

const apply = (table: Table, partition: PartitionId, entry: RawEntry): Undo | CommitRefused => {
  switch (entry.kind) {
    case "insert":
      return table.insert(partition, entry.id, entry.body)
    case "replace":
      return table.replace(partition, entry.id, entry.version, entry.body)
    case "remove":
      return table.remove(partition, entry.id, entry.version)
    case "check":
      return table.check(partition, entry.id, entry.version)
    case "add":
      return table.add(partition, entry.id, entry.deltas, entry.floors)
  }
}
