import { Effect, Layer } from "effect"
import { storeDriver } from "../../../src/memory/storeDriver.ts"
import {
  Driver,
  type PartitionId,
  type RawEntry,
  type RawRecord,
} from "../../../src/store/index.ts"

export type Good = Driver["Service"]

/** A driver with a fault, and the clauses of the store contract that must catch it. */
export interface BrokenDriver {
  readonly name: string
  readonly layer: Layer.Layer<Driver>
  readonly breaks: ReadonlyArray<string>
}

/** The embedded driver with some of its functions changed for worse ones. */
export const broken = (
  name: string,
  change: (good: Good) => Partial<Good>,
  ...breaks: ReadonlyArray<string>
): BrokenDriver => ({
  name,
  layer: Layer.effect(
    Driver,
    Effect.map(Driver, (good) => Driver.of({ ...good, ...change(good) })),
  ).pipe(Layer.provide(storeDriver)),
  breaks,
})

/** Changes the entries of each batch before they are committed. */
export const withEntries =
  (
    change: (
      entry: RawEntry,
      good: Good,
      partition: PartitionId,
    ) => Effect.Effect<RawEntry | undefined, never>,
  ) =>
  (good: Good): Partial<Good> => ({
    commit: (partition, entries) =>
      Effect.flatMap(
        Effect.forEach(entries, (entry) => change(entry, good, partition)),
        (changed) =>
          good.commit(
            partition,
            changed.filter((entry) => entry !== undefined),
          ),
      ),
  })

/** Changes bodies on their way in and out, as an engine does that cannot hold every value. */
export const withBodies =
  (
    write: (body: RawRecord["body"]) => unknown,
    read: (body: RawRecord["body"], record: RawRecord, partition: PartitionId) => unknown = (
      body,
    ) => body,
  ) =>
  (good: Good): Partial<Good> => {
    const opened =
      (partition: PartitionId) =>
      (record: RawRecord): RawRecord => ({
        ...record,
        body: read(record.body, record, partition) as RawRecord["body"],
      })
    return {
      ...withEntries((entry) =>
        Effect.succeed(
          "body" in entry ? { ...entry, body: write(entry.body) as RawRecord["body"] } : entry,
        ),
      )(good),
      get: (collection, partition, id) =>
        Effect.map(
          good.get(collection, partition, id),
          (record) => record && opened(partition)(record),
        ),
      getMany: (collection, partition, ids) =>
        Effect.map(good.getMany(collection, partition, ids), (found) =>
          found.map(opened(partition)),
        ),
      find: (collection, partition, query) =>
        Effect.map(good.find(collection, partition, query), (found) =>
          found.map(opened(partition)),
        ),
      scan: (collection, partition, after, limit) =>
        Effect.map(good.scan(collection, partition, after, limit), (found) =>
          found.map(opened(partition)),
        ),
    }
  }

/** Changes every value inside a body, from the leaves upwards. */
export const deeply = (change: (value: unknown) => unknown) => {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return change(value.map(walk))
    if (typeof value !== "object" || value === null) return change(value)
    return change(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each)])))
  }
  return (body: RawRecord["body"]) => walk(body)
}

/** The record that an entry is for, as it is now. */
export const recordOf = (good: Good, partition: PartitionId, entry: RawEntry) =>
  Effect.orDie(good.get(entry.collection, partition, entry.id))
